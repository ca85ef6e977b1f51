"""Answers of all files -> samples of both arms, with everything checked that one file cannot know about itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from towpath.evidence.results import Answer, Samples
    from towpath.model.evidence import ArmName
    from towpath.model.runbook import Runbook, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCounts:
    """How much of one task was measured, in examples; errors in answers."""

    task: str
    paired: int
    baseline_only: int
    candidate_only: int
    baseline_errors: int
    candidate_errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The samples of both arms.

    Attributes:
        counts: per task of the runbook, in its order, tasks without examples included.
        left_out: metric -> rows that speak of a metric no task is judged by.
    """

    samples: tuple[Sample, ...]
    counts: tuple[TaskCounts, ...]
    left_out: Mapping[str, int]


def collect(read: Iterable[Samples], arm_of: Mapping[str, ArmName], runbook: Runbook) -> Collected:
    """The samples of the models that are arms.

    Raises:
        EvidenceRefused: an unknown task, an example in two tasks, one measurement twice, a missing metric, or a score
            outside 0 to 1; names the file and the row.
    """
    tasks = {task.id: task for task in runbook.tasks}
    samples: dict[tuple[str, int, str], tuple[Sample, str]] = {}
    task_of: dict[str, tuple[str, str]] = {}
    left_out: Counter[str] = Counter()
    other_metric: dict[tuple[str, str], str] = {}
    for source in read:
        for answer in source.answers:
            if answer.model not in arm_of:
                continue
            place = f"{source.file.name}, {answer.where}"
            task = tasks.get(answer.task)
            if task is None:
                _refuse_task(answer, tasks, place, runbook)
                continue
            known, first = task_of.setdefault(answer.example, (answer.task, place))
            if known != answer.task:
                raise EvidenceRefused(
                    f"{place}: example {answer.example!r} is in task {answer.task}, and in task {known} at {first}",
                    "an example belongs to one task; correct task_from of the suite, or the ids",
                )
            if answer.only_metric and answer.only_metric != task.metric:
                left_out[answer.only_metric] += 1
                other_metric.setdefault((answer.example, arm_of[answer.model]), place)
                continue
            sample = _sample(answer, task, arm_of[answer.model], place)
            key = (sample.example, sample.repeat, sample.arm)
            if key in samples:
                raise EvidenceRefused(
                    f"{place}: example {sample.example!r} repeat {sample.repeat} is there twice for {answer.model!r},"
                    f" first at {samples[key][1]}",
                    "give repeats their number, or correct id_from of the suite: ids must be unique",
                )
            samples[key] = sample, place
    judged = {(example, arm) for example, _, arm in samples}
    for (example, arm), place in other_metric.items():
        if (example, arm) not in judged:
            _refuse_metric(example, tasks[task_of[example][0]], arm, place)
    ordered = tuple(sample for sample, _ in samples.values())
    return Collected(samples=ordered, counts=_counts(ordered, runbook), left_out=dict(sorted(left_out.items())))


def _sample(answer: Answer, task: Task, arm: ArmName, place: str) -> Sample:
    score = None
    if not answer.error:
        if task.metric not in answer.scores:
            raise EvidenceRefused(
                f"{place}: example {answer.example!r} has no metric {task.metric!r}, by which task {task.id} is judged",
                did_you_mean(task.metric, answer.scores) or f"it has: {', '.join(sorted(answer.scores))}",
            )
        score = answer.scores[task.metric]
        if not 0 <= score <= 1:
            raise EvidenceRefused(
                f"{place}: {task.metric} of example {answer.example!r} is {score:g}, outside the scale 0 to 1",
                "margins are percentage points; divide other scales by their maximum before importing",
            )
    return Sample(
        example=answer.example,
        task=task.id,
        arm=arm,
        metric=task.metric,
        score=score,
        repeat=answer.repeat,
        cluster=answer.cluster,
        # how long a failed call took says nothing about how long an answer takes
        latency_ms=None if answer.error else answer.latency_ms,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        cached_tokens=answer.cached_tokens,
        cost_usd=answer.cost_usd,
        refusal=answer.refusal,
        error=answer.error,
        tags=answer.tags,
    )


def _refuse_task(answer: Answer, tasks: Mapping[str, Task], place: str, runbook: Runbook) -> None:
    raise EvidenceRefused(
        f"{place}: task {answer.task[:80]!r} is not one of the runbook's",
        did_you_mean(answer.task, tasks) or f"{runbook.path} has: {', '.join(tasks)}",
    )


def _refuse_metric(example: str, task: Task, arm: str, place: str) -> None:
    raise EvidenceRefused(
        f"{place}: example {example!r} has no row with metric {task.metric!r} for the {arm}, and task {task.id} is"
        " judged by it",
        "name the metric in the runbook's task, or in the column metric",
    )


def _counts(samples: Iterable[Sample], runbook: Runbook) -> tuple[TaskCounts, ...]:
    examples: dict[tuple[str, str], set[str]] = {}
    errors: Counter[tuple[str, str]] = Counter()
    for sample in samples:
        examples.setdefault((sample.task, sample.arm), set()).add(sample.example)
        errors[sample.task, sample.arm] += bool(sample.error)
    counts = []
    for task in runbook.tasks:
        baseline, candidate = (examples.get((task.id, arm), set()) for arm in ("baseline", "candidate"))
        counts.append(
            TaskCounts(
                task=task.id,
                paired=len(baseline & candidate),
                baseline_only=len(baseline - candidate),
                candidate_only=len(candidate - baseline),
                baseline_errors=errors[task.id, "baseline"],
                candidate_errors=errors[task.id, "candidate"],
            )
        )
    return tuple(counts)
