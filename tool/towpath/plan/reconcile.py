"""What to do about a change, given what is on the forge already: create, update, adopt, skip or refuse.

1. A person's commit on the branch stops us: their work is never overwritten.
2. Another open step of the same runbook goes first, unless this one is a rollback or a hold, which closes it.
3. An open pull request of this step is left alone when it says the same, else brought up to date.
4. A person who closed a promotion (or the end of a migration) blocked that step; only a resume goes on. What people ask
   for by name, a rollback, a hold or a resume, may be asked for again.
5. A merged one means that the base was read too early.
6. A branch without a pull request is adopted when it says the same, else written anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from towpath.model.change import Adopt, Change, Create, Outcome, Refuse, Skip, Update
from towpath.plan.naming import step_of
from towpath.record.statement import RecordRefused, read_record

if TYPE_CHECKING:
    from towpath.model.forge import PullRequest
    from towpath.model.record import Action
    from towpath.model.snapshot import Files

URGENT: tuple[Action, ...] = ("rollback", "hold", "emergency")
"""Actions that close an open step they contradict instead of waiting for it."""

BLOCKED_BY_CLOSING: tuple[Action, ...] = ("promote", "close")
"""Actions a bot may take unasked: closing their pull request means "not this step"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchState:
    """What the forge has for one change.

    Attributes:
        head: the branch's tip, None when there is no such branch.
        files: the tree at that tip.
        foreign: commits on the branch that a person made.
        pulls: pull requests of exactly this branch, newest first.
        others: open pull requests of the same runbook on other branches.
    """

    head: str | None
    files: Files | None
    foreign: tuple[str, ...]
    pulls: tuple[PullRequest, ...]
    others: tuple[PullRequest, ...] = ()


def reconcile(change: Change, branch: BranchState) -> Outcome:
    """The one thing to do; the steps are numbered as above."""
    newest = branch.pulls[0] if branch.pulls else None
    number = newest.number if newest else None
    if branch.foreign:
        return _refuse(
            change,
            "foreign",
            f"{change.branch} holds {len(branch.foreign)} commit(s) of a person ({branch.foreign[-1][:12]})",
            "merge or close their pull request, or take their commits off the branch; they are never overwritten",
            number,
        )
    if change.record.action not in URGENT and (blocking := _blocking(change, branch.others)):
        return _refuse(
            change,
            "blocked",
            f"pull request #{blocking.number} of this runbook is open: {' '.join(blocking.title.split())}",
            f"merge or close it first: towpath pr show {blocking.number}",
            blocking.number,
        )
    if newest is not None and newest.state == "open":
        if says_the_same(change, branch.files):
            return Skip(change=change, number=newest.number)
        return Update(change=change, number=newest.number, why="the base or the evidence moved")
    if newest is not None and newest.state == "closed" and change.record.action in BLOCKED_BY_CLOSING:
        why = f": {' '.join(newest.reason.split())}" if newest.reason else ""
        return _refuse(
            change,
            "closed",
            f"{newest.ended_by or 'somebody'} closed pull request #{newest.number} of this step{why}",
            f"go on with: towpath resume {change.runbook} --reason TEXT",
            newest.number,
        )
    if newest is not None and newest.state == "merged":
        return _refuse(
            change, "merged", f"pull request #{newest.number} of this step is merged already", "run it again", number
        )
    if branch.head is not None and says_the_same(change, branch.files):
        return Adopt(change=change)
    return Create(change=change)


def superseded(change: Change, others: tuple[PullRequest, ...]) -> tuple[PullRequest, ...]:
    """Open pull requests of the runbook that this change makes obsolete."""
    if change.record.action in URGENT:
        return tuple(pull for pull in others if not _is(pull, "rollback"))
    return tuple(pull for pull in others if _seq(pull) < change.record.seq)


def says_the_same(change: Change, files: Files | None) -> bool:
    """Whether a tree holds this change, whatever commit and moment it was planned on."""
    if files is None:
        return False
    for edit in change.edits:
        present = files.read(edit.path)
        if present == edit.after:
            continue
        if present is None or not edit.path.endswith(f"/{change.record.seq:06d}.json"):
            return False
        try:
            written = read_record(present, edit.path)
        except RecordRefused:
            return False
        ours = change.record
        written = replace(written, base=ours.base, created=ours.created, actor=ours.actor)
        if written != ours:
            return False
    return True


def _blocking(change: Change, others: tuple[PullRequest, ...]) -> PullRequest | None:
    return next((pull for pull in others if _seq(pull) >= change.record.seq), None)


def _seq(pull: PullRequest) -> int:
    step = step_of(pull.branch)
    return step.seq if step else 0


def _is(pull: PullRequest, action: str) -> bool:
    step = step_of(pull.branch)
    return step is not None and step.action == action


def _refuse(change: Change, code: str, message: str, advice: str, number: int | None) -> Refuse:
    return Refuse(runbook=change.runbook, code=code, message=message, help=advice, number=number)
