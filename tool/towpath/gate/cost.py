"""The cost section of a stage: what the change may cost, at the share entered, at 100 %, and at every volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.cost.prices import NoPrice, TokenPrice, call_cost, token_price
from towpath.cost.projection import CallCosts, monthly_bill, per_user_increase, relative_increase
from towpath.gate.limits import against_limit
from towpath.gate.pairing import measured_pairs
from towpath.model.verdict import Criterion, Verdict
from towpath.stats.estimate import Estimate, Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from towpath.model.evidence import Sample
    from towpath.model.quantity import Money
    from towpath.model.runbook import CostSection, Runbook, Stage


def cost_criteria(
    runbook: Runbook, stage: Stage, section: CostSection, samples: Sequence[Sample], confidence: float, seed: int
) -> tuple[Criterion, ...]:
    """Every limit of the section. A section without a limit is an error: it would let anything through."""
    if section.total_increase is None and section.per_user_increase is None and section.budget is None:
        return (_without("cost", Verdict.ERROR, "the cost section has no limit"),)
    found = call_costs(runbook, samples)
    if isinstance(found, NoPrice):
        return (_without("cost", Verdict.NO_DATA, found.reason),)
    costs, currency = found
    shares = tuple(dict.fromkeys((float(stage.percent or 0) / 100, 1.0)))
    return tuple(_limits(section, costs, currency, shares, confidence, seed))


def call_costs(runbook: Runbook, samples: Sequence[Sample]) -> tuple[CallCosts, str] | NoPrice:
    """The cost of each measured call at the pinned prices, and the currency; or why there is none."""
    prices = [
        token_price(name, arm) for name, arm in (("baseline", runbook.baseline), ("candidate", runbook.candidate))
    ]
    priced = []
    for price in prices:
        if isinstance(price, NoPrice):
            return price
        priced.append(price)
    if priced[0].currency != priced[1].currency:
        return NoPrice("the arms are priced in different currencies")
    spent: dict[str, list[list[float]]] = {}
    whole = [one for one in samples if not one.error and one.input_tokens is not None and one.output_tokens is not None]
    for sample in whole:
        price = priced[0] if sample.arm == "baseline" else priced[1]
        by_arm = spent.setdefault(sample.example, [[], []])
        by_arm[sample.arm == "candidate"].append(_cost(price, sample))
    both = [by_arm for _, by_arm in sorted(spent.items()) if by_arm[0] and by_arm[1]]
    if not both:
        return NoPrice("no example has token counts on both models")
    return (
        CallCosts(
            baseline=tuple(sum(one[0]) / len(one[0]) for one in both),
            candidate=tuple(sum(one[1]) / len(one[1]) for one in both),
            calls_per_day=runbook.feature.calls_per_day,
            users_per_month=runbook.feature.users_per_month,
        ),
        priced[0].currency,
    )


def token_notes(samples: Sequence[Sample]) -> tuple[str, ...]:
    """What the candidate's tokenizer and wording do to the number of tokens."""
    notes = []
    for field_name, words in (("input_tokens", "input tokens"), ("output_tokens", "output tokens")):
        baseline, candidate = measured_pairs(samples, field_name)
        if baseline and sum(baseline):
            ratio = sum(candidate) / sum(baseline)
            notes.append(
                f"{words} per call: {sum(baseline) / len(baseline):.1f} -> {sum(candidate) / len(candidate):.1f} "
                f"({ratio:.2f} times) over {len(baseline)} examples"
            )
    return tuple(notes)


def _cost(price: TokenPrice, sample: Sample) -> float:
    return call_cost(price, sample.input_tokens or 0, sample.output_tokens or 0, sample.cached_tokens or 0)


def _limits(
    section: CostSection, costs: CallCosts, currency: str, shares: Sequence[float], confidence: float, seed: int
) -> Iterator[Criterion]:
    for share in shares:
        at = f"{share * 100:g}"
        if section.total_increase is not None:
            estimate = relative_increase(costs, share, confidence=confidence, seed=seed)
            limit = float(section.total_increase.value)
            yield _criterion(f"cost/total-increase@{at}", estimate, limit, "percent", f"bill at {at} % of traffic")
        if section.per_user_increase is not None:
            estimate = per_user_increase(costs, share, confidence=confidence, seed=seed)
            yield _money(
                f"cost/per-user-increase@{at}",
                estimate,
                section.per_user_increase,
                currency,
                f"more for one user at {at} % of traffic",
            )
        if section.budget is not None:
            for volume in section.volumes or ():
                times = float(volume.value)
                estimate = monthly_bill(costs, share, times, confidence=confidence, seed=seed)
                yield _money(
                    f"cost/budget@{at}x{times:g}",
                    estimate,
                    section.budget,
                    currency,
                    f"bill at {at} % of traffic and {_volume(times)}",
                )
            if not section.volumes:
                yield _without(f"cost/budget@{at}", Verdict.ERROR, "the cost section names no volumes")


def _volume(times: float) -> str:
    return "today's volume" if times == 1 else f"{times:g} times today's volume"


def _money(name: str, estimate: Estimate | Undetermined, limit: Money, currency: str, words: str) -> Criterion:
    if limit.currency != currency or limit.per != "month":
        return _without(name, Verdict.ERROR, f"{words}: the limit {limit} is not in {currency}/month")
    return _criterion(name, estimate, float(limit.amount), f"{currency}/month", words)


def _criterion(name: str, estimate: Estimate | Undetermined, limit: float, unit: str, words: str) -> Criterion:
    if isinstance(estimate, Undetermined):
        return Criterion(
            id=name,
            metric="cost",
            test="none",
            verdict=Verdict.INCONCLUSIVE,
            n=estimate.n,
            margin=limit,
            unit=unit,
            needed=estimate.needed,
            message=f"{words}: {estimate.reason}",
        )
    verdict = against_limit(estimate.lower, estimate.upper, limit)
    return Criterion(
        id=name,
        metric="cost",
        test=estimate.method,
        verdict=verdict,
        n=estimate.n,
        estimate=estimate.value,
        low=estimate.low,
        high=estimate.high,
        bound=estimate.upper,
        margin=limit,
        unit=unit,
        message=f"{words}: {amount(estimate.value, unit)}, {_told(verdict)} {amount(limit, unit, limit=True)}",
    )


def amount(value: float, unit: str, *, limit: bool = False) -> str:
    """A cost for people: `12.3 % more`, `1,234 USD/month`."""
    if unit == "percent":
        if limit:
            return f"{value * 100:g} % more"
        return f"{abs(value) * 100:.1f} % {'less' if value < 0 else 'more'}"
    digits = 0 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4
    return f"{value:,.{digits}f} {unit}"


def _told(verdict: Verdict) -> str:
    return {
        Verdict.PASS: "within the limit of",
        Verdict.FAIL: "over the limit of",
    }.get(verdict, "not clearly within the limit of")


def _without(name: str, verdict: Verdict, why: str) -> Criterion:
    return Criterion(id=name, metric="cost", test="none", verdict=verdict, message=why)
