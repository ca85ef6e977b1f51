"""One report of each verdict, judged from results made up for it."""

from __future__ import annotations

from dataclasses import replace

from support.hostile import HOSTILE
from support.judged import COST, EVAL, STAGES, answers, evidence, judged_runbook, snapshot
from towpath.gate.entering import gate_for
from towpath.gate.judge import judge
from towpath.model.evidence import Sample
from towpath.model.verdict import Criterion, EvidenceUse, GateReport, TaskResult, Verdict


def _judged(samples: list[Sample]) -> GateReport:
    runbook = judged_runbook()
    return judge(runbook, STAGES[1], EVAL, COST, evidence(samples, runbook))


def reports() -> dict[str, GateReport]:
    """By name of their verdict."""
    level = [*answers("refund", 400, 2, 2), *answers("invoice", 400, 2, 2), *answers("smalltalk", 60, 4, 1)]
    worse = [*answers("refund", 400, 0, 200), *answers("invoice", 200, 40, 0), *answers("smalltalk", 50)]
    few = [*answers("refund", 60, 3, 2), *answers("invoice", 200, 2, 2), *answers("smalltalk", 50)]
    passed = _judged(level)
    return {
        "pass": passed,
        "fail": _judged(worse),
        "inconclusive": _judged(few),
        "no-data": gate_for(snapshot(None), judged_runbook(), "canary"),
        "synthetic": replace(passed, evidence=tuple(replace(use, synthetic=True) for use in passed.evidence)),
    }


HOSTILE_REPORT = GateReport(
    runbook=HOSTILE,
    stage=HOSTILE,
    verdict=Verdict.INCONCLUSIVE,
    reasons=(HOSTILE,),
    notes=(HOSTILE,),
    criteria=(
        Criterion(
            id=f"quality/{HOSTILE}",
            metric="score",
            test="tango",
            task=HOSTILE,
            verdict=Verdict.INCONCLUSIVE,
            n=5,
            estimate=-0.1,
            low=-0.3,
            high=0.1,
            margin=0.05,
            message=HOSTILE,
            needed=100,
        ),
        Criterion(
            id="cost/x", metric=HOSTILE, test="projection", verdict=Verdict.INCONCLUSIVE, message=HOSTILE, needed=9
        ),
    ),
    tasks=(TaskResult(task=HOSTILE, n=5, baseline=0.5, candidate=0.4, change="noisy", watch=True),),
    evidence=(EvidenceUse(path=HOSTILE, sha256="a" * 64, suite=HOSTILE, measured_at=HOSTILE),),
)
"""A report in which every text is hostile, as no runbook that lints clean could bring about."""
