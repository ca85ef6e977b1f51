"""A gate's report for a pull request: short, in Markdown, with everything untrusted made inert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.report.gate_words import MARKS, aggregate, headline, needed, role
from towpath.report.markdown import inert

if TYPE_CHECKING:
    from towpath.model.verdict import Criterion, GateReport

ROWS = 60
"""Criteria and tasks that are shown; the rest is counted."""


def gate_markdown(report: GateReport) -> str:
    """The report as Markdown."""
    parts = [f"### Gate: {MARKS[report.verdict]}", inert(headline(report)) + "."]
    parts += [f"- {inert(reason)}" for reason in report.reasons]
    quality = {one.task: one for one in report.criteria if one.task}
    if report.tasks:
        rows = ["| task | baseline | candidate | change | interval, points | margin | verdict |"]
        rows.append("|---|---:|---:|---|---|---:|---|")
        for task in report.tasks[:ROWS]:
            criterion = quality.get(task.task)
            name = inert(task.task) + (f" ({role(task)})" if role(task) else "")
            verdict = MARKS[criterion.verdict] if criterion else "-"
            shares = f"{_share(task.baseline)} | {_share(task.candidate)}"
            rows.append(
                f"| {name} | {shares} | {task.change} | {_interval(criterion)} | {_margin(criterion)} | {verdict} |"
            )
        if len(report.tasks) > ROWS:
            rows.append(f"| {len(report.tasks) - ROWS} more | | | | | | |")
        parts.append("\n".join(rows))
        if average := aggregate(report):
            parts.append(inert(average))
    others = [one for one in report.criteria if not one.task]
    if others:
        parts.append("\n".join(f"- {MARKS[one.verdict]}: {inert(one.message)}" for one in others[:ROWS]))
    if undecided := needed(report):
        parts.append("What would decide:\n\n" + "\n".join(f"- {inert(line)}" for line in undecided[:ROWS]))
    return "\n\n".join(parts)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _interval(criterion: Criterion | None) -> str:
    if criterion is None or criterion.low is None or criterion.high is None:
        return "-"
    return f"{criterion.low * 100:+.1f} to {criterion.high * 100:+.1f}"


def _margin(criterion: Criterion | None) -> str:
    return "-" if criterion is None or criterion.margin is None else f"{criterion.margin * 100:g}"
