"""The evidence a runbook has: every file, its age, and whether it still fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.gate.binding import why_refused
from towpath.gate.normal_form import evidence_paths, read_evidence
from towpath.model.errors import EvidenceRefused

if TYPE_CHECKING:
    from datetime import timedelta

    from towpath.model.evidence import Evidence
    from towpath.model.runbook import Runbook
    from towpath.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One evidence file.

    Attributes:
        evidence: None when the file is not in the normal form.
        age: since it was measured; None with `evidence`.
        refused: why it may not be used now; empty when it may.
    """

    runbook: str
    path: str
    evidence: Evidence | None
    age: timedelta | None
    refused: str


def holdings_of(snapshot: Snapshot, runbook: Runbook) -> tuple[Holding, ...]:
    """Every evidence file of a runbook, the newest measurement first, unreadable ones last.

    The age limit is the shortest `max_evidence_age` of the stages that use the suite.
    """
    found = [
        _holding(snapshot, runbook, path)
        for path in evidence_paths(snapshot.files, runbook.id, snapshot.settings.evidence)
    ]
    return tuple(
        sorted(found, key=lambda item: (item.age is None, item.age.total_seconds() if item.age else 0, item.path))
    )


def _holding(snapshot: Snapshot, runbook: Runbook, path: str) -> Holding:
    try:
        evidence = read_evidence(snapshot.files.read(path) or b"", path)
    except EvidenceRefused as problem:
        said = str(problem).removeprefix(path).lstrip(": ")
        return Holding(
            runbook=runbook.id, path=path, evidence=None, age=None, refused=f"not in the normal form: {said}"
        )
    binding = evidence.binding
    suite = runbook.suite(binding.suite)
    if suite is None:
        refused: str | None = f"the runbook has no suite {binding.suite} any more"
    else:
        limits = [
            section.max_evidence_age
            for stage in runbook.stages
            if (section := stage.eval) and section.suite == suite.name and section.max_evidence_age is not None
        ]
        refused = why_refused(binding, runbook, suite, snapshot.files, snapshot.now, min(limits, default=None))
    return Holding(
        runbook=runbook.id,
        path=path,
        evidence=evidence,
        age=snapshot.now - binding.measured_at,
        refused=refused or "",
    )
