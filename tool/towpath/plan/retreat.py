"""Rollback: down, at once. No bake, no freeze, no cost gate; only the direction is checked, and a hold is set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from towpath.model.change import Change, NotYet
from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK, Hold, Rollout
from towpath.plan.building import build
from towpath.traffic.routing import NowhereToRoute, routing_of

if TYPE_CHECKING:
    from towpath.model.runbook import Runbook
    from towpath.plan.situation import Situation

Target = Literal["baseline", "previous"]


def plan_rollback(situation: Situation, reason: str, to: Target | None = None) -> Change | NotYet:
    """The change that goes back, or why there is nothing to go back from.

    Args:
        to: where to; what the current stage's rollback section says unless given.
    """
    runbook = situation.runbook
    lowered = target(runbook, to)
    if isinstance(lowered, NotYet):
        return lowered
    hold = Hold(by=situation.actor, reason=reason, since=situation.stamp, until=None)
    rollout = replace(lowered, hold=hold)
    try:
        routing_of(replace(runbook, rollout=rollout), situation.snapshot.now.date())
    except NowhereToRoute as problem:
        return NotYet(runbook=runbook.id, code="no-target", message=str(problem), help=problem.hint, exit_code=2)
    return build(
        situation,
        "rollback",
        rollout,
        title=f"{runbook.id}: roll back from {runbook.rollout.stage} to {rollout.stage} ({rollout.percent} %)",
        reason=reason,
    )


def target(runbook: Runbook, to: Target | None = None) -> Rollout | NotYet:
    """Where a rollback of the current state leads; always lower than where it stands."""
    rollout = runbook.rollout
    if rollout.stage in (PLANNED, ROLLED_BACK, DONE):
        why = {
            PLANNED: "no traffic has moved yet",
            ROLLED_BACK: "it is rolled back already; a rollback is never rolled back",
            DONE: "the migration is done; going back is a migration of its own",
        }[rollout.stage]
        return NotYet(runbook=runbook.id, code="nothing-to-roll-back", message=why, exit_code=1)
    if runbook.stage(rollout.stage) is None:
        # somebody renamed or removed the stage it stands at; the way to the baseline is open all the same
        return Rollout(stage=ROLLED_BACK, percent=Decimal(0))
    index = runbook.stage_index(rollout.stage)
    section = runbook.stages[index].rollback
    chosen = to or (section.to if section is not None else None) or "baseline"
    if chosen == "baseline" or index == 0:
        return Rollout(stage=ROLLED_BACK, percent=Decimal(0))
    previous = runbook.stages[index - 1]
    if previous.percent is None or previous.percent >= rollout.percent:
        return Rollout(stage=ROLLED_BACK, percent=Decimal(0))
    return Rollout(stage=previous.name, percent=previous.percent)
