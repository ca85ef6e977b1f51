"""A record: the proof of one transition that lies in the tree beside the runbook.

On disk an in-toto Statement v1 in canonical JSON (RFC 8785), `records/<runbook>/<seq, six digits>.json`, described by
`schema/record.v1.json`. Subjects are the runbook after the transition and every evidence file. Each record names the
digest of the one before, so an old record cannot be replayed and none can be taken out unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

Action = Literal["promote", "rollback", "hold", "resume", "close", "dismiss", "emergency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Both names of the same bytes: sha256 and git's blob id."""

    sha256: str
    git_blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a rollout stands: stage name and share in percent."""

    stage: str
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A file the record speaks of."""

    path: str
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """A gate's verdict as the record keeps it: enough to replay and compare."""

    stage: str
    verdict: str
    report_sha256: str
    criteria: tuple[tuple[str, str], ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Something a person says is so, because nothing in the repository can show it: `what` is `review` or `compare`."""

    what: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One transition of one runbook.

    Attributes:
        path: the runbook's file.
        seq: 1 for the first transition; the file's name.
        prev: sha256 of the previous record's bytes, empty for the first.
        before, after: the runbook's bytes on either side of the transition.
        from_, to: where the rollout stood and where it stands.
        base: the commit the transition was planned on.
        branch: the base branch it is meant for.
        policy_pack, policy_version, policy_sha256: the rule pack that lint used.
        models: model id of each arm.
        exports: the files that route traffic, as this transition leaves them.
        attested: what a person vouches for.
        actor: who or what asked for it, asserted.
        simulated: whether the clock was simulated.
        synthetic: whether any evidence was made for show.
    """

    runbook: str
    path: str
    action: Action
    seq: int
    prev: str
    before: Digest
    after: Digest
    from_: Position
    to: Position
    base: str
    branch: str
    policy_pack: str
    policy_version: str
    policy_sha256: str
    models: dict[str, str]
    evidence: tuple[Subject, ...] = ()
    exports: tuple[Subject, ...] = ()
    attested: tuple[Attestation, ...] = ()
    gate: GateResult | None = None
    reason: str = ""
    actor: str
    tool_version: str
    created: datetime
    simulated: bool = False
    synthetic: bool = False
