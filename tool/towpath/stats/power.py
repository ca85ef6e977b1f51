"""How many examples a decision takes, and what so many examples can decide."""

from __future__ import annotations

from math import ceil, log, sqrt

from towpath.stats.tango import limits, score

MOST = 1_000_000
"""Where the search for a sample size gives up."""


def pairs_for_margin(discordance: float, margin: float, *, confidence: float = 0.95, power: float = 0.8) -> int:
    """Pairs for a non-inferiority test of two equally good models: (z_a + z_b)^2 psi / m^2.

    Nam 1997, "Establishing equivalence of two treatments", Biometrics 53:1422.

    Args:
        discordance: psi, the share of examples that the two models answer differently.
        margin: the acceptable loss, as a share.
    """
    from scipy.stats import norm

    z = float(norm.ppf(confidence) + norm.ppf(power))
    return ceil(z * z * discordance / (margin * margin))


def fewest_pairs(margin: float, *, confidence: float = 0.95) -> int:
    """Pairs under which a margin cannot be shown even if no answer differs: n >= z^2 (1 - m) / m."""
    from scipy.stats import norm

    z = float(norm.ppf(confidence))
    return ceil(z * z * (1 - margin) / margin)


def pairs_to_decide(lost: int, won: int, n: int, margin: float, *, confidence: float = 0.95) -> int | None:
    """Pairs at which the margin would be decided if the shares seen so far went on.

    Decided means that Tango's one-sided limit is above -margin (pass) or his two-sided interval wholly below (fail).

    Returns:
        None when the loss seen is so near the margin that no number below a million decides.
    """
    if n == 0:
        return fewest_pairs(margin, confidence=confidence)
    from scipy.stats import norm

    one_sided, two_sided = float(norm.ppf(confidence)), float(norm.ppf(0.5 + confidence / 2))

    def decided(size: int) -> bool:
        grown_lost, grown_won = round(lost * size / n), round(won * size / n)
        lower, _ = limits(grown_lost, grown_won, size, one_sided)
        _, high = limits(grown_lost, grown_won, size, two_sided)
        return lower > -margin or high < -margin

    small, large = n, 2 * n
    while not decided(large):
        small, large = large, 2 * large
        if large > MOST:
            return None
    while large - small > max(1, small // 100):
        middle = (small + large) // 2
        small, large = (small, middle) if decided(middle) else (middle, large)
    return large


def clusters_to_decide(value: float, error: float, n: int, margin: float, *, confidence: float = 0.95) -> int | None:
    """The same for means: units at which a t limit would clear the margin if mean and spread stayed.

    Args:
        error: standard error of the mean over n units.
    """
    from scipy.stats import norm

    distance = abs(value + margin)
    if distance == 0:
        return None
    z = float(norm.ppf(confidence if value > -margin else 0.5 + confidence / 2))
    needed = ceil(n * (z * error / distance) ** 2)
    return max(needed, n + 1) if needed <= MOST else None


def smallest_drop(discordance: float, n: int, *, confidence: float = 0.95, power: float = 0.8) -> float | None:
    """The smallest true loss that n pairs show as worse with that power, as a share; None when not even a total loss.

    Connor 1987, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43:207:
    n = (z_a sqrt(psi) + z_b sqrt(psi - d^2))^2 / d^2, two-sided. A loss larger than psi raises psi to itself.
    """
    from scipy.stats import norm

    z_level, z_power = float(norm.ppf(0.5 + confidence / 2)), float(norm.ppf(power))

    def seen(loss: float) -> bool:
        psi = max(discordance, loss)
        return z_level * sqrt(psi) + z_power * sqrt(max(0.0, psi - loss * loss)) <= loss * sqrt(n)

    if n <= 0 or not seen(1.0):
        return None
    small, large = 0.0, 1.0
    for _ in range(60):
        middle = (small + large) / 2
        small, large = (small, middle) if seen(middle) else (middle, large)
    return large


def chance_to_pass(discordance: float, n: int, margin: float, *, confidence: float = 0.95, loss: float = 0.0) -> float:
    """The chance that Tango's one-sided limit clears the margin, for scores of right and wrong.

    Exact: every possible count of differing pairs and of lost ones among them (two binomials), asked with the score of
    the gate itself. Counts whose chance is below one in 10^12 are left out.

    Args:
        discordance: the share of pairs that differ; at least the loss.
        loss: the true loss, as a share; 0 for a candidate that is as good, the margin for the rate of wrong passes.
    """
    if not 0 <= loss <= discordance <= 1:
        raise ValueError("0 <= loss <= discordance <= 1")
    from scipy.stats import binom, norm

    z = float(norm.ppf(confidence))
    among = 0.5 + loss / (2 * discordance) if discordance else 0.5
    first, last = (int(binom.ppf(tail, n, discordance)) for tail in (1e-12, 1 - 1e-12))
    chance = 0.0
    for differing in range(max(0, first), last + 1):
        # the score falls with every pair more that is lost: bisect for the most that still pass
        small, large = -1, differing + 1
        while large - small > 1:
            lost = (small + large) // 2
            passes = score(lost, differing - lost, n, -margin) > z
            small, large = (lost, large) if passes else (small, lost)
        chance += float(binom.pmf(differing, n, discordance)) * float(binom.cdf(small, differing, among))
    return min(1.0, chance)


def chance_to_pass_mean(error: float, freedom: int, margin: float, *, confidence: float = 0.95) -> float:
    """The same for a t limit and a candidate that is as good: the noncentral t with `freedom` degrees of freedom.

    Args:
        error: standard error of the mean difference.
    """
    from scipy.stats import nct, t

    return float(nct.sf(float(t.ppf(confidence, freedom)), freedom, margin / error))


WATCHED_CALLS = 500
"""Calls at which the sequence of limits below is tuned to be narrowest."""


def watched_half_width(calls: int, spread: float, alpha: float) -> float:
    """Half the width of an interval for a mean that may be looked at after every call, without losing its level.

    Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence
    sequences" (arXiv 2103.06476), eq. 9.

    Args:
        spread: standard deviation of one call.
        alpha: two-sided level.
    """
    rate = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / WATCHED_CALLS
    inside = calls * rate + 1
    return spread * sqrt(2 * inside / (calls * calls * rate) * log(sqrt(inside) / alpha))


def calls_to_see(drop: float, spread: float, alpha: float) -> int | None:
    """Calls after which that half width is at most the drop; None when a billion do not suffice."""
    small, large = 0, 1
    while watched_half_width(large, spread, alpha) > drop:
        small, large = large, 2 * large
        if large > 1_000_000_000:
            return None
    while large - small > 1:
        middle = (small + large) // 2
        small, large = (middle, large) if watched_half_width(middle, spread, alpha) > drop else (small, middle)
    return large
