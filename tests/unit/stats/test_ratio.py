"""Ratios by paired bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.ratio import paired_ratio

DRAW = np.random.default_rng(3)
SLOW = list(DRAW.lognormal(6, 0.4, size=400))
TWICE = [2 * value for value in SLOW]


@pytest.mark.parametrize("statistic", ["p50", "p99", "mean"])
def test_twice_is_twice(statistic: str) -> None:
    found = paired_ratio(SLOW, TWICE, statistic, seed=1)  # type: ignore[arg-type]
    assert isinstance(found, Estimate)
    assert (found.value, found.low, found.high) == pytest.approx((2, 2, 2))


def test_agrees_with_scipy() -> None:
    from scipy.stats import bootstrap

    other = list(DRAW.lognormal(6.3, 0.5, size=400))
    ours = paired_ratio(SLOW, other, "p50", seed=1)
    theirs = bootstrap(
        (np.array(SLOW), np.array(other)),
        lambda x, y, axis=-1: np.median(y, axis=axis) / np.median(x, axis=axis),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=4000,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert isinstance(ours, Estimate)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=0.02)
    assert ours.low <= ours.lower <= ours.value <= ours.upper <= ours.high


def test_order_does_not_matter_and_the_seed_does() -> None:
    other = list(DRAW.lognormal(6.3, 0.5, size=400))
    pairs = list(zip(SLOW, other, strict=True))
    shuffled = pairs[::-1]
    first = paired_ratio(SLOW, other, "mean", seed=1)
    again = paired_ratio([one for one, _ in shuffled], [two for _, two in shuffled], "mean", seed=1)
    assert first == again
    assert first != paired_ratio(SLOW, other, "mean", seed=2)


def test_p99_needs_299() -> None:
    """Wilks 1941: 0.99^298 > 0.05 >= 0.99^299."""
    assert 0.99**298 > 0.05 >= 0.99**299
    found = paired_ratio(SLOW[:298], TWICE[:298], "p99", seed=1)
    assert isinstance(found, Undetermined)
    assert found.needed == 299
    assert isinstance(paired_ratio(SLOW[:299], TWICE[:299], "p99", seed=1), Estimate)


def test_what_has_no_ratio() -> None:
    assert isinstance(paired_ratio([0.0] * 30, [1.0] * 30, "mean", seed=1), Undetermined)
    assert isinstance(paired_ratio([-1.0] * 30, [1.0] * 30, "mean", seed=1), Undetermined)
    assert isinstance(paired_ratio([0.0] * 29 + [1.0], [1.0] * 30, "mean", seed=1), Undetermined)
    with pytest.raises(ValueError, match="each example"):
        paired_ratio([1.0], [], "mean", seed=1)
