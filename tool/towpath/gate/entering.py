"""The gate as commands ask for it: may this runbook enter that stage, on the evidence of this tree?

1. Name the stage: the next one unless another is asked for.
2. A draft, or a stage without eval or cost section or with an unknown suite, is an error.
3. Take the newest evidence of the suite that still fits; say why others do not.
4. Without any, there is no data; the help says how to get it.
5. Judge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from towpath.gate.binding import loosened_margins, why_refused
from towpath.gate.judge import judge
from towpath.gate.normal_form import evidence_for
from towpath.model.errors import EvidenceRefused, UsageError
from towpath.model.runbook import DONE, ROLLED_BACK
from towpath.model.verdict import GateReport, Verdict

if TYPE_CHECKING:
    from towpath.model.evidence import Evidence
    from towpath.model.runbook import EvalSection, Runbook, Stage, Suite
    from towpath.model.snapshot import Snapshot


def gate_for(snapshot: Snapshot, runbook: Runbook, stage_name: str | None = None) -> GateReport:
    """The gate's answer; the steps are numbered as above.

    Raises:
        UsageError: there is no such stage, or no next one.
    """
    stage = stage_to_enter(runbook, stage_name)  # 1
    if runbook.draft:  # 2
        return _without(runbook, stage, Verdict.ERROR, "the runbook is a draft")
    if stage.eval is None or stage.cost is None:
        lacking = "eval" if stage.eval is None else "cost"
        return _without(runbook, stage, Verdict.ERROR, f"stage {stage.name} has no {lacking} section")
    if runbook.suite(stage.eval.suite) is None:
        return _without(runbook, stage, Verdict.ERROR, f"stage {stage.name} names no known suite")
    try:
        fitting, reasons = fitting_evidence(snapshot, runbook, stage)  # 3
    except EvidenceRefused as problem:
        return _without(runbook, stage, Verdict.ERROR, str(problem))
    if fitting is None:  # 4
        return _without(runbook, stage, Verdict.NO_DATA, *reasons)
    report = judge(runbook, stage, stage.eval, stage.cost, fitting)  # 5
    loosened = loosened_margins(fitting.binding, runbook)
    told = ", ".join(f"{task} from {then or 'none'} to {now or 'none'}" for task, (then, now) in loosened.items())
    # margins are no part of what was measured; lint is what refuses this
    return replace(report, notes=(f"margins were loosened after import: {told}", *report.notes)) if told else report


def fitting_evidence(snapshot: Snapshot, runbook: Runbook, stage: Stage) -> tuple[Evidence | None, tuple[str, ...]]:
    """The newest evidence a stage may be judged on; or why there is none, and how to get it.

    Raises:
        EvidenceRefused: a file of evidence cannot be read.
    """
    suite = runbook.suite(stage.eval.suite) if stage.eval is not None else None
    if suite is None or stage.eval is None:
        return None, (f"stage {stage.name} names no known suite",)
    held = evidence_for(snapshot.files, runbook.id, suite.name, snapshot.settings.evidence)
    fitting, reasons = _newest(held, snapshot, runbook, suite, stage.eval)
    if fitting is not None:
        return fitting, ()
    how = f"import the results with: towpath evidence import {runbook.id} --suite {suite.name}"
    return None, (*(reasons or (f"there is no evidence of suite {suite.name}",)), how)


def stage_to_enter(runbook: Runbook, name: str | None) -> Stage:
    """The stage of that name, or the next one.

    Raises:
        UsageError: there is no such stage, or no next one.
    """
    known = ", ".join(stage.name for stage in runbook.stages) or "none"
    if name is not None:
        stage = runbook.stage(name)
        if stage is None:
            raise UsageError(f"{runbook.id} has no stage {name!r}", f"its stages: {known}")
        return stage
    at = runbook.rollout.stage
    if at == ROLLED_BACK:
        return runbook.stages[0]
    try:
        index = runbook.stage_index(at) + 1
    except KeyError:
        raise UsageError(f"rollout.stage of {runbook.id} names no stage: {at!r}", f"its stages: {known}") from None
    if index >= len(runbook.stages):
        after = "the migration is done" if at == DONE else f"{at} is the last stage"
        raise UsageError(f"{runbook.id}: there is no next stage, {after}", "judge another with --stage")
    return runbook.stages[index]


def _newest(
    held: tuple[Evidence, ...], snapshot: Snapshot, runbook: Runbook, suite: Suite, section: EvalSection
) -> tuple[Evidence | None, tuple[str, ...]]:
    reasons = []
    for evidence in reversed(held):
        why = why_refused(
            evidence.binding, runbook, suite, snapshot.files, snapshot.now, max_age=section.max_evidence_age
        )
        if why is None:
            return evidence, ()
        reasons.append(f"{evidence.path}: {why}")
    return None, tuple(reasons)


def _without(runbook: Runbook, stage: Stage, verdict: Verdict, *reasons: str) -> GateReport:
    return GateReport(runbook=runbook.id, stage=stage.name, verdict=verdict, reasons=reasons)
