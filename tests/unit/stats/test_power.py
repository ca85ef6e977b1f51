"""Sample sizes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towpath.stats.estimate import Estimate
from towpath.stats.power import clusters_to_decide, fewest_pairs, pairs_for_margin, pairs_to_decide
from towpath.stats.tango import paired_shares


@pytest.mark.parametrize(
    ("psi", "margin", "n"),
    [(0.13, 0.05, 322), (0.10, 0.05, 248), (0.05, 0.05, 124), (0.13, 0.10, 81), (0.13, 0.02, 2010)],
)
def test_pairs_for_margin(psi: float, margin: float, n: int) -> None:
    """(1.645 + 0.842)^2 psi / m^2."""
    assert pairs_for_margin(psi, margin) == n


@pytest.mark.parametrize(("margin", "n"), [(0.05, 52), (0.10, 25), (0.02, 133)])
def test_fewest_pairs(margin: float, n: int) -> None:
    assert fewest_pairs(margin) == n
    before, at = (paired_shares(0, 0, size, margin=margin) for size in (n - 1, n))
    assert isinstance(before, Estimate)
    assert isinstance(at, Estimate)
    assert before.lower < -margin <= at.lower + 1e-12


@settings(max_examples=40)
@given(lost=st.integers(0, 20), won=st.integers(0, 20), equal=st.integers(10, 80), margin=st.sampled_from([0.03, 0.1]))
def test_pairs_to_decide_decides(lost: int, won: int, equal: int, margin: float) -> None:
    n = lost + won + equal
    size = pairs_to_decide(lost, won, n, margin)
    if size is None:
        assert abs((won - lost) / n + margin) < 0.02
        return
    found = paired_shares(round(lost * size / n), round(won * size / n), size)
    assert isinstance(found, Estimate)
    assert found.lower > -margin or found.high < -margin


def test_on_the_margin_nothing_decides() -> None:
    assert pairs_to_decide(10, 0, 100, 0.10) is None
    assert clusters_to_decide(-0.1, 0.02, 50, 0.1) is None


def test_clusters_to_decide() -> None:
    # standard error must shrink from 0.06 to 0.1 / 1.645: (1.645 * 0.06 / 0.1)^2 of 50 units, at least one more
    assert clusters_to_decide(0.0, 0.10, 50, 0.10) == 136
