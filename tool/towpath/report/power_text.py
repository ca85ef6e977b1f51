"""What an evaluation could decide, for a terminal and for programs: plain words first, numbers second."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from towpath.report.codeframe import visible

if TYPE_CHECKING:
    from towpath.gate.power import LivePower, PowerReport, TaskPower

METHODS = (
    "drop: smallest loss seen as worse with 80 % chance (Connor 1987; Holm's first step over all tasks)",
    "needed: 80 % chance for an equal candidate (Nam 1997; under 200 examples a little too few)",
    "chance, right and wrong: every outcome counted with the gate's own limit; graded, clustered: noncentral t",
    "all together: product over the tasks, which share no example; speed, cost and errors are no part of it",
    "live: limits that hold however often one looks (Waudby-Smith et al. 2024), at the widest spread of a rate",
    "live: a trigger on tasks is taken to see an even part of the calls; segments are not counted",
)


def power_data(report: PowerReport) -> dict[str, Any]:
    """The answer as plain data, floats rounded to nine digits."""
    data = asdict(report) | {"reachable": report.reachable, "methods": list(METHODS)}
    data["tasks"] = [
        asdict(one) | {"possible": one.possible, "reachable": one.reachable, "says": _says(one)} for one in report.tasks
    ]
    data["live"] = [asdict(one) | {"decides": one.decides, "says": _lives(one)} for one in report.live]
    rounded: dict[str, Any] = _rounded(data)
    return rounded


def render_power(report: PowerReport, *, colour: bool) -> str:
    """The answer as text."""
    out = [one for one in report.tasks if not one.reachable]
    total = len(report.tasks)
    if not total:
        answer = "no task is load-bearing, so there is nothing to decide"
    elif not any(one.n for one in report.tasks):
        answer = "there are no examples yet; this many would decide"
    elif out:
        answer = f"{len(out)} of {total} margins cannot be expected to be decided with the examples at hand"
    else:
        answer = f"all {total} margins can be decided with the examples at hand"
    mark, tint = ("enough", "green") if report.reachable else ("not enough", "yellow")
    start = click.style(mark, fg=tint, bold=True) if colour else mark
    lines = [f"{start}  {visible(report.runbook)}: {visible(report.stage)}: {answer}"]
    if any(one.n for one in report.tasks):
        chance = f"{report.all_pass:.0%}"
        lines.append(f"  a candidate exactly as good as the baseline would pass all margins with a chance of {chance}")
    lines += ["", *(f"  {visible(_says(one))}" for one in report.tasks)]
    if report.live:
        lines += ["", "Live:", *(f"  {visible(_lives(one))}" for one in report.live)]
    if report.tasks:
        lines += ["", *_table(report.tasks)]
    how = (
        f"differences measured in {visible(report.evidence)}" if report.evidence else "no evidence: differences assumed"
    )
    lines += ["", f"{how}; confidence {report.confidence:.0%}", *(f"  {line}" for line in METHODS)]
    return "\n".join(lines)


def _says(one: TaskPower) -> str:
    """One task in plain words."""
    name = f"{one.task} (watch task)" if one.watch else one.task
    if one.margin is None or one.needed is None:
        return f"{name}: it has no margin, so nothing can be decided"
    margin = f"{one.margin * 100:g} points"
    known = "" if one.measured else f" (assumed: the models differ on {one.variance:.0%} of the examples)"
    if not one.n:
        return f"{name}: about {one.needed:,} examples decide its margin of {margin}{known}; there are none yet"
    if not one.possible:
        least = f"{one.fewest:,}" if one.fewest else "2"
        return (
            f"{name}: {one.n:,} examples cannot show {margin}, even if both models answered every one alike: "
            f"at least {least}, for an 80 % chance about {one.needed:,}; a pass would be luck ({one.chance:.0%}){known}"
        )
    seen = "no drop shows reliably" if one.drop is None else f"a drop of {one.drop * 100:.1f} points shows"
    start = f"{name}: with {one.n:,} examples {seen}; an equal candidate passes {margin} with {one.chance:.0%} chance"
    return start + known if one.reachable else f"{start}{known}; about {one.needed - one.n:,} more examples are needed"


def _lives(one: LivePower) -> str:
    """One trigger of a live stage in plain words."""
    name = f"{one.stage} ({one.percent:g} %)" + (f", {one.trigger}" if one.trigger else "")
    if one.calls is None or one.drop is None or one.bake_days is None:
        return f"{name}: cannot tell, {'the bake' if one.bake_days is None else 'calls_per_day'} is not declared"
    within = f"{one.calls:,} calls in {one.bake_days:g} days"
    if one.worse_by is None:
        return f"{name}: {within} show a change of {one.drop * 100:.1f} points; no trigger asks for points"
    asked = f"{one.worse_by * 100:g} points"
    if one.decides:
        return f"{name}: {within} are enough to see {asked}" + (f", after {one.days:.1f} days" if one.days else "")
    more = "" if one.needed is None else f"; that takes {one.needed:,} calls, {one.days or 0:.1f} days"
    return f"{name}: {within} cannot tell {asked}, only {one.drop * 100:.1f}{more}"


def _table(tasks: tuple[TaskPower, ...]) -> list[str]:
    name = max(4, *(len(visible(one.task)) for one in tasks))
    head = f"  {'task':<{name}}  {'scores':<9}  {'examples':>8}  {'spread':>8}  {'margin':>6}  {'drop':>5}"
    lines = [f"{head}  {'least':>6}  {'needed':>7}  {'all together':>12}  chance"]
    for one in tasks:
        spread = f"{one.variance:.3f}" + ("" if one.measured else "?")
        margin = "-" if one.margin is None else f"{one.margin * 100:g}"
        drop = "-" if one.drop is None else f"{one.drop * 100:.1f}"
        lines.append(
            f"  {visible(one.task):<{name}}  {one.kind:<9}  {one.n:>8,}  {spread:>8}  {margin:>6}  {drop:>5}"
            f"  {_count(one.fewest):>6}  {_count(one.needed):>7}  {_count(one.needed_together):>12}  {one.chance:>6.1%}"
        )
    return lines


def _count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value
