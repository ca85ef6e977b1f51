"""A gate's report for a terminal: the answer, the watch task, every task with a picture, then speed and cost.

Names and reasons come from runbooks and evidence: what a terminal would obey in them is shown as escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from towpath.model.verdict import Verdict
from towpath.report.codeframe import visible
from towpath.report.gate_words import MARKS, aggregate, headline, needed, role

if TYPE_CHECKING:
    from towpath.model.verdict import Criterion, GateReport, TaskResult

_COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.ERROR: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NO_DATA: "yellow",
}
_CHANGES = {"worse": "red", "better": "green", "noisy": ""}
_BAR = 33
"""Characters of the picture of an interval; an odd number, so that zero has a place of its own."""


def render_gate(report: GateReport, *, colour: bool, width: int = 100) -> str:
    """The report as text.

    Args:
        colour: whether to use terminal colours.
        width: columns; under 90 the picture is left out.
    """
    answer = visible(f"{report.runbook}: {headline(report)}")
    lines = [
        f"{_paint(MARKS[report.verdict], report.verdict, colour=colour)}  {answer}",
        *(f"  {visible(reason)}" for reason in report.reasons),
    ]
    if any(use.synthetic for use in report.evidence):
        lines.append(_style("  SYNTHETIC evidence: made by a program for show, not measured", "magenta", colour=colour))
    quality = {one.task: one for one in report.criteria if one.task}
    if report.tasks:
        lines += ["", *_task_lines(report, quality, colour=colour, picture=width >= 90)]
        if average := aggregate(report):
            lines.append(f"  {average}")
    others = [one for one in report.criteria if not one.task]
    if others:
        lines += ["", *(_line(one, colour=colour) for one in others)]
    if undecided := needed(report):
        lines += ["", "What would decide:", *(f"  {visible(line)}" for line in undecided)]
    if report.evidence:
        used = report.evidence[0]
        lines += [
            "",
            f"Evidence {visible(used.path)}, measured {visible(used.measured_at)}; confidence {report.confidence:.0%}",
        ]
    lines += [f"  {visible(note)}" for note in report.notes]
    return "\n".join(lines)


def _task_lines(report: GateReport, quality: dict[str, Criterion], *, colour: bool, picture: bool) -> list[str]:
    name = max(len("task"), *(len(visible(task.task)) for task in report.tasks))
    scale = _scale(quality)
    picture = picture and scale > 0
    head = f"  {'task':<{name}}  {'baseline':>8}  {'candidate':>9}  {'change':<7}"
    lines = [head + (f"  {_axis(scale)}" if picture else "") + "  verdict"]
    for task in report.tasks:
        criterion = quality.get(task.task)
        change = _style(f"{task.change:<7}", _CHANGES[task.change], colour=colour)
        row = f"  {visible(task.task):<{name}}  {_share(task.baseline):>8}  {_share(task.candidate):>9}  {change}"
        if picture:
            row += "  " + (_bar(criterion, scale) if criterion is not None else " " * _BAR)
        row += "  " + (_paint(MARKS[criterion.verdict], criterion.verdict, colour=colour) if criterion else "-")
        lines.append(f"{row}  ({role(task)})" if role(task) else row.rstrip())
    lines.append("")
    lines += [_sentence(quality[task.task], task, colour=colour) for task in report.tasks if task.task in quality]
    return lines


def _sentence(criterion: Criterion, task: TaskResult, *, colour: bool) -> str:
    start = "watch task " if task.watch else ""
    return (
        f"  {_paint(MARKS[criterion.verdict], criterion.verdict, colour=colour)}  {start}{visible(criterion.message)}"
    )


def _line(criterion: Criterion, *, colour: bool) -> str:
    return f"  {_paint(MARKS[criterion.verdict], criterion.verdict, colour=colour)}  {visible(criterion.message)}"


def _scale(quality: dict[str, Criterion]) -> float:
    ends = [abs(end) for one in quality.values() for end in (one.low, one.high, one.margin) if end is not None]
    return max(ends, default=0.0)


def _axis(scale: float) -> str:
    left, right = f"-{scale * 100:.0f}", f"+{scale * 100:.0f} points"
    return f"{left}{'0':^{_BAR - 2 * len(left)}}".ljust(_BAR - len(right)) + right


def _bar(criterion: Criterion, scale: float) -> str:
    """The interval `[--o--]` on the axis, with `!` where the margin ends."""
    places = [" "] * _BAR
    places[_BAR // 2] = ":"
    if criterion.low is not None and criterion.high is not None and criterion.estimate is not None:
        low, high, middle = (_place(value, scale) for value in (criterion.low, criterion.high, criterion.estimate))
        for index in range(low, high + 1):
            places[index] = "-"
        places[low], places[high], places[middle] = "[", "]", "o"
    if criterion.margin is not None:
        places[_place(-criterion.margin, scale)] = "!"
    return "".join(places)


def _place(value: float, scale: float) -> int:
    return min(_BAR - 1, max(0, round((value / scale + 1) / 2 * (_BAR - 1))))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _paint(text: str, verdict: Verdict, *, colour: bool) -> str:
    return _style(f"{text:<11}", _COLOURS[verdict], colour=colour, bold=verdict is not Verdict.PASS)


def _style(text: str, fg: str, *, colour: bool, bold: bool = False) -> str:
    return click.style(text, fg=fg, bold=bold or None) if colour and fg else text
