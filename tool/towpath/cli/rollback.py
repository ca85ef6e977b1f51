"""`towpath rollback`: open the pull request that goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from towpath.cli.answering import DRY_RUN, FORMAT, gather, names_of, print_answers, several
from towpath.cli.context import workplace

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.change import Change, NotYet
    from towpath.plan.retreat import Target
    from towpath.plan.situation import Situation


@click.command()
@several
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes into the record and the hold.")
@click.option(
    "--to",
    type=click.Choice(["baseline", "previous"]),
    help="Where to; what the stage's rollback section says unless given.",
)
@DRY_RUN
@FORMAT
def rollback(
    runbooks: tuple[str, ...], everything: bool, reason: str, to: Target | None, dry_run: bool, form: str
) -> int:
    """Open the pull request that takes traffic away from RUNBOOK's candidate.

    The fast lane: no bake, no gate, no lint; only the direction is checked. It sets a hold, and it closes an open
    promotion of the same runbook. Afterwards only `towpath resume` goes on.
    """
    from towpath.cli.stepping import step
    from towpath.plan.retreat import plan_rollback

    def planner(_: Ground, situation: Situation) -> Change | NotYet:
        return plan_rollback(situation, reason, to)

    place = workplace()
    names = names_of(place, runbooks, everything=everything)
    answers = gather(names, lambda name: step(place, name, "rollback", planner, dry_run=dry_run))
    return print_answers(answers, form, dry_run=dry_run)
