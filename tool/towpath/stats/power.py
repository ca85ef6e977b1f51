"""How many examples a decision takes."""

from __future__ import annotations

from math import ceil

from towpath.stats.tango import limits

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
