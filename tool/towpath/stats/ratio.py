"""Ratios of latency, tokens and cost: candidate over baseline, by a paired bootstrap over examples.

Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13 (percentile intervals). The seed is an input and
is written down, so that the same evidence always gives the same interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from towpath.stats.estimate import Estimate, Undetermined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

Statistic = Literal["p50", "p99", "mean"]

LEAST = {"p50": 20, "p99": 299, "mean": 20}
"""Fewest examples. 299: under it no observation can bound the 99th percentile at 95 % (Wilks 1941: 0.99^n <= 0.05)."""

_DRAWS = 2_000
_BLOCK = 2_000_000
"""Numbers drawn at a time: bounds memory to some tens of megabytes."""


def paired_ratio(
    baseline: Sequence[float], candidate: Sequence[float], statistic: Statistic, *, confidence: float = 0.95, seed: int
) -> Estimate | Undetermined:
    """The ratio of a statistic of the candidate to that of the baseline.

    Args:
        baseline, candidate: one number for each example, in the same order.
    """
    n = len(baseline)
    if n != len(candidate):
        raise ValueError("both arms have one number for each example")
    if n < LEAST[statistic]:
        return Undetermined(reason=f"{n} examples do not bound the {statistic}", n=n, needed=LEAST[statistic])
    if min(baseline) < 0 or min(candidate) < 0:
        return Undetermined(reason="there are negative numbers", n=n)
    import numpy as np

    # sorted as pairs, so that the order of the input cannot change a draw
    pairs = np.asarray(sorted(zip(baseline, candidate, strict=True)), dtype=float)
    below = float(_of(pairs[:, 0], statistic))
    if below <= 0:
        return Undetermined(reason="the baseline's is zero", n=n)
    rng = np.random.default_rng(seed)
    ratios = []
    left = _DRAWS
    while left:
        draws = min(left, max(1, _BLOCK // n))
        picked = pairs[rng.integers(0, n, size=(draws, n))]
        under = _of(picked[:, :, 0], statistic)
        ratios.append(_of(picked[:, :, 1], statistic) / np.where(under > 0, under, np.nan))
        left -= draws
    drawn = np.concatenate(ratios)
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < _DRAWS * 0.99:
        return Undetermined(reason="the baseline's is zero for too many resamples", n=n)
    tail = (1 - confidence) / 2
    low, lower, upper, high = np.quantile(drawn, [tail, 1 - confidence, confidence, 1 - tail])
    return Estimate(
        method=f"paired bootstrap of the {statistic} ratio",
        n=n,
        value=float(_of(pairs[:, 1], statistic)) / below,
        low=float(low),
        high=float(high),
        lower=float(lower),
        upper=float(upper),
    )


def _of(values: NDArray[np.float64], statistic: Statistic) -> NDArray[np.float64]:
    import numpy as np

    if statistic == "mean":
        return np.asarray(np.mean(values, axis=-1))
    return np.asarray(np.quantile(values, 0.5 if statistic == "p50" else 0.99, axis=-1))
