"""`towpath hold`: block promotions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from towpath.cli.answering import DRY_RUN, FORMAT, gather, names_of, print_answers, several
from towpath.cli.context import workplace
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.change import Change, NotYet
    from towpath.plan.situation import Situation


@click.command()
@several
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes into the record.")
@click.option(
    "--until", metavar="TIME", help="When to look again, such as 2026-12-01T09:00:00Z; nothing ends by itself."
)
@DRY_RUN
@FORMAT
def hold(runbooks: tuple[str, ...], everything: bool, reason: str, until: str | None, dry_run: bool, form: str) -> int:
    """Open the pull request that blocks every promotion of RUNBOOK until somebody resumes.

    Traffic stays where it is. The bake clock stands still while a hold is set.
    """
    from towpath.cli.stepping import step
    from towpath.plan.pause import plan_hold

    moment = _moment(until)

    def planner(_: Ground, situation: Situation) -> Change | NotYet:
        return plan_hold(situation, reason, moment)

    place = workplace()
    names = names_of(place, runbooks, everything=everything)
    answers = gather(names, lambda name: step(place, name, "hold", planner, dry_run=dry_run))
    return print_answers(answers, form, dry_run=dry_run)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"--until {text!r} is no time with a time zone", "write for example 2026-12-01T09:00:00Z")
    return moment.astimezone(UTC)
