"""Hold, resume and close: the transitions that move no traffic up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from towpath.model.change import Change, NotYet
from towpath.model.quantity import duration_text, elapsed_text
from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK, Hold, Rollout
from towpath.model.verdict import Verdict
from towpath.plan.building import build
from towpath.plan.promotion import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from towpath.model.runbook import Stage
    from towpath.plan.promotion import Judged
    from towpath.plan.situation import Situation


def plan_hold(situation: Situation, reason: str, until: datetime | None = None) -> Change | NotYet:
    """Block every promotion until somebody resumes."""
    runbook = situation.runbook
    if runbook.rollout.stage == DONE:
        return _no(situation, "finished", "the migration is done; there is nothing to hold")
    if (present := runbook.rollout.hold) is not None:
        return _no(situation, "hold", f"it is on hold already, by {present.by}: {present.reason}")
    if until is not None and until <= situation.snapshot.now:
        return _no(situation, "hold", f"{until:%Y-%m-%d %H:%M} UTC has passed already", exit_code=2)
    hold = Hold(by=situation.actor, reason=reason, since=situation.stamp, until=until)
    return build(
        situation,
        "hold",
        replace(runbook.rollout, hold=hold),
        title=f"{runbook.id}: hold at {runbook.rollout.stage}",
        reason=reason,
    )


def plan_resume(
    situation: Situation,
    judge: Callable[[Stage], Judged],
    *,
    to: str | None = None,
    reason: str = "",
    closed_step: bool = False,
) -> Change | NotYet:
    """Clear a hold; after a rollback also say where to start again.

    A migration that was rolled back starts again at `planned` or at its first stage, never higher: what the stages
    above it showed was shown before the failure. The first stage is entered through its gate, with evidence that is
    newer than the rollback, or with a reason. What a rollback set in motion is cleared by the same two alone.

    Args:
        closed_step: a person closed the pull request of the current step; resuming makes the next one possible.
    """
    runbook = situation.runbook
    rollout = runbook.rollout
    if rollout.stage == ROLLED_BACK:
        return _start_again(situation, judge, to, reason)
    if to is not None and to != rollout.stage:
        return _no(
            situation, "resume", f"it stands at {rollout.stage}; --to is for a migration that was rolled back", 2
        )
    if rollout.hold is None and not closed_step:
        return _no(situation, "resume", "nothing to resume: no hold is set and no pull request was closed")
    last = situation.chain.last
    if rollout.hold is not None and last is not None and last.action == "rollback":
        # it went back to the stage before; the hold came with the rollback
        stage = runbook.stage(rollout.stage)
        if not reason.strip() and (stage is None or not _newer(situation, judge(stage))):
            return _too_old(situation)
    return build(
        situation,
        "resume",
        replace(rollout, hold=None),
        title=f"{runbook.id}: resume at {rollout.stage}",
        reason=reason,
    )


def _start_again(
    situation: Situation, judge: Callable[[Stage], Judged], to: str | None, reason: str
) -> Change | NotYet:
    runbook = situation.runbook
    first = runbook.stages[0]
    if to not in (PLANNED, first.name):
        named = "say where to start again" if to is None else f"it cannot start again at {to}"
        return _no(
            situation,
            "resume",
            f"the migration was rolled back: {named}",
            2,
            f"towpath resume {runbook.id} --to {PLANNED}, or --to {first.name}",
        )
    title = f"{runbook.id}: start again at {to}"
    judged = judge(first)
    if not reason.strip() and not _newer(situation, judged):
        return _too_old(situation)
    if to == PLANNED:
        return build(situation, "resume", Rollout(stage=PLANNED, percent=Decimal(0)), title=title, reason=reason)
    if judged.report.verdict is not Verdict.PASS:
        return _no(
            situation,
            "gate",
            f"the gate for {first.name} says {judged.report.verdict.value}",
            EXIT_CODES[judged.report.verdict],
            f"see: towpath gate {runbook.id} --stage {first.name}",
        )
    return build(
        situation,
        "resume",
        Rollout(stage=first.name, percent=first.percent or Decimal(0)),
        title=title,
        reason=reason,
        gate=judged.report,
        gate_sha256=judged.sha256,
    )


def _newer(situation: Situation, judged: Judged) -> bool:
    """Whether something was measured since the last transition."""
    last = situation.chain.last
    return last is None or any(datetime.fromisoformat(use.measured_at) > last.created for use in judged.report.evidence)


def _too_old(situation: Situation) -> NotYet:
    return _no(
        situation,
        "resume",
        "there is no evidence newer than the rollback",
        3,
        "measure again, or say why the old evidence still holds with --reason",
    )


def plan_close(situation: Situation, reason: str = "") -> Change | NotYet:
    """Finish a migration whose last stage has baked: stage `done`, the exports stay at 100 %."""
    runbook = situation.runbook
    rollout = runbook.rollout
    if rollout.stage == DONE:
        return _no(situation, "finished", "the migration is done already", 0)
    last = runbook.stages[-1]
    if rollout.stage != last.name:
        return _no(situation, "not-last", f"it stands at {rollout.stage}; only {last.name} can be closed")
    if rollout.hold is not None:
        return _no(situation, "hold", f"on hold by {rollout.hold.by}: {rollout.hold.reason}")
    bake = situation.bake
    if not bake.over:
        message = f"stage {bake.stage} has baked {elapsed_text(bake.elapsed)} of {duration_text(bake.required)}"
        return replace(_no(situation, "bake", message), due=bake.due)
    return build(
        situation, "close", Rollout(stage=DONE, percent=Decimal(100)), title=f"{runbook.id}: done", reason=reason
    )


def _no(situation: Situation, code: str, message: str, exit_code: int = 3, advice: str = "") -> NotYet:
    return NotYet(runbook=situation.runbook.id, code=code, message=message, help=advice, exit_code=exit_code)
