"""`towpath promote`: open the pull request for the next stage, when everything is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from towpath.cli.answering import DRY_RUN, FORMAT, gather, names_of, print_answers, several
from towpath.cli.context import workplace
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.change import Change, NotYet
    from towpath.model.record import Attestation
    from towpath.plan.situation import Situation

ATTESTABLE = ("review", "compare")


@click.command()
@several
@click.option(
    "--attest",
    multiple=True,
    metavar="WHAT=TEXT",
    help="Vouch for a `review` or `compare` the current stage asks for; your words go into the record.",
)
@DRY_RUN
@FORMAT
def promote(runbooks: tuple[str, ...], everything: bool, attest: tuple[str, ...], dry_run: bool, form: str) -> int:
    """Open the pull request that moves RUNBOOK one stage up.

    Only when lint is clean, no hold is set, the current stage has baked, and the gate of the next stage passes on the
    evidence of the base branch. Otherwise it says what is missing and when to come back. The change is the rollout
    block, one record and the exports. Running it again changes nothing.

    Exit code 0: the pull request is open. 1: lint or the gate says no. 3: not due, on hold, or cannot tell.
    """
    from towpath.cli.stepping import judge_for, step
    from towpath.plan.promotion import plan_promotion

    attested = attestations(attest)

    def planner(here: Ground, situation: Situation) -> Change | NotYet:
        return plan_promotion(situation, judge_for(here, situation), attested)

    place = workplace()
    names = names_of(place, runbooks, everything=everything)
    answers = gather(names, lambda name: step(place, name, "promote", planner, dry_run=dry_run))
    return print_answers(answers, form, dry_run=dry_run)


def attestations(wanted: tuple[str, ...]) -> tuple[Attestation, ...]:
    """`WHAT=TEXT` options as values.

    Raises:
        UsageError: another WHAT, or no text.
    """
    from towpath.model.record import Attestation

    said = []
    for one in wanted:
        what, _, statement = one.partition("=")
        if what not in ATTESTABLE or not statement.strip():
            raise UsageError(
                f"--attest {one!r} is not WHAT=TEXT", 'write for example --attest review="50 read, 1 serious"'
            )
        said.append(Attestation(what=what, statement=statement.strip()))
    return tuple(said)
