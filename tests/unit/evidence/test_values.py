"""Single values, read strictly."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.evidence.values import ValueProblem, count, error_text, identifier, moment, number, shortened, texts, truth


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15))
def test_a_number_survives_being_text(value: float) -> None:
    assert number(str(value), "x") == number(value, "x") == value


@pytest.mark.parametrize(
    "value", ["", "nan", "-inf", "1_000", "0x10", "1,5", "½", math.nan, math.inf, 10**400, None, [1]]
)
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(ValueProblem):
        number(value, "x")


@pytest.mark.parametrize("value", [None, "", "  ", True, 1.5, ["a"], {}])
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(ValueProblem, match="there is no id"):
        identifier(value, "id")


def test_ids_counts_and_truths() -> None:
    assert (identifier(7, "id"), identifier(" a ", "id")) == ("7", "a")
    assert (count("12.0", "n"), count("", "n"), count(0, "n")) == (12, None, 0)
    assert (truth("Yes", "r"), truth(0, "r"), truth(None, "r")) == (True, False, None)


def test_error_texts() -> None:
    assert [error_text(value) for value in (None, False, "", "none", True, "boom")] == ["", "", "", "", "error", "boom"]


def test_texts_are_sorted_and_once() -> None:
    assert texts("b; a,b") == texts(["b", "a", "", None]) == ("a", "b")
    assert texts(None) == texts(3) == ()


def test_a_moment_needs_its_zone() -> None:
    assert moment("2026-11-23T10:00:00+02:00", "t") == datetime(2026, 11, 23, 8, tzinfo=UTC)
    with pytest.raises(ValueProblem, match="without a time zone"):
        moment("2026-11-23T10:00:00", "t")


def test_values_on_screen_are_one_short_printable_line() -> None:
    assert shortened("a\x1b[2J\nb") == "a [2J b"
    assert shortened("x" * 50) == "x" * 39 + "…"
    assert shortened({"a": 1}) == '{"a": 1}'
