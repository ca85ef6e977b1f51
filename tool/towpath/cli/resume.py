"""`towpath resume`: clear a hold, a rollback or a closed step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from towpath.cli.answering import DRY_RUN, FORMAT, print_answers
from towpath.cli.context import workplace

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.change import Change, NotYet
    from towpath.plan.situation import Situation


@click.command()
@click.argument("runbook")
@click.option("--to", metavar="STAGE", help="After a rollback: where to start again, `planned` or the first stage.")
@click.option("--reason", default="", metavar="TEXT", help="Why; needed where the evidence is older than the rollback.")
@DRY_RUN
@FORMAT
def resume(runbook: str, to: str | None, reason: str, dry_run: bool, form: str) -> int:
    """Open the pull request that lets promotions of RUNBOOK go on.

    It clears a hold. After a rollback, --to says where to start again, with evidence newer than the rollback or a
    reason, and the bake starts again. It also unblocks a step whose pull request somebody closed.
    """
    from towpath.cli.stepping import judge_for, step
    from towpath.plan.pause import plan_resume

    def planner(here: Ground, situation: Situation) -> Change | NotYet:
        closed = here.closed_step(situation.runbook) is not None
        return plan_resume(situation, judge_for(here, situation), to=to, reason=reason, closed_step=closed)

    answer = step(workplace(), runbook, "resume", planner, dry_run=dry_run)
    return print_answers([answer], form, dry_run=dry_run)
