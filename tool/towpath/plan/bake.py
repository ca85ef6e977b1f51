"""The bake clock: how long the rollout has stood in its stage, in elapsed UTC seconds.

It starts when the transition landed on the base branch. A hold pauses it. A rollback, a resume, and an amend that
touches arms, salt, stages or tasks start it again. Where a landing time is not known the clock takes the later of the
possible moments, so that it never says a bake is over too early.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.model.history import Revision
    from towpath.model.runbook import Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Bake:
    """Where the clock of the current stage stands.

    Attributes:
        required: what the stage asks for; zero where no traffic moves.
        started: the moment from which time counts; None when no landing since the entry is known.
        due: when the bake is over if nothing stops it; None while held or when the start is not known.
        simulated: whether a simulated moment went into it.
    """

    stage: str
    required: timedelta
    elapsed: timedelta
    started: datetime | None
    due: datetime | None
    held: bool = False
    simulated: bool = False

    @property
    def over(self) -> bool:
        """Whether the stage has stood long enough."""
        return self.elapsed >= self.required


def bake_of(revisions: Sequence[Revision], now: datetime) -> Bake:
    """The clock of the newest revision.

    Args:
        revisions: oldest first; the last one is the current state and must be readable.
    """
    current = revisions[-1].runbook
    if current is None:
        raise ValueError("the current revision cannot be read")
    stage = current.rollout.stage
    held = current.rollout.hold is not None
    required = _required(current)
    if not required:
        return Bake(stage=stage, required=required, elapsed=timedelta(0), started=None, due=None, held=held)
    since = list(revisions[_entry(revisions) :])
    elapsed = _unheld(since, now)
    known = [revision.landing for revision in since if revision.landing.at is not None]
    left = required - elapsed
    due = None if held or not known or required == timedelta.max else max(now, now + left)
    return Bake(
        stage=stage,
        required=required,
        elapsed=elapsed,
        started=known[0].at if known else None,
        due=due,
        held=held,
        simulated=any(landing.simulated for landing in known),
    )


def restarts_bake(before: Runbook, after: Runbook) -> bool:
    """Whether a change of the file is one after which earlier observation no longer counts."""
    return _tested(before) != _tested(after)


def _required(runbook: Runbook) -> timedelta:
    if runbook.rollout.stage in (PLANNED, ROLLED_BACK, DONE):
        return timedelta(0)
    stage = runbook.stage(runbook.rollout.stage)
    if stage is None or stage.bake is None:
        # lint reports it; a stage that names no time is never left by waiting
        return timedelta.max
    return stage.bake


def _tested(runbook: Runbook) -> tuple[object, ...]:
    # prices and retirement dates change what a model costs and when it dies, not how it behaves
    arms = tuple(
        None if arm is None else replace(arm, price=None, retires=None)
        for arm in (runbook.baseline, runbook.candidate, runbook.fallback)
    )
    return (arms, runbook.salt, runbook.unit, runbook.stages, runbook.tasks)


def _entry(revisions: Sequence[Revision]) -> int:
    """Index of the revision that started the clock last."""
    entry = 0
    for index, (before, after) in enumerate(pairwise(revisions), start=1):
        if _starts_again(before.runbook, after.runbook):
            entry = index
    return entry


def _starts_again(before: Runbook | None, after: Runbook | None) -> bool:
    if before is None or after is None:
        return True
    return before.rollout.stage != after.rollout.stage or restarts_bake(before, after)


def _unheld(since: Sequence[Revision], now: datetime) -> timedelta:
    """Time not under a hold, never more than it can have been."""
    total = timedelta(0)
    index = 0
    for held, run in groupby(since, key=_holds):
        first, index = index, index + len(list(run))
        if held:
            continue
        begin = _first_known(since[first:], now)
        # a hold may have landed at any moment after the last known one
        end = now if index == len(since) else _last_known(since[: index + 1], begin)
        total += max(timedelta(0), end - begin)
    return total


def _holds(revision: Revision) -> bool:
    return revision.runbook is None or revision.runbook.rollout.hold is not None


def _first_known(revisions: Sequence[Revision], otherwise: datetime) -> datetime:
    return next((one.landing.at for one in revisions if one.landing.at is not None), otherwise)


def _last_known(revisions: Sequence[Revision], otherwise: datetime) -> datetime:
    return next((one.landing.at for one in reversed(revisions) if one.landing.at is not None), otherwise)
