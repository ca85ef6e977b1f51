"""`towpath close`: finish a migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from towpath.cli.answering import DRY_RUN, FORMAT, gather, names_of, print_answers, several
from towpath.cli.context import workplace

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.change import Change, NotYet
    from towpath.plan.situation import Situation


@click.command()
@several
@click.option("--reason", default="", metavar="TEXT", help="Anything the record should say.")
@DRY_RUN
@FORMAT
def close(runbooks: tuple[str, ...], everything: bool, reason: str, dry_run: bool, form: str) -> int:
    """Open the pull request that finishes RUNBOOK after its last stage has baked.

    The stage becomes `done` and the exports stay at 100 %: everybody gets the candidate from then on.
    """
    from towpath.cli.stepping import step
    from towpath.plan.pause import plan_close

    def planner(_: Ground, situation: Situation) -> Change | NotYet:
        return plan_close(situation, reason)

    place = workplace()
    names = names_of(place, runbooks, everything=everything)
    answers = gather(names, lambda name: step(place, name, "close", planner, dry_run=dry_run))
    return print_answers(answers, form, dry_run=dry_run)
