"""Samples -> pairs: both models' answers to the same example, task by task.

Repeats of an example are averaged first: ten answers to one question are one example. An example counts as a pair when
both arms have a score; an errored answer is never a score, and is counted apart, so that nobody can flatter a model by
dropping it nor blame a model for a rate limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from towpath.model.evidence import ArmName, Sample
    from towpath.model.runbook import Task

ARMS: tuple[ArmName, ArmName] = ("baseline", "candidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One example answered by both models, scores averaged over repeats."""

    example: str
    baseline: float
    candidate: float
    cluster: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPairs:
    """What the evidence holds of one task.

    Attributes:
        pairs: examples with a score from both arms, sorted by example.
        as_wrong: the same with every errored answer counted as the worst score.
        errors: errored answers of each arm; `answers` all of them.
        alone: examples that only one arm answered at all.
    """

    task: str
    pairs: tuple[Pair, ...]
    as_wrong: tuple[Pair, ...]
    errors: dict[str, int]
    answers: dict[str, int]
    alone: tuple[str, ...]

    @property
    def examples(self) -> int:
        """Examples that at least one arm answered."""
        return len(self.as_wrong) + len(self.alone)

    @property
    def clustered(self) -> bool:
        """Whether examples come in clusters of more than one."""
        named = [pair.cluster for pair in self.pairs if pair.cluster]
        return len(set(named)) < len(named)


@dataclass(slots=True)
class _Example:
    cluster: str = ""
    scores: dict[str, list[float]] = field(default_factory=lambda: {arm: [] for arm in ARMS})
    errors: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARMS, 0))

    def answered(self, arm: str) -> bool:
        return bool(self.scores[arm]) or self.errors[arm] > 0


def pair_up(samples: Iterable[Sample], tasks: Iterable[Task]) -> dict[str, TaskPairs]:
    """Every task of the runbook with its pairs; a task without samples has none."""
    declared = {task.id: task for task in tasks}
    found: dict[str, dict[str, _Example]] = {task: {} for task in declared}
    for sample in samples:
        example = found.setdefault(sample.task, {}).setdefault(sample.example, _Example(cluster=sample.cluster))
        if sample.error or sample.score is None:
            example.errors[sample.arm] += 1
        else:
            example.scores[sample.arm].append(sample.score)
    lower = {name for name, task in declared.items() if task.better == "lower"}
    return {task: _task_pairs(task, examples, 1.0 if task in lower else 0.0) for task, examples in found.items()}


def _task_pairs(task: str, examples: dict[str, _Example], worst: float) -> TaskPairs:
    both = {name: one for name, one in sorted(examples.items()) if all(one.answered(arm) for arm in ARMS)}
    return TaskPairs(
        task=task,
        pairs=tuple(_pair(name, one) for name, one in both.items() if all(one.scores[arm] for arm in ARMS)),
        as_wrong=tuple(_pair(name, one, worst) for name, one in both.items()),
        errors={arm: sum(one.errors[arm] for one in examples.values()) for arm in ARMS},
        answers={arm: sum(one.errors[arm] + len(one.scores[arm]) for one in examples.values()) for arm in ARMS},
        alone=tuple(name for name in sorted(examples) if name not in both),
    )


def _pair(name: str, one: _Example, error_score: float | None = None) -> Pair:
    means = {}
    for arm in ARMS:
        scores = sorted(one.scores[arm] + ([] if error_score is None else [error_score] * one.errors[arm]))
        means[arm] = fsum(scores) / len(scores)
    return Pair(example=name, cluster=one.cluster, baseline=means["baseline"], candidate=means["candidate"])


def measured_pairs(samples: Iterable[Sample], field_name: str) -> tuple[list[float], list[float]]:
    """A number of each call (latency, tokens, cost) for every example that has it on both arms, averaged over repeats.

    Args:
        field_name: the sample's field, such as `latency_ms`.
    """
    numbers: dict[str, dict[str, list[float]]] = {}
    for sample in samples:
        value = getattr(sample, field_name)
        if value is not None and not sample.error:
            numbers.setdefault(sample.example, {arm: [] for arm in ARMS})[sample.arm].append(float(value))
    whole = [by_arm for _, by_arm in sorted(numbers.items()) if all(by_arm[arm] for arm in ARMS)]
    baseline, candidate = ([fsum(sorted(one[arm])) / len(one[arm]) for one in whole] for arm in ARMS)
    return baseline, candidate
