"""A transition as a change: the rollout block, one record, the exports; nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from towpath.document.edit import set_entries
from towpath.model.change import Change, Edit
from towpath.model.record import Attestation, GateResult, Position, Record
from towpath.model.runbook import Rollout
from towpath.plan.naming import Step
from towpath.record.digests import digest_of, subject_of
from towpath.record.statement import record_path, write_record
from towpath.traffic.exports import exports_of

if TYPE_CHECKING:
    from decimal import Decimal

    from towpath.document.scalar_text import Entry
    from towpath.model.record import Action, Subject
    from towpath.model.runbook import Hold
    from towpath.model.verdict import GateReport
    from towpath.plan.situation import Situation


def position_of(rollout: Rollout) -> Position:
    """Where a rollout block stands."""
    return Position(stage=rollout.stage, percent=rollout.percent)


def build(
    situation: Situation,
    action: Action,
    rollout: Rollout,
    *,
    title: str,
    reason: str = "",
    gate: GateReport | None = None,
    gate_sha256: str = "",
    attested: tuple[Attestation, ...] = (),
) -> Change:
    """The change that makes `rollout` the runbook's rollout.

    Args:
        gate_sha256: digest of the gate's JSON, when there is a gate.

    Raises:
        TowpathError: the file cannot be edited, or its exports cannot be rendered.
    """
    document = situation.loaded.document
    if document is None:
        raise ValueError("a runbook that could not be parsed is never planned")
    runbook, settings, now = situation.runbook, situation.snapshot.settings, situation.snapshot.now
    before, after = situation.loaded.text, set_entries(document, ("rollout",), _entries(rollout, runbook.rollout))
    moved = replace(runbook, rollout=rollout)
    exports = exports_of(moved, now.date(), settings)
    chain = situation.chain
    evidence = _evidence(situation, gate)
    record = Record(
        runbook=runbook.id,
        path=runbook.path,
        action=action,
        seq=chain.next_seq,
        prev=chain.tip,
        before=digest_of(before),
        after=digest_of(after),
        from_=position_of(runbook.rollout),
        to=position_of(rollout),
        base=situation.base,
        branch=settings.base,
        policy_pack=situation.pack.name,
        policy_version=str(situation.pack.version),
        policy_sha256=situation.pack.sha256,
        models={
            name: arm.model for name, arm in (("baseline", runbook.baseline), ("candidate", runbook.candidate)) if arm
        },
        evidence=evidence,
        exports=tuple(subject_of(file.path, file.content) for file in exports),
        attested=attested,
        gate=_gate_result(gate, gate_sha256),
        reason=reason,
        actor=situation.actor,
        tool_version=situation.tool_version,
        created=situation.stamp,
        simulated=situation.simulated,
        synthetic=gate is not None and any(use.synthetic for use in gate.evidence),
    )
    written = record_path(settings.records, runbook.id, record.seq)
    edits = [Edit(path=runbook.path, before=before, after=after)] if after != before else []
    edits.append(Edit(path=written, before=None, after=write_record(record)))
    for file in exports:
        present = situation.snapshot.files.read(file.path)
        if present != file.content:
            edits.append(Edit(path=file.path, before=present, after=file.content))
    return Change(
        runbook=runbook.id,
        branch=Step(runbook=runbook.id, seq=record.seq, action=action).branch,
        base=situation.base,
        title=title,
        body="",
        labels=("towpath", f"towpath:{action}"),
        reviewers=runbook.owners,
        edits=tuple(edits),
        record=record,
        gate=gate,
    )


def _entries(rollout: Rollout, current: Rollout) -> dict[str, Entry | dict[str, Entry]]:
    """Only what changes: an entry that stays is not touched, whatever its spelling."""
    entries: dict[str, Entry | dict[str, Entry]] = {}
    if rollout.stage != current.stage:
        entries["stage"] = rollout.stage
    if rollout.percent != current.percent:
        entries["percent"] = _number(rollout.percent)
    if rollout.hold != current.hold:
        entries["hold"] = None if rollout.hold is None else _hold(rollout.hold)
    return entries


def _number(percent: Decimal) -> int | float:
    return int(percent) if percent == percent.to_integral_value() else float(percent)


def _hold(hold: Hold) -> dict[str, Entry]:
    entries: dict[str, Entry] = {"by": hold.by, "reason": hold.reason}
    for name, moment in (("since", hold.since), ("until", hold.until)):
        if moment is not None:
            entries[name] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return entries


def _evidence(situation: Situation, gate: GateReport | None) -> tuple[Subject, ...]:
    subjects = []
    for use in gate.evidence if gate is not None else ():
        data = situation.snapshot.files.read(use.path)
        if data is None:
            raise ValueError(f"the gate used {use.path}, which is not in the tree")
        subjects.append(subject_of(use.path, data))
    return tuple(sorted(subjects, key=lambda subject: subject.path))


def _gate_result(gate: GateReport | None, sha256: str) -> GateResult | None:
    if gate is None:
        return None
    return GateResult(
        stage=gate.stage,
        verdict=gate.verdict.value,
        report_sha256=sha256,
        criteria=tuple((criterion.id, criterion.verdict.value) for criterion in gate.criteria),
        seed=gate.seed,
    )
