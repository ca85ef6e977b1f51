"""A gate's report in a pull request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.gates import HOSTILE_REPORT, reports
from support.golden import as_recorded
from support.hostile import markup_left, terminal_is_safe
from towpath.report.gate_markdown import ROWS, gate_markdown

REPORTS = reports()


@pytest.mark.parametrize("name", REPORTS)
def test_markdown_is_as_recorded(name: str) -> None:
    as_recorded(f"gate/{name}.md", gate_markdown(REPORTS[name]))


def test_untrusted_text_is_inert() -> None:
    text = gate_markdown(HOSTILE_REPORT)
    assert terminal_is_safe(text)
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("#")] == ["### Gate: cannot tell"]
    for line in lines:
        left = markup_left(line.removeprefix("### "))
        # only the bars of our own table
        assert left == ("|" * 8 if line.startswith("|") else ""), line


def test_every_row_of_the_table_has_its_seven_cells() -> None:
    for report in (*REPORTS.values(), HOSTILE_REPORT):
        rows = [line for line in gate_markdown(report).splitlines() if line.startswith("|")]
        assert all(row.replace("\\|", "").count("|") == 8 for row in rows)


def test_very_many_tasks_are_cut_and_counted() -> None:
    report = REPORTS["pass"]
    many = replace(report, tasks=report.tasks * ROWS, criteria=report.criteria * ROWS)
    text = gate_markdown(many)
    assert f"| {len(many.tasks) - ROWS} more |" in text
    assert len(text) < 30_000
