"""Graded differences: t and permutation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.graded import paired_scores

MANY = [((index * 37) % 101 - 50) / 100 for index in range(80)]


def test_agrees_with_statsmodels() -> None:
    """The lower half of statsmodels' two one-sided paired t tests is the same question."""
    found = paired_scores(MANY, margin=0.1)
    assert isinstance(found, Estimate)
    _, lower, _ = ttost_paired(np.array(MANY), np.zeros(len(MANY)), -0.1, 0.1)
    assert found.p_margin == pytest.approx(float(lower[1]))


def test_few_pairs_use_every_flip_of_signs() -> None:
    found = paired_scores([0.1, 0.2, 0.3, 0.4])
    assert isinstance(found, Estimate)
    assert found.method.endswith("permutation")
    # all of one sign: only the two extreme flips of 16 are as far out
    assert found.p_differs == pytest.approx(2 / 16)


@given(st.permutations(MANY[:25]), st.integers(0, 3))
def test_order_does_not_matter(values: list[float], seed: int) -> None:
    assert paired_scores(values, seed=seed) == paired_scores(MANY[:25], seed=seed)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40).filter(lambda values: len(set(values)) > 1))
def test_laws(values: list[float]) -> None:
    found, mirrored = paired_scores(values), paired_scores([-value for value in values])
    if isinstance(found, Undetermined):
        return
    assert isinstance(mirrored, Estimate)
    assert found.low <= found.lower <= found.value <= found.upper <= found.high
    assert found.low == pytest.approx(-mirrored.high, abs=1e-9)


@pytest.mark.parametrize("values", [[], [0.5], [0.25, 0.25, 0.25]])
def test_undetermined_says_why(values: list[float]) -> None:
    found = paired_scores(values)
    assert isinstance(found, Undetermined)
    assert found.reason
