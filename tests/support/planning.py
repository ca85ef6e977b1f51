"""Situations to plan from: the clean runbook at any stage, with any history."""

from __future__ import annotations

from datetime import datetime, timedelta

from support.runbooks import CLEAN, CLEAN_PATH, NOW
from towpath.document.loading import load_runbook
from towpath.model.history import Landing, Revision
from towpath.model.runbook import Stage
from towpath.model.snapshot import MappedFiles, Settings, Snapshot
from towpath.model.verdict import Criterion, EvidenceUse, GateReport, Verdict
from towpath.plan.promotion import Judged
from towpath.plan.situation import Situation
from towpath.policy.pack import Pack

EVIDENCE = "evidence/support-triage-2026-11/offline-0123456789ab.jsonl"
ROLLOUT = "  stage: planned\n  percent: 0\n  hold: null\n"
PERCENTS = {"planned": 0, "internal": 0, "canary": 5, "half": 50, "full": 100, "rolled-back": 0, "done": 100}
HELD = "{by: ada, reason: flaky}"


def text_at(stage: str, hold: str = "null", text: str = CLEAN) -> str:
    """The clean runbook at a stage."""
    assert ROLLOUT in text
    return text.replace(ROLLOUT, f"  stage: {stage}\n  percent: {PERCENTS[stage]}\n  hold: {hold}\n")


def situation(
    text: str,
    *,
    landed: datetime | None = NOW - timedelta(days=30),
    records: dict[str, bytes] | None = None,
    findings: tuple[object, ...] = (),
    now: datetime = NOW,
    stamp: datetime | None = None,
) -> Situation:
    """A runbook that landed at a moment and has not changed since."""
    files = {CLEAN_PATH: text.encode(), EVIDENCE: b"{}\n", **(records or {})}
    snapshot = Snapshot(files=MappedFiles(files), now=now, settings=Settings())
    loaded = load_runbook(snapshot.files, CLEAN_PATH)
    assert loaded.runbook is not None
    assert loaded.findings == ()
    return Situation(
        snapshot=snapshot,
        base="b" * 40,
        loaded=loaded,
        runbook=loaded.runbook,
        runbooks=(loaded.runbook,),
        revisions=(Revision(landing=Landing(commit="c" * 40, at=landed), runbook=loaded.runbook),),
        findings=findings,  # type: ignore[arg-type]
        pack=Pack(name="towpath/recommended", version=1, sha256="f" * 64, rules={}),
        actor="Ada <ada@example.org>",
        stamp=stamp or now,
        simulated=False,
        tool_version="0.1.0",
    )


class Judge:
    """A gate with a fixed answer that remembers what it was asked."""

    def __init__(self, verdict: Verdict = Verdict.PASS, measured_at: str = "2026-11-22T00:00:00Z") -> None:
        self.verdict = verdict
        self.measured_at = measured_at
        self.asked: list[str] = []

    def __call__(self, stage: Stage) -> Judged:
        self.asked.append(stage.name)
        report = GateReport(
            runbook="support-triage-2026-11",
            stage=stage.name,
            verdict=self.verdict,
            criteria=(
                Criterion(
                    id="quality/refund-eligibility",
                    metric="score",
                    test="tango",
                    verdict=self.verdict,
                    message="8 points worse",
                ),
            ),
            evidence=(EvidenceUse(path=EVIDENCE, sha256="a" * 64, suite="offline", measured_at=self.measured_at),),
        )
        return Judged(report=report, sha256="9" * 64)
