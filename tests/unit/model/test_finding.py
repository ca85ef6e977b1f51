"""Findings are values: they compare, and sort by file, place and rule."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from towpath.model.finding import START, Finding, Severity, Span

SPANS = st.builds(Span, *[st.integers(1, 3)] * 4)
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(["a", "b"]),
    severity=st.sampled_from(Severity),
    message=st.sampled_from(["m", "n"]),
    path=st.sampled_from(["x.yaml", "y.yaml"]),
    span=SPANS,
)


@given(st.lists(FINDINGS, max_size=6))
def test_findings_sort_by_file_then_place_then_rule(findings: list[Finding]) -> None:
    ordered = sorted(findings, key=Finding.sort_key)
    keys = [
        (item.path, item.span.line, item.span.column, item.span.end_line, item.span.end_column, item.rule)
        for item in ordered
    ]
    assert keys == sorted(keys)


def test_a_finding_points_at_the_first_character_unless_told() -> None:
    finding = Finding(rule="a", severity=Severity.ERROR, message="m", path="x.yaml")
    assert finding.span == START == Span(1, 1, 1, 1)
    assert (finding.help, finding.related) == ("", ())


def test_spans_are_ordered_by_line_then_column() -> None:
    assert sorted([Span(2, 1, 2, 2), Span(1, 9, 1, 10), Span(1, 2, 1, 3)]) == [
        Span(1, 2, 1, 3),
        Span(1, 9, 1, 10),
        Span(2, 1, 2, 2),
    ]


def test_severities_are_the_words_of_the_report() -> None:
    assert [item.value for item in Severity] == ["error", "warning", "note"]


def test_equal_findings_are_one() -> None:
    one = Finding(rule="a", severity=Severity.NOTE, message="m", path="x.yaml")
    assert len({one, Finding(rule="a", severity=Severity.NOTE, message="m", path="x.yaml")}) == 1
