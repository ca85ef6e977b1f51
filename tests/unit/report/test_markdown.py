"""Untrusted text in Markdown shows its characters and does nothing else."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from support.hostile import HOSTILE, markup_left
from towpath.report.markdown import code, inert


@given(st.text(max_size=80))
def test_inert_text_is_one_line_without_markup(text: str) -> None:
    shown = inert(text)
    assert len(shown.splitlines()) <= 1
    assert markup_left(shown) == ""
    # what a reader sees: the characters themselves, white space joined, what cannot be printed gone
    seen = re.sub(r"\\([\\`*_{}\[\]()#+!|<>~@&$])", r"\1", shown)
    assert seen == " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@given(st.text(max_size=80))
def test_a_code_span_ends_where_it_should(text: str) -> None:
    shown = code(text)
    assert shown.count("`") == 2
    assert (shown[0], shown[-1]) == ("`", "`")
    assert len(shown.splitlines()) == 1


def test_hostile_text() -> None:
    assert markup_left(inert(HOSTILE)) == ""
    assert markup_left(code(HOSTILE)) == ""
    assert markup_left(HOSTILE) != ""
