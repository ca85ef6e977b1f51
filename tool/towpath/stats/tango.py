"""Tango's score interval for the difference of two paired shares.

Tango 1998, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design",
Statistics in Medicine 17:891-908. Unlike the Wald interval it does not collapse to a point when no pair differs.
"""

from __future__ import annotations

from math import sqrt

from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.mcnemar import exact_mcnemar

_STEPS = 200


def score(lost: int, won: int, n: int, difference: float) -> float:
    """The score statistic z of the hypothesis that candidate - baseline is `difference` (Tango 1998, eq. 3)."""
    # in Tango's paper: n12 = pairs only the first got right; here first = candidate, second = baseline
    b, c, delta = float(won), float(lost), difference
    linear = -b - c + (2 * n - b + c) * delta
    product = -c * delta * (1 - delta)
    q21 = (sqrt(max(0.0, linear * linear - 8 * n * product)) - linear) / (4 * n)
    variance = n * (2 * q21 + delta * (1 - delta))
    distance = b - c - n * delta
    if variance <= 0:
        return 0.0 if distance == 0 else (float("inf") if distance > 0 else float("-inf"))
    return distance / sqrt(variance)


def limits(lost: int, won: int, n: int, z: float) -> tuple[float, float]:
    """The differences whose score is z and -z: an interval."""
    return _solve(lost, won, n, z, -1.0), _solve(lost, won, n, -z, 1.0)


def _solve(lost: int, won: int, n: int, goal: float, edge: float) -> float:
    """Bisect for the difference with that score, between the estimate and an edge; the score falls monotonically."""
    inner, outer = (won - lost) / n, edge
    for _ in range(_STEPS):
        middle = (inner + outer) / 2
        if middle in (inner, outer):
            break
        beyond = score(lost, won, n, middle) >= goal if edge < 0 else score(lost, won, n, middle) <= goal
        inner, outer = (inner, middle) if beyond else (middle, outer)
    return (inner + outer) / 2


def paired_shares(
    lost: int, won: int, n: int, *, confidence: float = 0.95, margin: float | None = None
) -> Estimate | Undetermined:
    """The difference of two paired shares with its limits.

    Args:
        n: all pairs, the equal ones included.
        margin: the acceptable loss, as a share above 0.
    """
    if lost < 0 or won < 0 or lost + won > n:
        raise ValueError("lost and won are parts of n")
    if n == 0:
        return Undetermined(reason="there are no pairs")
    from scipy.stats import norm

    two_sided, one_sided = float(norm.ppf(0.5 + confidence / 2)), float(norm.ppf(confidence))
    low, high = limits(lost, won, n, two_sided)
    lower, upper = limits(lost, won, n, one_sided)
    return Estimate(
        method="Tango score",
        n=n,
        value=(won - lost) / n,
        low=low,
        high=high,
        lower=lower,
        upper=upper,
        p_differs=exact_mcnemar(lost, won),
        p_margin=None if margin is None else float(norm.sf(score(lost, won, n, -margin))),
    )
