"""A complete runbook as text, the ways to read a text, and strategies for YAML in general."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from towpath.document.loading import Loaded, load_runbook
from towpath.document.nodes import Document
from towpath.document.parse import parse
from towpath.model.finding import Finding, Span
from towpath.model.runbook import Runbook
from towpath.model.snapshot import MappedFiles

PATH = "runbooks/support-triage-2026-11.yaml"

RUNBOOK = (Path(__file__).parent / "runbook.yaml").read_text(encoding="utf-8")
"""A complete runbook that lints clean and says everything a runbook can say."""


def changed(*swaps: tuple[str, str], text: str = RUNBOOK) -> str:
    """The text with the first occurrence of each part swapped for another; each must be there."""
    for old, new in swaps:
        assert old in text, f"{old!r} is not in the text"
        text = text.replace(old, new, 1)
    return text


def document(text: str | bytes, path: str = PATH) -> Document:
    """A text that must parse without findings."""
    read, findings = parse(text if isinstance(text, bytes) else text.encode(), path)
    assert not findings, findings
    assert read is not None
    return read


def loaded(text: str | bytes, path: str = PATH) -> Loaded:
    """A text as the only file of a repository."""
    return load_runbook(MappedFiles({path: text if isinstance(text, bytes) else text.encode()}), path)


def runbook(text: str = RUNBOOK) -> Runbook:
    """A text that must be a runbook without findings."""
    read = loaded(text)
    assert not read.findings, read.findings
    assert read.runbook is not None
    return read.runbook


def cut(text: str, span: Span) -> str:
    """The part of a text that a span covers; the span must lie in the text."""
    lines = text.split("\n")
    assert 1 <= span.line <= span.end_line <= len(lines), span
    chosen = lines[span.line - 1 : span.end_line]
    assert 1 <= span.column <= len(chosen[0]) + 1, span
    assert 1 <= span.end_column <= len(chosen[-1]) + 1, span
    chosen[-1] = chosen[-1][: span.end_column - 1]
    chosen[0] = chosen[0][span.column - 1 :]
    return "\n".join(chosen)


def places(text: str, findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Rule and covered text of each finding."""
    return [(finding.rule, cut(text, finding.span)) for finding in findings]


def texts() -> st.SearchStrategy[str]:
    """Texts that a YAML file can hold, with the words and marks that trap readers among them."""
    words = "on yes No null ~ true 012 0o10 0x1f 1_000 12:30 1e3 - # [ {a} &a *a !t | > % @ ` << ' \" \\ --- ... = ? :"
    spaced = ["", "- a", "a: b", "a #b", "a\nb", "\t", " a", "a ", "2026-11-23", "2026-11-23T09:00:00Z"]
    hidden = ["\u2028", "\x85", "\ufeff", "\u202e", "\x07", "é", "😀"]
    traps = st.sampled_from([*words.split(" "), *spaced, *hidden])
    return traps | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def scalars() -> st.SearchStrategy[Any]:
    """Plain scalars with finite numbers of a sane size."""
    return (
        st.none()
        | st.booleans()
        | st.integers(-(10**14), 10**14)
        | st.decimals(-1000, 1000, places=2).map(float)
        | texts()
    )


def plain_data() -> st.SearchStrategy[Any]:
    """Plain data as JSON has it, nested a few levels."""
    return st.recursive(
        scalars(), lambda part: st.lists(part, max_size=3) | st.dictionaries(texts(), part, max_size=3), max_leaves=10
    )
