"""Carrying out an outcome on a forge: the one place where a plan becomes a branch and a pull request.

Every step can be repeated: a run that is killed after the push finds its branch and adopts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.change import Adopt, Change, Create, Receipt, Refuse, Skip, Update

if TYPE_CHECKING:
    from towpath.model.change import Outcome
    from towpath.model.forge import Forge, Moment, PullRequest


def carry_out(
    forge: Forge, outcome: Outcome, *, base_branch: str, superseded: tuple[PullRequest, ...], now: Moment, by: str
) -> Receipt:
    """Do what the outcome says; the caller has already turned away a `Refuse`.

    Args:
        superseded: open pull requests that this one makes obsolete; they are closed with the reason.

    Raises:
        TryAgain: something moved since the outcome was decided; nothing is half-done.
    """
    match outcome:
        case Skip(change=change, number=number):
            done, pull = "unchanged", forge.get(number)
        case Update(change=change, number=number):
            _push(forge, change, now, by)
            done, pull = "updated", forge.retitle(number, title=change.title, body=change.body, now=now, by=by)
        case Adopt(change=change):
            done, pull = "adopted", _open(forge, change, forge.branch_head(change.branch) or "", base_branch, now, by)
        case Create(change=change):
            done, pull = "created", _open(forge, change, _push(forge, change, now, by), base_branch, now, by)
        case Refuse():
            raise ValueError("a refused change is not carried out")
    for other in superseded:
        forge.close(other.number, reason=f"superseded by #{pull.number}: {change.title}", now=now, by=by)
    return Receipt(
        runbook=change.runbook,
        done=done,
        number=pull.number,
        branch=change.branch,
        head=pull.head,
        superseded=tuple(other.number for other in superseded),
    )


def _push(forge: Forge, change: Change, now: Moment, by: str) -> str:
    return forge.push_branch(
        change.branch,
        base=change.base,
        edits=change.edits,
        message=f"{change.title}\n\nRecord: {change.runbook} {change.record.seq}\n",
        expected=forge.branch_head(change.branch),
        now=now,
        by=by,
    )


def _open(forge: Forge, change: Change, head: str, base_branch: str, now: Moment, by: str) -> PullRequest:
    return forge.open(
        branch=change.branch,
        base_branch=base_branch,
        head=head,
        title=change.title,
        body=change.body,
        labels=change.labels,
        reviewers=change.reviewers,
        now=now,
        by=by,
    )
