"""Plain values -> YAML text on one line that every reader, of YAML 1.1 or 1.2, takes for the same value."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = str | int | float | Decimal | bool | None
"""What an entry may be: a scalar; a `Decimal` is written without exponent."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*").fullmatch
_OTHER_MEANING = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LONGEST_PLAIN = 60


def value_text(value: Entry | Mapping[str, Entry], quote: str = "") -> str:
    """YAML for a scalar or for a small mapping, in flow style.

    Args:
        value: texts may hold anything but lone surrogates; numbers must be finite.
        quote: the quote the value had before (`'` or `"`), kept where it can be.

    Raises:
        ValueError: there is no such YAML: a lone surrogate, or a number that is not finite.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value, quote)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    entries = ", ".join(f"{_text(key, '')}: {value_text(item)}" for key, item in value.items())
    return f"{{{entries}}}"


def _text(value: str, quote: str) -> str:
    value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    harmless = _PLAIN(value) and len(value) <= _LONGEST_PLAIN and value.casefold() not in _OTHER_MEANING
    if harmless:
        return f"{quote}{value}{quote}"
    # a JSON string is a double-quoted YAML scalar; characters that reviewers cannot see are written out as well
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _number(value: int | float | Decimal) -> str:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value} is not finite")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
