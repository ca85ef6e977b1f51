"""A change: what a transition would do to the repository, as a value that prints, diffs and replays.

`--dry-run` is to stop after making one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.model.record import Record
    from towpath.model.verdict import GateReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One file before and after; `before` is None for a new file, `after` None for a deleted one."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One transition, planned on one base commit.

    Attributes:
        branch: deterministic: `towpath/<runbook>/<seq, six digits>-<action>`.
        base: commit id the edits apply to; the change is planned again when the base branch moved.
        edits: the rollout block, the record and the exports; nothing else.
        gate: what the gate found, for the pull request's text.
    """

    runbook: str
    branch: str
    base: str
    title: str
    body: str
    labels: tuple[str, ...]
    reviewers: tuple[str, ...]
    edits: tuple[Edit, ...]
    record: Record
    gate: GateReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """Why nothing is planned. `due` is when it is worth asking again, if time alone would help.

    Attributes:
        code: stable word: `bake`, `hold`, `gate`, `lint`, `blocked`, `draft`, `finished`, `unknown-landing`.
        exit_code: 3 cannot tell or not due, 1 a negative answer, 2 an error.
    """

    runbook: str
    code: str
    message: str
    help: str = ""
    due: datetime | None = None
    exit_code: int = 3
    gate: GateReport | None = None


# What to do about a change, given the pull request that is there already.


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """No pull request yet: push the branch and open one."""

    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Our pull request is open but built on an older base or older evidence: move its branch."""

    change: Change
    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt:
    """The branch is there with the right content but the pull request is not: open it only."""

    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The right pull request is open already: write nothing."""

    change: Change
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """A person acted (pushed to the branch, closed the pull request) or the state forbids it: stop and say so."""

    runbook: str
    code: str
    message: str
    help: str = ""
    number: int | None = None


Outcome = Create | Update | Adopt | Skip | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was done about a change: `created`, `updated`, `adopted` or `unchanged`, and the pull request it is in."""

    runbook: str
    done: str
    number: int
    branch: str
    head: str
    superseded: tuple[int, ...] = ()
