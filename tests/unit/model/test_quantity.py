"""Quantities are read with their unit and written back as people write them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.model import quantity
from towpath.model.quantity import (
    Count,
    Money,
    Percent,
    Points,
    QuantityError,
    Ratio,
    duration_text,
    parse_count,
    parse_duration,
    parse_limit,
    parse_money,
    parse_percent,
    parse_points,
    parse_ratio,
)
from towpath.shipped import schema_text

PARSERS = {
    "points": parse_points,
    "ratio": parse_ratio,
    "percent": parse_percent,
    "duration": parse_duration,
    "money_per_month": parse_money,
    "money_per_mtok": parse_money,
    "limit": parse_limit,
}
AMOUNTS = st.decimals(0, 10**6, places=4)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (parse_points("5pp"), Points(Decimal("0.05"))),
        (parse_points("0.5 pp"), Points(Decimal("0.005"))),
        (parse_ratio("2x"), Ratio(Decimal(2))),
        (parse_ratio("1.25x"), Ratio(Decimal("1.25"))),
        (parse_percent("10%"), Percent(Decimal("0.1"))),
        (parse_duration("30s"), timedelta(seconds=30)),
        (parse_duration("30m"), timedelta(minutes=30)),
        (parse_duration("72h"), timedelta(hours=72)),
        (parse_duration("7d"), timedelta(days=7)),
        (parse_duration("2w"), timedelta(weeks=2)),
        (parse_duration("1.5h"), timedelta(minutes=90)),
        (parse_money("20000 USD/month"), Money(Decimal(20000), "USD", "month")),
        (parse_money("0.10 EUR/Mtok"), Money(Decimal("0.10"), "EUR", "Mtok")),
        (parse_count("2 serious"), Count(2, "serious")),
        (parse_count("500 expected calls"), Count(500, "expected calls")),
    ],
)
def test_a_quantity_means(read: object, value: object) -> None:
    assert read == value


NOT_TEXT: list[object] = [5, 0.05, None, True, [], {}]
NO_UNIT = [
    "",
    "5",
    "0.05",
    "pp",
    "-5pp",
    "+5pp",
    "5 PP",
    "5pp\n",
    " 5pp",
    "5..5x",
    "5,5x",
    "1e3x",
    ".5x",
    "5.x",
    "infx",
]
WRONG_UNIT = ["٣pp", "NaNpp", "5 usd/month", "5USD/month", "5 USD/year", "2 Serious", "9" * 400 + "x"]


@pytest.mark.parametrize("parse", [*PARSERS.values(), parse_count])
@pytest.mark.parametrize("text", [*NOT_TEXT, *NO_UNIT, *WRONG_UNIT])
def test_anything_else_is_refused_with_an_example(parse: object, text: object) -> None:
    assert callable(parse)
    with pytest.raises(QuantityError, match="write "):
        parse(text)


def test_the_unit_of_a_limit_decides_its_kind() -> None:
    kinds = [parse_limit(text) for text in ("5pp", "2x", "10%", "0.01 USD/call", "2 serious")]
    assert [type(kind) for kind in kinds] == [Points, Ratio, Percent, Money, Count]


@pytest.mark.parametrize("text", ["9" * 15 + "w", "9" * 12 + "d"])
def test_a_duration_beyond_every_calendar_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_duration(text)


@given(AMOUNTS)
def test_what_is_printed_reads_back(amount: Decimal) -> None:
    assert parse_points(str(Points(amount / 100))) == Points(amount / 100)
    assert parse_ratio(str(Ratio(amount))) == Ratio(amount)
    assert parse_percent(str(Percent(amount / 100))) == Percent(amount / 100)
    assert parse_money(str(Money(amount, "USD", "call"))) == Money(amount, "USD", "call")


@given(AMOUNTS)
def test_printed_amounts_have_no_exponent_and_no_trailing_zeros(amount: Decimal) -> None:
    assert re.fullmatch(r"[0-9]+(\.[0-9]*[1-9])?x", str(Ratio(amount)))


def test_round_amounts_are_printed_plainly() -> None:
    assert str(Percent(Decimal(1))) == "100%"
    assert str(Ratio(Decimal("1E+2"))) == "100x"
    assert str(Points(Decimal("0.0500"))) == "5pp"
    assert str(Count(500, "expected calls")) == "500 expected calls"


@given(st.integers(1, 10**7))
def test_a_duration_reads_back(seconds: int) -> None:
    assert parse_duration(duration_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(hours=48), "48h"),
        (timedelta(hours=72), "72h"),
        (timedelta(days=5), "5d"),
        (timedelta(days=14), "14d"),
        (timedelta(hours=121), "121h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(seconds=59), "59s"),
        (timedelta(0), "0s"),
    ],
)
def test_durations_are_written_as_people_do(value: timedelta, text: str) -> None:
    assert duration_text(value) == text


@pytest.mark.parametrize("kind", PARSERS)
@given(text=st.data())
def test_whatever_the_schema_allows_can_be_read(kind: str, text: st.DataObject) -> None:
    pattern = json.loads(schema_text("runbook.v1"))["$defs"][kind]["pattern"]
    PARSERS[kind](text.draw(st.from_regex(pattern.replace("$", r"\Z"))))


def test_quantities_of_a_kind_can_be_ordered() -> None:
    assert Points(Decimal("0.02")) < Points(Decimal("0.1"))
    assert Ratio(Decimal(10)) > Ratio(Decimal(9))
    assert quantity.Percent(Decimal("0.1")) == Percent(Decimal("0.10"))
