"""Runbook and evidence -> verdict for entering one stage.

1. Pair both models' answers example by example; too many examples on one arm only is an error.
2. Compare every task, and correct over all tasks for worse and better (Holm).
3. Judge every load-bearing task against its margin, the watch task first.
4. Judge the other requirements of the eval section.
5. Judge the cost section at the share entered and at 100 %.
6. The worst verdict is the verdict; only pass promotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.gate.cost import cost_criteria, token_notes
from towpath.gate.limits import QUALITY, limit_criterion
from towpath.gate.pairing import TaskPairs, pair_up
from towpath.gate.quality import Compared, changes, compare, margin_criterion, task_result
from towpath.model.verdict import Criterion, EvidenceUse, GateReport, Verdict, overall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from towpath.model.evidence import Evidence, Sample
    from towpath.model.runbook import CostSection, EvalSection, Runbook, Stage, Task


def seed_of(evidence: Evidence) -> int:
    """The seed of everything random, from the evidence's own digest: the same evidence gives the same numbers."""
    return int(evidence.sha256[:8], 16)


def judge(runbook: Runbook, stage: Stage, section: EvalSection, cost: CostSection, evidence: Evidence) -> GateReport:
    """The verdict; the steps are numbered as above."""
    confidence, seed = float(section.confidence.value), seed_of(evidence)
    samples = evidence.samples
    found = pair_up(samples, runbook.tasks)  # 1
    criteria = list(_unpaired(found, float(section.max_unpaired.value)))
    ordered = _watch_first(runbook)
    compared = {task.id: compare(task, found[task.id], confidence, seed) for task in ordered}  # 2
    changed = changes(list(compared.values()), confidence)
    criteria += _quality(section, ordered, compared, found, changed, confidence, seed)  # 3
    criteria += [  # 4
        limit_criterion(requirement, samples, found, confidence, seed)
        for requirement in section.require
        if requirement.metric != QUALITY
    ]
    criteria += cost_criteria(runbook, stage, cost, samples, confidence, seed)  # 5
    watch = runbook.watch.task if runbook.watch else ""
    return GateReport(
        runbook=runbook.id,
        stage=stage.name,
        verdict=overall(criterion.verdict for criterion in criteria),  # 6
        criteria=tuple(criteria),
        tasks=tuple(task_result(compared[task.id], changed[task.id], watch=task.id == watch) for task in ordered),
        evidence=(
            EvidenceUse(
                path=evidence.path,
                sha256=evidence.sha256,
                suite=evidence.binding.suite,
                measured_at=evidence.binding.measured_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                synthetic=evidence.binding.synthetic,
            ),
        ),
        seed=seed,
        confidence=confidence,
        notes=_notes(runbook, stage, samples, found),
    )


def _watch_first(runbook: Runbook) -> list[Task]:
    watch = runbook.watch.task if runbook.watch else ""
    return sorted(runbook.tasks, key=lambda task: (task.id != watch, not task.load_bearing))


def _quality(
    section: EvalSection,
    ordered: Sequence[Task],
    compared: Mapping[str, Compared],
    found: Mapping[str, TaskPairs],
    changed: Mapping[str, tuple[str, float | None, float | None]],
    confidence: float,
    seed: int,
) -> list[Criterion]:
    asked = any(requirement.metric == QUALITY and requirement.non_inferior for requirement in section.require)
    load_bearing = [task for task in ordered if task.load_bearing]
    if not asked or not load_bearing:
        why = "no task is load-bearing" if asked else "the eval section does not require quality: non_inferior"
        return [Criterion(id="quality", metric="score", test="none", verdict=Verdict.ERROR, message=why)]
    return [
        margin_criterion(
            compared[task.id],
            compare(task, found[task.id], confidence, seed, as_wrong=True),
            changed[task.id][0],
            confidence,
            float(section.max_errors.value),
        )
        for task in load_bearing
    ]


def _unpaired(found: Mapping[str, TaskPairs], allowed: float) -> list[Criterion]:
    alone = {task: pairs for task, pairs in found.items() if pairs.alone}
    examples = sum(pairs.examples for pairs in found.values())
    missing = sum(len(pairs.alone) for pairs in alone.values())
    if not examples or missing / examples <= allowed:
        return []
    first = next(iter(alone.values()))
    return [
        Criterion(
            id="evidence/unpaired",
            metric="pairs",
            test="count",
            verdict=Verdict.ERROR,
            n=examples,
            estimate=missing / examples,
            margin=allowed,
            unit="percent",
            message=f"{missing} of {examples} examples were answered by one model only, such as {first.alone[0]} of "
            f"{first.task}; {allowed:.0%} are allowed",
        )
    ]


def _notes(
    runbook: Runbook, stage: Stage, samples: Sequence[Sample], found: Mapping[str, TaskPairs]
) -> tuple[str, ...]:
    notes = ["examples are taken as independent of each other, unless the evidence names clusters"]
    missing = sum(len(pairs.alone) for pairs in found.values())
    if missing:
        notes.append(f"{missing} examples were answered by one model only and are left out")
    notes += token_notes(samples)
    notes.append("cost: every example counts once, whatever its share of real traffic")
    if segments := runbook.segments_at(stage.name):
        notes.append(f"cost: the share of {', '.join(segments)} is not known and not part of the {stage.percent} %")
    return tuple(notes)
