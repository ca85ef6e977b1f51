"""Requirements other than quality: ratios of latency and tokens, and the share of failed calls.

Pass when the upper one-sided limit is at most the limit, fail when the lower one exceeds it, else inconclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from towpath.gate.pairing import measured_pairs
from towpath.model.quantity import Percent, Points, Ratio
from towpath.model.verdict import Criterion, Verdict
from towpath.stats.estimate import Undetermined
from towpath.stats.ratio import paired_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from towpath.gate.pairing import TaskPairs
    from towpath.model.evidence import Sample
    from towpath.model.runbook import Requirement

RATIOS: dict[str, tuple[str, Literal["p50", "p99", "mean"]]] = {
    "latency_p50": ("latency_ms", "p50"),
    "latency_p99": ("latency_ms", "p99"),
    "latency_mean": ("latency_ms", "mean"),
    "input_tokens": ("input_tokens", "mean"),
    "output_tokens": ("output_tokens", "mean"),
    "cost_per_call": ("cost_usd", "mean"),
}
"""Metric of a requirement -> field of a sample and statistic."""

QUALITY = "quality"
ERROR_RATE = "error_rate"
METRICS = (QUALITY, *RATIOS, ERROR_RATE)
"""Everything `require` may name."""


def limit_criterion(
    requirement: Requirement, samples: Sequence[Sample], found: Mapping[str, TaskPairs], confidence: float, seed: int
) -> Criterion:
    """The verdict of one requirement that is not about quality."""
    if requirement.metric == ERROR_RATE:
        return _error_rate(requirement, found, confidence)
    name = f"limit/{requirement.metric}"
    if requirement.metric not in RATIOS:
        return _refused(name, requirement.metric, f"unknown metric; known: {', '.join(METRICS)}")
    limit = _ratio_limit(requirement)
    if limit is None:
        return _refused(name, requirement.metric, "needs a limit such as {at_most: 1.5x}")
    field_name, statistic = RATIOS[requirement.metric]
    baseline, candidate = measured_pairs(samples, field_name)
    words = requirement.metric.replace("_", " ")
    if not baseline:
        return Criterion(
            id=name,
            metric=requirement.metric,
            test="none",
            verdict=Verdict.NO_DATA,
            margin=limit,
            unit="ratio",
            message=f"{words}: no example has a measured number on both models",
        )
    estimate = paired_ratio(baseline, candidate, statistic, confidence=confidence, seed=seed)
    if isinstance(estimate, Undetermined):
        return Criterion(
            id=name,
            metric=requirement.metric,
            test="none",
            verdict=Verdict.INCONCLUSIVE,
            n=estimate.n,
            margin=limit,
            unit="ratio",
            needed=estimate.needed,
            message=f"{words}: {estimate.reason}",
        )
    verdict = against_limit(estimate.lower, estimate.upper, limit)
    return Criterion(
        id=name,
        metric=requirement.metric,
        test=estimate.method,
        verdict=verdict,
        n=estimate.n,
        estimate=estimate.value,
        low=estimate.low,
        high=estimate.high,
        bound=estimate.upper,
        margin=limit,
        unit="ratio",
        message=f"{words}: {estimate.value:.2f} times the baseline's; {_told(verdict)} {limit:g} times",
    )


def against_limit(lower: float, upper: float, limit: float) -> Verdict:
    """The rule for everything that must not exceed a limit."""
    if upper <= limit:
        return Verdict.PASS
    return Verdict.FAIL if lower > limit else Verdict.INCONCLUSIVE


def _told(verdict: Verdict) -> str:
    return {
        Verdict.PASS: "within the limit of",
        Verdict.FAIL: "over the limit of",
    }.get(verdict, "not clearly within the limit of")


def _ratio_limit(requirement: Requirement) -> float | None:
    if isinstance(requirement.at_most, Ratio):
        return float(requirement.at_most.value)
    if isinstance(requirement.at_most, Percent):
        return 1 + float(requirement.at_most.value)
    return None


def _error_rate(requirement: Requirement, found: Mapping[str, TaskPairs], confidence: float) -> Criterion:
    name, limit = f"limit/{ERROR_RATE}", requirement.at_most
    if not isinstance(limit, Percent | Points):
        return _refused(name, ERROR_RATE, "needs a limit such as {at_most: 2%}")
    answers = sum(task.answers["candidate"] for task in found.values())
    errors = sum(task.errors["candidate"] for task in found.values())
    if not answers:
        return Criterion(
            id=name, metric=ERROR_RATE, test="none", verdict=Verdict.NO_DATA, message="the candidate has no answers"
        )
    from scipy.stats import binomtest

    found_share = binomtest(errors, answers)
    two_sided = found_share.proportion_ci(confidence_level=confidence)
    one_sided = found_share.proportion_ci(confidence_level=2 * confidence - 1)
    verdict = against_limit(float(one_sided.low), float(one_sided.high), float(limit.value))
    return Criterion(
        id=name,
        metric=ERROR_RATE,
        test="Clopper-Pearson",
        verdict=verdict,
        n=answers,
        estimate=errors / answers,
        low=float(two_sided.low),
        high=float(two_sided.high),
        bound=float(one_sided.high),
        margin=float(limit.value),
        unit="percent",
        message=f"error rate: {errors} of {answers} calls of the candidate failed; {_told(verdict)} {limit}",
    )


def _refused(name: str, metric: str, why: str) -> Criterion:
    return Criterion(id=name, metric=metric, test="none", verdict=Verdict.ERROR, message=f"{metric}: {why}")
