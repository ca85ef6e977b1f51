"""What is written is read back as the same value, by every reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from support.documents import document, scalars, texts
from towpath.document.scalar_text import value_text


@given(scalars() | st.dictionaries(texts(), scalars(), max_size=4), st.sampled_from(["", "'", '"']))
def test_a_value_comes_back(value: Any, quote: str) -> None:
    text = value_text(value, quote)
    assert "\n" not in text
    assert document(f"a: {text}\nb: [{text}]\n").data == {"a": value, "b": [value]}


@given(texts())
def test_older_readers_take_a_text_for_a_text(value: str) -> None:
    line = f"a: {value_text(value)}\n"
    assert yaml.safe_load(line) == {"a": value}
    assert YAML(typ="safe", pure=True).load(line) == {"a": value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("canary", "canary"),
        ("rolled-back", "rolled-back"),
        ("two words", "two words"),
        ("no", '"no"'),
        ("5pct", '"5pct"'),
        ("2026-11-23T09:00:00Z", '"2026-11-23T09:00:00Z"'),
        ("@acme", '"@acme"'),
        ('say "x": {y} # z\n', '"say \\"x\\": {y} # z\\n"'),
        ("\u2028\u202e", '"\\u2028\\u202e"'),
        (Decimal("5"), "5"),
        (Decimal("1E+2"), "100"),
        (Decimal("12.50"), "12.5"),
        (12.5, "12.5"),
        (0, "0"),
        (True, "true"),
        (None, "null"),
        ({}, "{}"),
        ({"by": "bot", "until": None}, "{by: bot, until: null}"),
    ],
)
def test_how_values_are_written(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_quotes_are_kept_where_they_can_be() -> None:
    assert value_text("canary", "'") == "'canary'"
    assert value_text("canary", '"') == '"canary"'
    assert value_text("it's", "'") == '"it\'s"'


@pytest.mark.parametrize("value", ["\ud800", float("inf"), float("nan"), Decimal("NaN"), {"a": "\udfff"}])
def test_what_yaml_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the message is Python's own
        value_text(value)
