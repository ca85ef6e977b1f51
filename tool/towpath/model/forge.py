"""The pull-request port: what promotion needs of a forge, and nothing else.

One contract suite (`tests/support/forge_contract.py`) runs against every implementation. Every write carries its
precondition (the head or the base it was made for) and fails with `TryAgain` when that has moved; nothing is ever
forced over somebody else's commit. Moments come in as values, and only a forge can vouch for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.model.change import Edit
    from towpath.model.history import Landing
    from towpath.model.snapshot import Files

State = Literal["open", "merged", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is done, aware and in UTC, and whether that time is simulated."""

    at: datetime
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark on a pull request. Its text is untrusted."""

    by: str
    at: Moment
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody approved exactly this head; it says nothing of a later one."""

    by: str
    at: Moment
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as it stands.

    Attributes:
        branch: the branch with the change; `base_branch` is where it wants to land.
        head: commit at the branch's tip (at the end, for one that is merged or closed).
        author: who opened it.
        foreign: commits of the branch that the forge did not get through `push_branch`: a person's work.
        reason: why it was closed.
        merge_commit: the commit on the base branch, once merged.
    """

    number: int
    title: str
    body: str
    branch: str
    base_branch: str
    head: str
    state: State
    author: str
    opened: Moment
    ended: Moment | None = None
    ended_by: str = ""
    reason: str = ""
    merge_commit: str = ""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    comments: tuple[Comment, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who approved the present head."""
        return tuple(dict.fromkeys(one.by for one in self.approvals if one.head == self.head))


class Forge(Protocol):
    """A place where pull requests live. Untrusted text (titles, bodies, reasons) is kept as it is, never executed."""

    def branch_head(self, branch: str) -> str | None:
        """The commit at a branch's tip, or None when there is no such branch."""
        ...

    def files(self, commit: str) -> Files:
        """The tree of a commit."""
        ...

    def landings(self, branch: str, path: str) -> tuple[Landing, ...]:
        """Commits of the branch's first-parent line that changed the file at `path`, oldest first.

        Raises:
            EnvironmentProblem: the history is cut off (shallow) or the branch is missing.
        """
        ...

    def foreign(self, branch: str, base_branch: str) -> tuple[str, ...]:
        """Commits of the branch, not yet on the base, that did not come through `push_branch`."""
        ...

    def push_branch(
        self,
        branch: str,
        *,
        base: str,
        edits: tuple[Edit, ...],
        message: str,
        expected: str | None,
        now: Moment,
        by: str,
    ) -> str:
        """Make `branch` one commit on `base` with these edits; returns the commit.

        The same call with the same arguments gives the same commit.

        Args:
            expected: where the branch must be now (None: it must not exist).

        Raises:
            TryAgain: the branch is somewhere else, or an edit's `before` is not what the base has.
        """
        ...

    def open(
        self,
        *,
        branch: str,
        base_branch: str,
        head: str,
        title: str,
        body: str,
        labels: tuple[str, ...],
        reviewers: tuple[str, ...],
        now: Moment,
        by: str,
    ) -> PullRequest:
        """Open a pull request; a branch has at most one open.

        Raises:
            TryAgain: the branch is not at `head`, or somebody opened one at the same time.
        """
        ...

    def find(self, branch: str, state: State | None = None) -> tuple[PullRequest, ...]:
        """Pull requests of exactly this branch, merged and closed ones too, newest first."""
        ...

    def list(self, state: State | None = None) -> tuple[PullRequest, ...]:
        """Every pull request, newest first."""
        ...

    def get(self, number: int) -> PullRequest:
        """One pull request.

        Raises:
            UsageError: there is none of that number.
        """
        ...

    def changes(self, number: int) -> tuple[tuple[str, bytes | None, bytes | None], ...]:
        """What a pull request changes: path, bytes before, bytes after (None where the file does not exist)."""
        ...

    def retitle(self, number: int, *, title: str, body: str, now: Moment, by: str) -> PullRequest:
        """Give an open pull request a new title and body; the same ones change nothing."""
        ...

    def comment(self, number: int, text: str, *, now: Moment, by: str) -> PullRequest:
        """Add a remark."""
        ...

    def approve(self, number: int, *, head: str, now: Moment, by: str) -> PullRequest:
        """Approve exactly this head.

        Raises:
            TryAgain: the head has moved.
            UsageError: it is not open.
        """
        ...

    def close(self, number: int, *, reason: str, now: Moment, by: str) -> PullRequest:
        """Close without merging. Its branch stays.

        Raises:
            UsageError: it is not open.
        """
        ...

    def merge(self, number: int, *, head: str, now: Moment, by: str) -> PullRequest:
        """Land exactly this head on the base branch, as a merge commit.

        Raises:
            TryAgain: the head has moved, the base moved during the merge, or the two conflict.
            UsageError: it is not open.
            EnvironmentProblem: the base branch is checked out somewhere, so that merging would undo itself.
        """
        ...
