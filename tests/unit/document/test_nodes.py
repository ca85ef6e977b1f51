"""Every node knows where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from support.documents import PATH, RUNBOOK, cut, document, plain_data
from towpath.document.nodes import position
from towpath.document.parse import parse
from towpath.model.finding import Span
from towpath.model.runbook import Pointer


def every(data: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every node of plain data with its pointer."""
    yield at, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from every(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from every(value, (*at, index))


@given(plain_data(), st.sampled_from([None, True, False]), st.sampled_from(["\n", "\r\n"]))
def test_the_text_of_a_span_reads_as_the_value(data: Any, flow: bool | None, newline: str) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=False, sort_keys=False)
    text = text.replace("\n", newline)
    read, findings = parse(text.encode(), PATH)
    if read is None or findings:
        return
    for pointer, value in every(read.data):
        span = read.span(pointer)
        part = " " * (span.column - 1) + cut(text.replace("\r\n", "\n"), span)
        again, problems = parse(part.encode(), PATH)
        assert not problems, (pointer, part)
        assert again is not None
        assert again.data == value, (pointer, part)


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        (("id",), "support-triage-2026-11"),
        (("owners",), '["@acme/support-ai"]'),
        (("owners", 0), '"@acme/support-ai"'),
        (("arms", "candidate", "price", "input"), "0.12 USD/Mtok"),
        (("stages", 1, "percent"), "5"),
    ],
)
def test_spans_in_a_runbook(pointer: Pointer, text: str) -> None:
    found = cut(RUNBOOK, document(RUNBOOK).span(pointer))
    assert found == text


def test_a_block_ends_before_the_comment_that_follows_it() -> None:
    read = document(RUNBOOK)
    assert cut(RUNBOOK, read.span(("watch", "why"))).startswith(">-\n")
    assert cut(RUNBOOK, read.span(("watch", "why"))).endswith("cost money.")
    assert cut(RUNBOOK, read.span(("rollout",))).startswith("stage: planned  ")
    assert cut(RUNBOOK, read.span(("rollout",))).endswith("\n  hold: null")


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        (("rollout",), "rollout"),
        (("stages", 1), "name: canary"),
        (("stages", 1, "percent"), "percent"),
        (("stages", 1, "missing"), "name: canary"),
        (("stages", 9, "percent"), "stages"),
        (("rollout", "hold", "by"), "hold"),
        (("missing",), "apiVersion"),
        ((), "apiVersion"),
        (("owners", 0), '"@acme/support-ai"'),
    ],
)
def test_spans_of_names_and_of_what_is_missing(pointer: Pointer, text: str) -> None:
    assert cut(RUNBOOK, document(RUNBOOK).span(pointer, on_key=True)) == text


def test_what_is_missing_is_placed_at_the_name_of_its_parent() -> None:
    assert cut(RUNBOOK, document(RUNBOOK).span(("feature", "missing", 3))) == "feature"


def test_columns_count_characters() -> None:
    text = 'é: "😀😀", ß: x\n'
    assert document(f"{{{text.strip()}}}").span(("ß",)) == Span(1, 14, 1, 15)


def test_an_empty_value_is_placed_at_its_key() -> None:
    text = "a: 1\nhold:   # nothing\nb:\n- \n- c:\n"
    read = document(text)
    assert cut(text, read.span(("hold",))) == "hold"
    assert cut(text, read.span(("b",))) == "- \n- c"


def test_block_texts_end_where_their_words_end() -> None:
    text = "a: |\n  one\n\n  two\n\n\n# comment\nb: >+\n  three\n\n"
    read = document(text)
    assert cut(text, read.span(("a",))) == "|\n  one\n\n  two"
    assert cut(text, read.span(("b",))) == ">+\n  three"


def test_an_alias_is_placed_where_the_value_is_written() -> None:
    text = "a: &x {b: 1}\nc: *x\nd:\n  e: *x\n"
    read = document(text)
    assert read.span(("c", "b")) == read.span(("a", "b"))
    assert cut(text, read.span(("d",))) == "e: *x"


def test_a_byte_order_mark_is_no_column() -> None:
    assert document(b"\xef\xbb\xbfa: 1").span(("a",)) == Span(1, 4, 1, 5)


@given(st.text("ab\n", max_size=20), st.data())
def test_position_counts_lines_and_columns_from_one(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    line, column = position(text, index)
    assert sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1 == index
