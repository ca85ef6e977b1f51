"""Single values of result files, read strictly: a number is finite, an id is there, a truth is true or false."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TRUE, _FALSE = frozenset({"true", "yes", "pass", "1"}), frozenset({"false", "no", "fail", "0"})
_NO_ERROR = frozenset({"", "false", "no", "none", "null", "nan", "0"})


class ValueProblem(ValueError):
    """The value is not of the kind wanted; the message goes behind the place."""


def is_empty(value: object) -> bool:
    """Whether nothing is there."""
    return value is None or (isinstance(value, str) and not value.strip())


def identifier(value: object, what: str) -> str:
    """Text or a whole number as an id. Raises ValueProblem when it is empty or something else."""
    if isinstance(value, bool) or not isinstance(value, str | int) or is_empty(value):
        raise ValueProblem(f"there is no {what}")
    return str(value).strip()


def number(value: object, what: str) -> float:
    """A finite number; true and pass are 1, false and fail are 0. Raises ValueProblem."""
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in _TRUE | _FALSE:
            return float(text.lower() in _TRUE)
        if not _NUMBER.fullmatch(text):
            comma = "; decimals are written with a point" if re.fullmatch(r"\d+,\d+", text) else ""
            raise ValueProblem(f"{what} is {text[:40]!r}, which is no number{comma}")
        value = float(text)
    if not isinstance(value, int | float):
        raise ValueProblem(f"{what} is no number")
    try:
        amount = float(value)
    except OverflowError:
        amount = math.inf
    if not math.isfinite(amount):
        raise ValueProblem(f"{what} is {amount}, which is no finite number")
    return amount


def amount(value: object, what: str) -> float | None:
    """A number not below zero; None when nothing is there. Raises ValueProblem."""
    if is_empty(value):
        return None
    found = number(value, what)
    if found < 0:
        raise ValueProblem(f"{what} is {found}, below zero")
    return found


def count(value: object, what: str) -> int | None:
    """A whole number not below zero (`12.0` as some tools write it is 12); None when nothing is there."""
    found = amount(value, what)
    if found is not None and found != int(found):
        raise ValueProblem(f"{what} is {found}, which is no whole number")
    return None if found is None else int(found)


def truth(value: object, what: str) -> bool | None:
    """True or false; None when nothing is there. Raises ValueProblem."""
    if is_empty(value):
        return None
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueProblem(f"{what} is {str(value)[:40]!r}, not true or false")


def error_text(value: object) -> str:
    """The text of an error; empty when the value says that there was none, as `false` and `none` do."""
    if value is True:
        return "error"
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in _NO_ERROR else text


def texts(value: object) -> tuple[str, ...]:
    """A list of texts, or one text with commas or semicolons; sorted, each once."""
    items = value if isinstance(value, list) else re.split(r"[;,]", value) if isinstance(value, str) else []
    return tuple(sorted({str(item).strip() for item in items if not is_empty(item)}))


def moment(value: object, what: str) -> datetime:
    """A time with its zone, in UTC. Raises ValueProblem."""
    try:
        found = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueProblem(f"{what} is {str(value)[:40]!r}, which is no time such as 2026-11-23T09:00:00Z") from None
    if found.tzinfo is None:
        raise ValueProblem(f"{what} is {str(value)[:40]!r} without a time zone; write for example 2026-11-23T09:00:00Z")
    return found.astimezone(UTC)


def shortened(value: object, length: int = 40) -> str:
    """A value for the screen: one line, nothing unprintable, not long."""
    import json

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= length else line[: length - 1] + "…"
