"""The cohort rule: published vectors, right shares, nobody lost when the share grows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.traffic.cohorts import BUCKETS, Cohort, basis_points, bucket

VECTORS = [
    # salt, unit id, bucket: computed apart with `printf 'salt\0unit' | sha256sum` and bc
    ("support-triage-2026-11", "user-1", 4667),
    ("support-triage-2026-11", "user-2", 6516),
    ("support-triage-2026-11", "Ünïcode-☃", 8715),
    ("", "user-1", 7032),
]


@pytest.mark.parametrize(("salt", "unit", "expected"), VECTORS)
def test_vectors(salt: str, unit: str, expected: int) -> None:
    assert bucket(salt, unit) == expected


def test_shares_are_right() -> None:
    units = [f"user-{number}" for number in range(20_000)]
    for percent in (1, 5, 50, 99):
        cohort = Cohort(salt="s", basis_points=percent * 100)
        share = sum(cohort.arm(unit) == "candidate" for unit in units) / len(units)
        # four standard errors of a share
        assert abs(share - percent / 100) < 4 * (percent / 100 * (1 - percent / 100) / len(units)) ** 0.5


@given(unit=st.text(min_size=1), low=st.integers(0, BUCKETS), high=st.integers(0, BUCKETS))
def test_raising_the_share_never_loses_anybody(unit: str, low: int, high: int) -> None:
    low, high = sorted((low, high))
    if Cohort(salt="s", basis_points=low).arm(unit) == "candidate":
        assert Cohort(salt="s", basis_points=high).arm(unit) == "candidate"


@given(unit=st.text(min_size=1))
def test_ends(unit: str) -> None:
    assert Cohort(salt="s", basis_points=0).arm(unit) == "baseline"
    assert Cohort(salt="s", basis_points=BUCKETS).arm(unit) == "candidate"


def test_no_id_is_the_baseline_even_at_all() -> None:
    cohort = Cohort(salt="s", basis_points=BUCKETS, segments=frozenset({"employees"}))
    assert cohort.arm(None) == "baseline"
    assert cohort.arm("") == "baseline"
    assert cohort.arm(None, ["employees"]) == "candidate"


def test_segments_are_in_at_zero() -> None:
    cohort = Cohort(salt="s", basis_points=0, segments=frozenset({"employees"}))
    assert cohort.arm("ada", ["employees"]) == "candidate"
    assert cohort.arm("ada", ["customers"]) == "baseline"


@pytest.mark.parametrize("percent", ["-1", "100.01", "0.001", "NaN"])
def test_impossible_shares(percent: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        basis_points(Decimal(percent))


def test_basis_points() -> None:
    assert basis_points(Decimal("12.25")) == 1225
