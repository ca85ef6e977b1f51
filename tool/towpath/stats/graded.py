"""Paired differences of graded scores: a t interval, backed by a permutation test where examples are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.stats.estimate import Estimate, Undetermined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

FEW = 30
"""Under so many pairs the sign-flip permutation test speaks for "differs" instead of t."""

_DRAWS = 9_999


def paired_scores(
    differences: Sequence[float], *, confidence: float = 0.95, margin: float | None = None, seed: int = 0
) -> Estimate | Undetermined:
    """The mean difference with Student's t limits (assumes the mean of the differences is about normal).

    Args:
        differences: candidate - baseline of each example.
        seed: of the permutation test, used only when it is not exact.
    """
    n = len(differences)
    if n < 2:
        return Undetermined(
            reason="one pair says nothing about the spread" if n else "there are no pairs", n=n, needed=2
        )
    import numpy as np
    from scipy import stats

    # sorted, so that the order of the input cannot change a rounding or a draw
    values = np.sort(np.asarray(differences, dtype=float))
    mean, error = float(values.mean()), float(values.std(ddof=1)) / n**0.5
    if error == 0:
        return Undetermined(reason="all differences are equal: their spread cannot be told from the data", n=n)
    two_sided, one_sided = (float(stats.t.ppf(level, n - 1)) * error for level in (0.5 + confidence / 2, confidence))
    differs = _permutation_p(values, seed) if n < FEW else float(2 * stats.t.sf(abs(mean) / error, n - 1))
    at_margin = None if margin is None else float(stats.t.sf((mean + margin) / error, n - 1))
    return Estimate(
        method="paired t" if n >= FEW else "paired t, sign-flip permutation",
        n=n,
        value=mean,
        low=mean - two_sided,
        high=mean + two_sided,
        lower=mean - one_sided,
        upper=mean + one_sided,
        p_differs=differs,
        p_margin=at_margin,
    )


def _permutation_p(values: NDArray[np.float64], seed: int) -> float:
    """Two-sided p of flipping the signs of the differences; exact when all flips fit into the draws."""
    import numpy as np
    from scipy import stats

    def mean(sample: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        return np.asarray(np.mean(sample, axis=axis))

    found = stats.permutation_test(
        (values,),
        mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_DRAWS,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)
