"""Plain scalars mean what the core schema of YAML 1.2 says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from towpath.document.core_schema import plain_scalar, shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("off", "off"),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("012", 12),
        ("0o12", 10),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".", "."),
        ("-", "-"),
        ("+", "+"),
        ("1e", "1e"),
        ("2026-11-23", "2026-11-23"),
        ("5pp", "5pp"),
        ("٣", "٣"),
        ("999999999999999", 999999999999999),
        ("0000000000000000001", 1),
    ],
)
def test_a_plain_scalar_means(text: str, value: object) -> None:
    read = plain_scalar(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", [".inf", "+.INF", "-.Inf", ".nan", ".NAN", "1e400", "9" * 16, "9" * 5000])
def test_a_number_too_large_or_not_finite_is_refused(text: str) -> None:
    with pytest.raises(OverflowError):
        plain_scalar(text)


@given(st.text("0123456789+-.eExXoO~nulltrfasNUTRE", min_size=1, max_size=6))
def test_agrees_with_another_reader_on_words_and_numbers(text: str) -> None:
    assume(not re.match(r"[-?]$|---", text))
    assume(not re.fullmatch(r"[-+]?0[0-7]+|[-+]0[xo].*", text))  # ruamel reads these by older rules
    try:
        ours = plain_scalar(text)
    except OverflowError:
        return
    theirs: Any = YAML(typ="safe", pure=True).load(text)
    assert ours == theirs or (text.strip("+-")[:1] == "." and isinstance(ours, float))
    assert isinstance(ours, bool) == isinstance(theirs, bool)


@given(st.text())
def test_shown_text_is_one_short_line(text: str) -> None:
    line = shown(text)
    assert len(line) <= 60
    assert line.isprintable()
