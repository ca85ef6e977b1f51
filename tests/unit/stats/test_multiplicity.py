"""Holm's correction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from towpath.stats.multiplicity import holm


def test_published() -> None:
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx((0.05, 0.08, 0.09, 0.09, 0.09))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_agrees_with_statsmodels(values: list[float]) -> None:
    adjusted = holm(values)
    assert adjusted == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert all(after >= before for before, after in zip(values, adjusted, strict=True))
