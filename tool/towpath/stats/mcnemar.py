"""The exact McNemar test: did the two models get different examples right more often than chance?"""

from __future__ import annotations


def exact_mcnemar(lost: int, won: int) -> float:
    """Two-sided p that lost and won examples are equally likely (McNemar 1947, Psychometrika 12:153; exact binomial).

    Args:
        lost: pairs only the baseline got right.
        won: pairs only the candidate got right.

    Returns:
        1.0 when no pair differs: nothing was seen either way.
    """
    if lost < 0 or won < 0:
        raise ValueError("counts of pairs are not negative")
    if lost + won == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(min(lost, won), lost + won).pvalue)


def smallest_p(lost: int, won: int) -> float:
    """The smallest two-sided p so many differing pairs could give: above 5 % the test could never have rejected."""
    return min(1.0, 2.0 ** (1 - lost - won))
