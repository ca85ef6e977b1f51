"""Quantities with units, as runbooks write them: `3pp`, `2x`, `10%`, `72h`, `0.01 USD/month`.

A bare number where a unit belongs is refused, because 0.05 could mean five points, five per cent or five cents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

_NUMBER = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)"
_POINTS = re.compile(rf"{_NUMBER}\s?pp")
_RATIO = re.compile(rf"{_NUMBER}\s?x")
_PERCENT = re.compile(rf"{_NUMBER}\s?%")
_DURATION = re.compile(rf"{_NUMBER}\s?(s|m|h|d|w)")
_MONEY = re.compile(rf"{_NUMBER} ([A-Z]{{3}})/(Mtok|call|user|month|day)")
_COUNT = re.compile(r"([0-9]{1,15}) ([a-z]+(?: [a-z]+)*)")

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class QuantityError(ValueError):
    """The text is not a quantity of the wanted kind; the message says what one looks like."""


@dataclass(frozen=True, slots=True, order=True)
class Points:
    """A difference of shares in percentage points: `5pp` is a drop from 90 % to 85 %. `value` is 0.05."""

    value: Decimal

    def __str__(self) -> str:
        return f"{_plain(self.value * 100)}pp"


@dataclass(frozen=True, slots=True, order=True)
class Ratio:
    """A quotient of candidate by baseline: `2x` is twice as much."""

    value: Decimal

    def __str__(self) -> str:
        return f"{_plain(self.value)}x"


@dataclass(frozen=True, slots=True, order=True)
class Percent:
    """A relative amount: `10%`. `value` is 0.1."""

    value: Decimal

    def __str__(self) -> str:
        return f"{_plain(self.value * 100)}%"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency per something: per `Mtok` (million tokens), `call`, `user`, `day` or `month`."""

    amount: Decimal
    currency: str
    per: str

    def __str__(self) -> str:
        return f"{_plain(self.amount)} {self.currency}/{self.per}"


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of named things: `2 serious`, `500 expected calls`."""

    number: int
    of: str

    def __str__(self) -> str:
        return f"{self.number} {self.of}"


def _plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_points(text: object) -> Points:
    """`5pp` as a share. Raises QuantityError."""
    found = _POINTS.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not a number of percentage points; write for example 5pp")
    return Points(Decimal(found[1]) / 100)


def parse_ratio(text: object) -> Ratio:
    """`2x`. Raises QuantityError."""
    found = _RATIO.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not a ratio; write for example 2x")
    return Ratio(Decimal(found[1]))


def parse_percent(text: object) -> Percent:
    """`10%` as 0.1. Raises QuantityError."""
    found = _PERCENT.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not a percentage; write for example 10%")
    return Percent(Decimal(found[1]) / 100)


def parse_duration(text: object) -> timedelta:
    """Elapsed time: `30m`, `72h`, `7d`, `2w`. Raises QuantityError."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not a duration; write for example 72h or 7d")
    try:
        return timedelta(seconds=float(Decimal(found[1]) * _SECONDS[found[2]]))
    except OverflowError:
        raise QuantityError(f"{text!r} is longer than any calendar; write for example 72h or 7d") from None


def duration_text(value: timedelta) -> str:
    """How people write a duration: hours up to four days (`72h`), then whole days, else minutes or seconds."""
    seconds = int(value.total_seconds())
    for unit, size, least in (("d", 86400, 5), ("h", 3600, 1), ("d", 86400, 1), ("m", 60, 1)):
        if seconds % size == 0 and seconds >= size * least:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def elapsed_text(value: timedelta) -> str:
    """How people say a time that has passed or is left, in its two largest units: `1d 16h`, `3h 20m`, `45s`."""
    seconds = max(0, int(value.total_seconds()))
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or parts or unit == "s":
            parts.append(f"{count}{unit}")
    shown = [part for part in parts[:2] if not part.startswith("0")]
    return " ".join(shown) or "0s"


def parse_money(text: object) -> Money:
    """`20000 USD/month`, `0.10 USD/Mtok`. Raises QuantityError."""
    found = _MONEY.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not money per something; write for example 20000 USD/month")
    return Money(Decimal(found[1]), found[2], found[3])


def parse_count(text: object) -> Count:
    """`2 serious`. Raises QuantityError."""
    found = _COUNT.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{text!r} is not a count; write for example 500 expected calls")
    return Count(int(found[1]), found[2])


def parse_limit(text: object) -> Points | Ratio | Percent | Money | Count:
    """Whatever kind of limit the text is; the unit decides. Raises QuantityError."""
    for parse in (parse_points, parse_ratio, parse_percent, parse_money, parse_count):
        try:
            return parse(text)
        except QuantityError:
            continue
    raise QuantityError(f"{text!r} has no unit Towpath knows; write 5pp, 2x, 10%, 0.01 USD/month or 2 serious")
