"""`towpath status`: now, next, when, and why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import workplace
from towpath.model.change import Change, NotYet
from towpath.model.errors import TowpathError
from towpath.model.quantity import duration_text, elapsed_text

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.forge import PullRequest
    from towpath.model.runbook import Runbook
    from towpath.plan.bake import Bake


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one migration stands.

    Attributes:
        ahead: the next transition, or why there is none.
        failed: why it could not be looked at.
    """

    name: str
    runbook: Runbook | None = None
    bake: Bake | None = None
    ahead: Change | NotYet | None = None
    pulls: tuple[PullRequest, ...] = ()
    failed: TowpathError | None = None


@click.command()
@click.argument("runbooks", metavar="[RUNBOOK]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Finished and rolled-back migrations too.")
@click.option("--dry-run", is_flag=True, help="As with the other commands; status never writes.")
@FORMAT
def status(runbooks: tuple[str, ...], everything: bool, dry_run: bool, form: str) -> int:
    """Show where every migration stands: now, next, when, and why not.

    Read from the base branch. Exit code 0, or 2 when a runbook cannot be read.
    """
    from towpath.cli.ground import ground

    here = ground(workplace())
    names = runbooks or tuple(
        runbook.id for runbook in here.runbooks if everything or runbook.live or runbook.rollout.hold is not None
    )
    standings = [standing(here, name) for name in names]
    if form == "json":
        click.echo(json.dumps({"base": here.base, "runbooks": [_data(one) for one in standings]}, indent=2))
    else:
        for one in standings:
            _print(one)
        if not standings:
            click.echo("no live migration (--all shows those that ended); start one with: towpath new")
    return 2 if any(one.failed is not None for one in standings) else 0


def standing(here: Ground, name: str) -> Standing:
    """Where one migration stands; an error is part of the answer."""
    from towpath.cli.stepping import judge_for
    from towpath.model.record import Attestation
    from towpath.plan.promotion import plan_promotion

    try:
        situation = here.situation(name, "promote")
        # what only a person can vouch for is not what keeps status from looking further
        vouched = tuple(Attestation(what=what, statement="to be vouched for") for what in ("review", "compare"))
        ahead = plan_promotion(situation, judge_for(here, situation), vouched)
    except TowpathError as problem:
        return Standing(name=name, failed=problem)
    runbook = situation.runbook
    return Standing(name=runbook.id, runbook=runbook, bake=situation.bake, ahead=ahead, pulls=here.pulls_of(runbook.id))


def _print(one: Standing) -> None:
    from towpath.report.codeframe import visible

    name = click.style(visible(one.name), bold=True)
    if one.runbook is None or one.bake is None:
        click.echo(f"{name}: {click.style('error', fg='red', bold=True)}: {visible(str(one.failed))}")
        if one.failed is not None and one.failed.hint:
            click.echo(f"  {visible(one.failed.hint)}")
        return
    rollout, bake = one.runbook.rollout, one.bake
    click.echo(f"{name}  {visible(one.runbook.title)}")
    click.echo(f"  now    {rollout.stage}, {rollout.percent:f} %{_segments(one.runbook)}  {_way(one.runbook)}")
    if bake.required:
        left = "" if bake.over else f", {elapsed_text(bake.required - bake.elapsed)} left"
        paused = ", standing still" if bake.held else ""
        click.echo(f"  baked  {elapsed_text(bake.elapsed)} of {duration_text(bake.required)}{left}{paused}")
    if isinstance(one.ahead, Change):
        to = one.ahead.record.to
        click.echo(f"  next   {click.style(f'{to.stage}, {to.percent:f} %', fg='green')}: everything is there")
        for what in _to_vouch(one.runbook):
            click.echo(f"         somebody has to vouch for its {what}: towpath promote --attest {what}=TEXT")
    elif isinstance(one.ahead, NotYet):
        click.echo(f"  next   {_word(one.ahead)}: {visible(one.ahead.message)}")
        if one.ahead.help:
            click.echo(f"         {visible(one.ahead.help)}")
    for pull in one.pulls:
        click.echo(f"  open   #{pull.number} {visible(pull.title)}")


def _word(missing: NotYet) -> str:
    """A gate that fails is an answer; everything else may change with time."""
    return click.style("no", fg="red") if missing.exit_code == 1 else click.style("not yet", fg="yellow")


def _segments(runbook: Runbook) -> str:
    try:
        found = runbook.segments_at(runbook.rollout.stage)
    except KeyError:
        return ""
    return f" and {', '.join(found)}" if found else ""


def _way(runbook: Runbook) -> str:
    """The stages as a line, the present one marked."""
    return " > ".join(
        click.style(f"[{stage.name}]", bold=True) if stage.name == runbook.rollout.stage else stage.name
        for stage in runbook.stages
    )


def _to_vouch(runbook: Runbook) -> list[str]:
    stage = runbook.stage(runbook.rollout.stage)
    if stage is None:
        return []
    return [what for what, asked in (("review", stage.review), ("compare", stage.compare)) if asked is not None]


def _data(one: Standing) -> dict[str, Any]:
    if one.runbook is None or one.bake is None:
        return {"runbook": one.name, "error": str(one.failed), "help": one.failed.hint if one.failed else ""}
    rollout, ahead = one.runbook.rollout, one.ahead
    hold = rollout.hold
    data: dict[str, Any] = {
        "runbook": one.name,
        "title": one.runbook.title,
        "stage": rollout.stage,
        "percent": format(rollout.percent, "f"),
        "hold": {"by": hold.by, "reason": hold.reason} if hold else None,
        "bake": {
            "required_seconds": int(one.bake.required.total_seconds()),
            "elapsed_seconds": int(one.bake.elapsed.total_seconds()),
            "due": one.bake.due.strftime("%Y-%m-%dT%H:%M:%SZ") if one.bake.due else None,
            "over": one.bake.over,
        },
        "open": [pull.number for pull in one.pulls],
        "to_vouch": _to_vouch(one.runbook),
    }
    if isinstance(ahead, NotYet):
        due = ahead.due.strftime("%Y-%m-%dT%H:%M:%SZ") if ahead.due else None
        data["next"] = None
        data["missing"] = {"code": ahead.code, "message": ahead.message, "help": ahead.help, "due": due}
    elif isinstance(ahead, Change):
        data["next"] = {"stage": ahead.record.to.stage, "percent": format(ahead.record.to.percent, "f")}
        data["missing"] = None
    return data
