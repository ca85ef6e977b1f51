"""How one task fared: the estimate, the change, and the verdict against its margin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from towpath.model.verdict import Criterion, TaskResult, Verdict
from towpath.stats.clustered import clustered_scores
from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.graded import paired_scores
from towpath.stats.multiplicity import holm
from towpath.stats.power import clusters_to_decide, fewest_pairs, pairs_to_decide
from towpath.stats.tango import paired_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.gate.pairing import TaskPairs
    from towpath.model.runbook import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One task compared, before anything is decided.

    Attributes:
        estimate: of candidate - baseline in the direction that is better for the task: below 0 is a loss.
        lost, won: pairs that got worse, or better, for scores of right and wrong.
    """

    task: Task
    found: TaskPairs
    estimate: Estimate | Undetermined
    lost: int | None
    won: int | None


def compare(task: Task, found: TaskPairs, confidence: float, seed: int, *, as_wrong: bool = False) -> Compared:
    """Compare both arms of one task, by the method that its scores allow.

    Scores of only 0 and 1 go through Tango and McNemar, graded ones through paired t and permutation, examples in
    clusters through a cluster-robust error.
    """
    pairs = found.as_wrong if as_wrong else found.pairs
    margin = None if task.margin is None else float(task.margin.value)
    sign = 1 if task.better == "higher" else -1
    differences = [sign * (pair.candidate - pair.baseline) for pair in pairs]
    binary = all(score in (0.0, 1.0) for pair in pairs for score in (pair.baseline, pair.candidate))
    lost = sum(value < 0 for value in differences) if binary else None
    won = sum(value > 0 for value in differences) if binary else None
    estimate: Estimate | Undetermined
    if not pairs:
        estimate = Undetermined(reason="no example has a score from both models")
    elif found.clustered:
        clusters = [pair.cluster or f"alone {pair.example}" for pair in pairs]
        estimate = clustered_scores(differences, clusters, confidence=confidence, margin=margin)
    elif lost is not None and won is not None:
        estimate = paired_shares(lost, won, len(pairs), confidence=confidence, margin=margin)
    else:
        estimate = paired_scores(differences, confidence=confidence, margin=margin, seed=seed)
    return Compared(task=task, found=found, estimate=estimate, lost=lost, won=won)


def changes(compared: Sequence[Compared], confidence: float) -> dict[str, tuple[str, float | None, float | None]]:
    """Task -> (worse, better or noisy; p; p after Holm over all tasks that have one)."""
    tested = [one for one in compared if isinstance(one.estimate, Estimate) and one.estimate.p_differs is not None]
    raw = [one.estimate.p_differs or 0.0 for one in tested if isinstance(one.estimate, Estimate)]
    adjusted = holm(raw)
    told: dict[str, tuple[str, float | None, float | None]] = {one.task.id: ("noisy", None, None) for one in compared}
    for one, p, p_adjusted in zip(tested, raw, adjusted, strict=True):
        value = one.estimate.value if isinstance(one.estimate, Estimate) else 0.0
        change = "noisy" if p_adjusted >= 1 - confidence or value == 0 else "worse" if value < 0 else "better"
        told[one.task.id] = (change, p, p_adjusted)
    return told


def task_result(one: Compared, change: tuple[str, float | None, float | None], *, watch: bool) -> TaskResult:
    """The task as reports show it: plain means of both arms over the pairs."""
    pairs = one.found.pairs
    return TaskResult(
        task=one.task.id,
        n=len(pairs),
        baseline=_mean([pair.baseline for pair in pairs]),
        candidate=_mean([pair.candidate for pair in pairs]),
        change=change[0],  # type: ignore[arg-type]
        watch=watch,
        load_bearing=one.task.load_bearing,
        p=change[1],
        p_adjusted=change[2],
        errors_baseline=one.found.errors["baseline"],
        errors_candidate=one.found.errors["candidate"],
    )


def margin_criterion(one: Compared, wrong: Compared, change: str, confidence: float, max_errors: float) -> Criterion:
    """The verdict of one load-bearing task against its margin.

    Pass: the one-sided lower limit is above -margin. Fail: the two-sided interval lies wholly below -margin, or the
    task is significantly worse and does not pass. Otherwise inconclusive, with the number that would decide.

    Args:
        wrong: the same task with errored answers counted as wrong, for the report.
        change: worse, better or noisy after Holm.
    """
    task, estimate = one.task, one.estimate
    bare = Criterion(
        id=f"quality/{task.id}",
        task=task.id,
        metric=task.metric,
        test="none",
        verdict=Verdict.ERROR,
        n=len(one.found.pairs),
        message=f"{task.id} has no margin",
    )
    if task.margin is None:
        return bare
    margin = float(task.margin.value)
    if isinstance(estimate, Undetermined):
        empty = not one.found.pairs
        return replace(
            bare,
            verdict=Verdict.NO_DATA if empty else Verdict.INCONCLUSIVE,
            margin=margin,
            needed=estimate.needed or (fewest_pairs(margin, confidence=confidence) if empty else None),
            message=f"{task.id}: {estimate.reason}",
        )
    verdict = _verdict(estimate, margin, change)
    share = _error_share(one.found)
    note = _errors(one, wrong)
    if share > max_errors and verdict is Verdict.PASS:
        verdict = Verdict.INCONCLUSIVE
        note = f"; {share:.1%} of the answers failed, more than the {max_errors:.0%} allowed{note}"
    needed = _needed(one, estimate, margin, confidence) if verdict is Verdict.INCONCLUSIVE else None
    return replace(
        bare,
        test=estimate.method,
        verdict=verdict,
        lost=one.lost,
        won=one.won,
        estimate=estimate.value,
        low=estimate.low,
        high=estimate.high,
        bound=estimate.lower,
        margin=margin,
        p=estimate.p_margin,
        message=_sentence(one, estimate, margin, verdict, change) + note,
        needed=needed,
    )


def _verdict(estimate: Estimate, margin: float, change: str) -> Verdict:
    if estimate.lower > -margin:
        return Verdict.PASS
    if estimate.high < -margin or change == "worse":
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def _needed(one: Compared, estimate: Estimate, margin: float, confidence: float) -> int | None:
    if one.lost is not None and one.won is not None and not one.found.clustered:
        return pairs_to_decide(one.lost, one.won, len(one.found.pairs), margin, confidence=confidence)
    # the interval's half width stands for the standard error times its quantile
    error = (estimate.value - estimate.lower) / 1.645
    units = clusters_to_decide(estimate.value, error, estimate.n, margin, confidence=confidence)
    return None if units is None else round(units * len(one.found.pairs) / estimate.n)


def _sentence(one: Compared, estimate: Estimate, margin: float, verdict: Verdict, change: str) -> str:
    counts = "" if one.lost is None else f" ({one.lost} lost, {one.won} won of {len(one.found.pairs)})"
    moved = f"{one.task.id}: {_points(estimate.value)}{counts}"
    allowed = f"{margin * 100:g} points"
    match verdict:
        case Verdict.PASS:
            return f"{moved}; a loss of more than the {allowed} allowed is ruled out"
        case Verdict.FAIL if estimate.high < -margin:
            return f"{moved}; a loss within the {allowed} allowed is ruled out"
        case Verdict.FAIL:
            return f"{moved}; it got worse beyond noise, and a loss of more than {allowed} is not ruled out"
        case _:
            told = " although it got better" if change == "better" else ""
            return f"{moved}; a loss of more than the {allowed} allowed is not ruled out{told}"


def _errors(one: Compared, wrong: Compared) -> str:
    errors = one.found.errors
    if not any(errors.values()) or not isinstance(wrong.estimate, Estimate):
        return ""
    return (
        f"; {errors['baseline']} and {errors['candidate']} answers failed and were left out, "
        f"counted as wrong it would be {_points(wrong.estimate.value)}"
    )


def _error_share(found: TaskPairs) -> float:
    return max((found.errors[arm] / found.answers[arm] for arm in found.answers if found.answers[arm]), default=0.0)


def _points(value: float) -> str:
    amount = abs(value) * 100
    word = "point" if f"{amount:.1f}" == "1.0" else "points"
    return "no change" if f"{amount:.1f}" == "0.0" else f"{amount:.1f} {word} {'worse' if value < 0 else 'better'}"


def _mean(values: Sequence[float]) -> float | None:
    return fsum(values) / len(values) if values else None
