"""Tango's interval against published numbers, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.tango import limits, paired_shares, score

Z = 1.959964


@pytest.mark.parametrize(
    ("lost", "won", "n", "low", "high"),
    [
        (150, 86, 1600, -0.05900, -0.02136),  # Agresti, Categorical Data Analysis, approval ratings (794, 150, 86, 570)
        (7, 1, 21, -0.517, -0.026),  # Fagerland et al. 2013, BMC Medical Research Methodology 13:91, airway data
    ],
)
def test_published(lost: int, won: int, n: int, low: float, high: float) -> None:
    assert limits(lost, won, n, Z) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize("n", [10, 52, 400])
def test_no_pair_differs(n: int) -> None:
    """Closed form: z^2 / (n + z^2), and never a point."""
    z2 = Z * Z
    assert limits(0, 0, n, Z) == pytest.approx((-z2 / (n + z2), z2 / (n + z2)), abs=1e-9)


counts = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60)).map(
    lambda parts: (parts[0], parts[1], parts[0] + parts[1] + parts[2])
)


@given(counts)
def test_laws(parts: tuple[int, int, int]) -> None:
    lost, won, n = parts
    found = paired_shares(lost, won, n, margin=0.05)
    mirrored = paired_shares(won, lost, n)
    assert isinstance(found, Estimate)
    assert isinstance(mirrored, Estimate)
    assert -1 <= found.low <= found.lower <= found.value <= found.upper <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((-mirrored.high, -mirrored.low), abs=1e-9)
    assert score(lost, won, n, found.low) == pytest.approx(Z, abs=1e-4)


@given(counts, st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_a_wider_margin_is_never_harder(parts: tuple[int, int, int], one: float, other: float) -> None:
    small, large = sorted((one, other))
    lost, won, n = parts
    tight, loose = paired_shares(lost, won, n, margin=small), paired_shares(lost, won, n, margin=large)
    assert isinstance(tight, Estimate)
    assert isinstance(loose, Estimate)
    assert loose.p_margin is not None
    assert tight.p_margin is not None
    assert loose.p_margin <= tight.p_margin + 1e-12


@given(counts, st.floats(0.01, 0.4))
def test_limit_and_p_say_the_same(parts: tuple[int, int, int], margin: float) -> None:
    found = paired_shares(*parts, margin=margin)
    assert isinstance(found, Estimate)
    assert found.p_margin is not None
    if abs(found.lower + margin) > 1e-6:
        assert (found.lower > -margin) == (found.p_margin < 0.05)


@pytest.mark.parametrize(("lost", "won", "n"), [(10, 0, 10), (0, 10, 10), (1, 0, 1), (0, 1, 1)])
def test_edges(lost: int, won: int, n: int) -> None:
    found = paired_shares(lost, won, n)
    assert isinstance(found, Estimate)
    assert -1 <= found.low <= found.high <= 1


def test_nothing_and_nonsense() -> None:
    assert isinstance(paired_shares(0, 0, 0), Undetermined)
    with pytest.raises(ValueError, match="parts of n"):
        paired_shares(3, 3, 5)
