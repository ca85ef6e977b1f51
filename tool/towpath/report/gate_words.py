"""The words that all renderings of a gate share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.verdict import Verdict

if TYPE_CHECKING:
    from towpath.model.verdict import Criterion, GateReport, TaskResult

MARKS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "FAIL",
    Verdict.INCONCLUSIVE: "cannot tell",
    Verdict.NO_DATA: "no data",
    Verdict.ERROR: "ERROR",
}


def headline(report: GateReport) -> str:
    """The answer in one sentence."""
    stage = report.stage
    stopped = [one for one in report.criteria if one.verdict is report.verdict]
    match report.verdict:
        case Verdict.PASS:
            return f"{stage} may be entered: all {len(report.criteria)} criteria pass"
        case Verdict.FAIL:
            names = ", ".join(_subject(one) for one in stopped[:3]) + (" and more" if len(stopped) > 3 else "")
            return f"{stage} must not be entered: {names} fail{'s' if len(stopped) == 1 else ''}"
        case Verdict.INCONCLUSIVE:
            return f"the evidence cannot tell whether {stage} may be entered"
        case Verdict.NO_DATA:
            return f"there is no evidence that {stage} may be entered"
        case _:
            return f"whether {stage} may be entered could not be judged"


def aggregate(report: GateReport) -> str:
    """The plain average over all examples, said only to show what it hides."""
    counted = [task for task in report.tasks if task.n and task.baseline is not None and task.candidate is not None]
    total = sum(task.n for task in counted)
    if not total:
        return ""
    before = sum(task.n * (task.baseline or 0) for task in counted) / total
    after = sum(task.n * (task.candidate or 0) for task in counted) / total
    return f"average of all {total} examples: {before:.1%} -> {after:.1%} (not a criterion: an average hides a task)"


def needed(report: GateReport) -> list[str]:
    """What would decide the criteria that cannot be told."""
    return [
        f"{one.task or one.metric.replace('_', ' ')}: about {one.needed:,} examples would decide (there are {one.n:,})"
        for one in report.criteria
        if one.verdict in (Verdict.INCONCLUSIVE, Verdict.NO_DATA) and one.needed
    ]


def role(task: TaskResult) -> str:
    """What a task is to the decision."""
    return "watch task" if task.watch else "" if task.load_bearing else "reported only"


def _subject(criterion: Criterion) -> str:
    return criterion.task or criterion.id.partition("/")[2].partition("@")[0].replace("_", " ") or criterion.id
