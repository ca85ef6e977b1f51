"""Every change of a rollout block in the history, and whether its record proves it.

For each commit that touched a runbook, its records or its evidence:

1. A changed rollout block comes with exactly one new record; a new record comes with a changed block, except where a
   resume only unblocks a step. Anything else is an amend, and is counted.
2. The record is canonical, of this runbook, the next in number, and names the digest of the one before.
3. Its `before` and `after` are the bytes of the runbook on either side, its `from` and `to` what they say.
4. Evidence and exports lie in the tree with the digests the record names.
5. The direction fits the action, one stage at a time; a promotion carries a gate that passed for the stage it enters.
6. Old records, and the evidence they name, are never changed or taken away, and a simulated clock is only believed
   where the repository says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from towpath.document.parse import parse
from towpath.document.runbook_reading import read_runbook
from towpath.model.record import Position
from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK
from towpath.record.digests import digest_of
from towpath.record.statement import RecordRefused, read_record, record_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from towpath.audit.history import Step
    from towpath.model.history import Landing
    from towpath.model.record import Digest, Record
    from towpath.model.runbook import Rollout, Runbook
    from towpath.model.snapshot import Files, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One transition as it landed.

    Attributes:
        problems: what does not hold; empty when the record proves the change.
    """

    landing: Landing
    action: str
    from_: Position | None
    to: Position | None
    record_path: str
    record: Record | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The history of one runbook.

    Attributes:
        amends: commits that changed the file but not its rollout block.
    """

    runbook: str
    path: str
    transitions: tuple[Transition, ...]
    amends: tuple[Landing, ...]

    @property
    def holds(self) -> bool:
        """Whether every transition is proven."""
        return not any(transition.problems for transition in self.transitions)


def story_of(runbook_id: str, steps: Iterable[Step], settings: Settings) -> Story:
    """The transitions of one runbook, oldest first.

    Args:
        steps: the commits that touched runbooks or records, oldest first.
        settings: of the newest commit: where things lie, and whether its clock may be simulated.
    """
    teller = _Teller(runbook_id, settings)
    for step in steps:
        teller.read(step)
    return Story(
        runbook=runbook_id,
        path=teller.path,
        transitions=tuple(teller.transitions),
        amends=tuple(teller.amends),
    )


class _Teller:
    """Reads the steps in order, remembering where the chain of records stands."""

    def __init__(self, runbook_id: str, settings: Settings) -> None:
        self.id = runbook_id
        self.settings = settings
        self.path = f"{settings.runbooks}/{runbook_id}.yaml"
        self.transitions: list[Transition] = []
        self.amends: list[Landing] = []
        self._tip = ""
        self._seq = 0
        self._pinned: dict[str, Digest] = {}

    def read(self, step: Step) -> None:
        old, new = self._bytes(step.before), self._bytes(step.after)
        added, spoiled = self._records(step)
        spoiled += self._spoiled_evidence(step)
        before, after = _runbook(old, self.path), _runbook(new, self.path)
        moved = _position(before) != _position(after) or _hold(before) != _hold(after)
        started = old is None and _position(after) in (None, Position(stage=PLANNED, percent=Decimal(0)))
        if not added and not spoiled and (not moved or started):
            if old is not None and old != new:
                self.amends.append(step.landing)
            return
        problems = [f"{path} was changed or taken away" for path in spoiled]
        if old is not None and new is None:
            problems.append("the runbook was deleted")
        if len(added) > 1:
            problems.append(f"{len(added)} records in one commit")
        record: Record | None = None
        path = added[0] if added else ""
        if not added and moved:
            problems.append("the rollout block changed without a record")
        elif added:
            record, found = self._check(path, step, old, new, before, after)
            problems += found
        self.transitions.append(
            Transition(
                landing=step.landing,
                action=record.action if record else "unrecorded",
                from_=_position(before),
                to=_position(after),
                record_path=path,
                record=record,
                problems=tuple(problems),
            )
        )

    def _bytes(self, files: Files | None) -> bytes | None:
        return files.read(self.path) if files is not None else None

    def _records(self, step: Step) -> tuple[list[str], list[str]]:
        folder = f"{self.settings.records}/{self.id}"
        there = step.before.paths(folder) if step.before is not None else ()
        here = step.after.paths(folder)
        added = [path for path in here if path not in there]
        spoiled = [
            path for path in there if step.before is not None and step.after.read(path) != step.before.read(path)
        ]
        return added, spoiled

    def _spoiled_evidence(self, step: Step) -> list[str]:
        """Evidence of earlier records that this commit changed; it was whole in the commit before."""
        return [
            path
            for path, digest in sorted(self._pinned.items())
            if step.before is not None and _is(step.before, path, digest) and not _is(step.after, path, digest)
        ]

    def _check(
        self,
        path: str,
        step: Step,
        old: bytes | None,
        new: bytes | None,
        before: Runbook | None,
        after: Runbook | None,
    ) -> tuple[Record | None, list[str]]:
        data = step.after.read(path) or b""
        problems = []
        if path != record_path(self.settings.records, self.id, self._seq + 1):
            problems.append(f"{path} is not the next record, {self._seq + 1:06d}.json")
        try:
            record = read_record(data, path)
        except RecordRefused as problem:
            self._seq, self._tip = self._seq + 1, digest_of(data).sha256
            return None, [*problems, str(problem)]
        problems += list(self._wrong(record, step, old, new, before, after))
        self._seq, self._tip = record.seq, digest_of(data).sha256
        self._pinned |= {subject.path: subject.digest for subject in record.evidence}
        return record, problems

    def _wrong(
        self,
        record: Record,
        step: Step,
        old: bytes | None,
        new: bytes | None,
        before: Runbook | None,
        after: Runbook | None,
    ) -> Iterator[str]:
        if record.runbook != self.id or record.path != self.path:
            yield f"the record is of {record.runbook} ({record.path})"
        if record.seq != self._seq + 1:
            yield f"the record says it is number {record.seq}, the next is {self._seq + 1}"
        if record.prev != self._tip:
            yield "the record does not name the one before it"
        for name, said, data in (("before", record.before, old), ("after", record.after, new)):
            if data is None or digest_of(data) != said:
                yield f"the runbook {name} is not the one the record names"
        for name, position, runbook in (("from", record.from_, before), ("to", record.to, after)):
            if _position(runbook) != position:
                yield f"the record's `{name}` is not what the runbook says"
        for subject in record.evidence:
            if not _is(step.after, subject.path, subject.digest):
                yield f"{subject.path} is not the evidence the record names"
        for subject in record.exports:
            if not _is(step.after, subject.path, subject.digest):
                yield f"{subject.path} is not the export the record names"
        yield from _direction(record, after)
        if record.simulated and not self.settings.simulated:
            yield "the clock was simulated, in a repository that is not marked as simulated"


def _direction(record: Record, after: Runbook | None) -> Iterator[str]:
    start, goal = record.from_, record.to
    match record.action:
        case "promote":
            if goal.percent < start.percent:
                yield f"a promotion that lowers from {start.percent:f} % to {goal.percent:f} %"
            if after is not None and _index(after, goal.stage) != _index(after, start.stage) + 1:
                yield f"a promotion from {start.stage} to {goal.stage} is not one stage"
            if record.gate is None or record.gate.verdict != "pass" or record.gate.stage != goal.stage:
                yield f"no gate passed for {goal.stage}"
        case "rollback":
            lower = after is not None and _index(after, goal.stage) < _index(after, start.stage)
            if goal.percent > start.percent or not lower:
                yield f"a rollback that does not go down: {start.stage} to {goal.stage}"
            if _hold(after) is None:
                yield "a rollback without a hold"
        case "hold" | "dismiss":
            if start != goal:
                yield f"a {record.action} that moves the rollout"
        case "resume":
            again = start.stage == ROLLED_BACK and goal.percent == 0
            if start != goal and not again:
                yield f"a resume that moves from {start.stage} to {goal.stage}"
        case "close":
            if goal.stage != DONE or (after is not None and start.stage != after.stages[-1].name):
                yield f"a close from {start.stage} to {goal.stage}"


def _index(runbook: Runbook, stage: str) -> int:
    try:
        return runbook.stage_index(stage)
    except KeyError:
        return -2


def _is(files: Files, path: str, digest: Digest) -> bool:
    data = files.read(path)
    return data is not None and digest_of(data) == digest


def _runbook(data: bytes | None, path: str) -> Runbook | None:
    if data is None:
        return None
    document, _ = parse(data, path)
    return None if document is None else read_runbook(document.data, path)


def _rollout(runbook: Runbook | None) -> Rollout | None:
    return None if runbook is None else runbook.rollout


def _position(runbook: Runbook | None) -> Position | None:
    rollout = _rollout(runbook)
    return None if rollout is None else Position(stage=rollout.stage, percent=rollout.percent)


def _hold(runbook: Runbook | None) -> object:
    rollout = _rollout(runbook)
    return None if rollout is None else rollout.hold
