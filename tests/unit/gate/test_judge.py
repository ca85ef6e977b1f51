"""Verdicts: the rules of the semantics, task by task, and their laws."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.judged import COST, EVAL, STAGES, answers, evidence, judged_runbook, level, margin, price
from towpath.gate.judge import judge
from towpath.model.evidence import Evidence, Sample
from towpath.model.quantity import Percent, Points, Ratio
from towpath.model.runbook import Requirement, Runbook, Task
from towpath.model.verdict import Criterion, GateReport, Verdict
from towpath.report.gate_json import gate_json


def report(samples: list[Sample], runbook: Runbook | None = None, stage: int = 1) -> GateReport:
    runbook = runbook or judged_runbook()
    return judge(runbook, STAGES[stage], EVAL, COST, evidence(samples, runbook))


def criterion(found: GateReport, name: str) -> Criterion:
    return next(one for one in found.criteria if one.id == name)


def with_refund(lost: int, won: int, n: int = 200) -> list[Sample]:
    return [*answers("refund", n, lost, won), *answers("invoice", 200, 2, 2), *answers("smalltalk", 50)]


def test_level_passes_with_the_watch_task_first() -> None:
    found = report(level(400))
    assert found.verdict is Verdict.PASS
    assert found.tasks[0].task == "invoice"
    assert found.tasks[0].watch
    assert found.criteria[0].id == "quality/invoice"
    assert {one.verdict for one in found.criteria} == {Verdict.PASS}


@pytest.mark.parametrize(
    ("lost", "won", "n", "verdict"),
    [
        (1, 1, 400, Verdict.PASS),  # lower limit above -3 points
        (60, 0, 200, Verdict.FAIL),  # interval wholly below
        (12, 0, 400, Verdict.FAIL),  # exactly 3 points worse beyond noise, does not pass
        (6, 4, 200, Verdict.INCONCLUSIVE),
        (0, 0, 30, Verdict.INCONCLUSIVE),  # nothing differs, but too few to show 3 points
    ],
)
def test_margin_verdicts(lost: int, won: int, n: int, verdict: Verdict) -> None:
    found = criterion(report(with_refund(lost, won, n)), "quality/refund")
    assert found.verdict is verdict
    assert (found.lost, found.won, found.n, found.margin) == (lost, won, n, 0.03)
    if verdict is Verdict.INCONCLUSIVE:
        assert found.needed is not None
        assert found.needed > n


def test_an_average_never_hides_a_task() -> None:
    """Far better on one task, worse on the watch task: the average rises, the verdict is fail."""
    samples = [*answers("refund", 400, 0, 200), *answers("invoice", 200, 40, 0), *answers("smalltalk", 50)]
    found = report(samples)
    assert found.verdict is Verdict.FAIL
    assert {one.task: one.change for one in found.tasks} == {
        "refund": "better",
        "invoice": "worse",
        "smalltalk": "noisy",
    }
    assert criterion(found, "quality/refund").verdict is Verdict.PASS


def test_a_task_that_is_not_load_bearing_is_reported_only() -> None:
    samples = [*answers("refund", 400, 2, 2), *answers("invoice", 400, 2, 2), *answers("smalltalk", 200, 60, 0)]
    found = report(samples)
    assert found.verdict is Verdict.PASS
    assert {one.task: one.change for one in found.tasks}["smalltalk"] == "worse"
    assert not [one for one in found.criteria if one.task == "smalltalk"]


def test_a_task_without_evidence_is_no_data() -> None:
    found = report([*answers("invoice", 400, 2, 2), *answers("smalltalk", 50)])
    assert criterion(found, "quality/refund").verdict is Verdict.NO_DATA
    assert found.verdict is Verdict.NO_DATA


def test_lower_is_better() -> None:
    tasks = (
        Task(id="refund", margin=margin("0.03"), better="lower"),
        Task(id="invoice", margin=margin("0.05")),
        Task(id="smalltalk", load_bearing=False),
    )
    runbook = judged_runbook(tasks=tasks)
    fell = criterion(report(with_refund(60, 0), runbook), "quality/refund")
    rose = criterion(report(with_refund(0, 60), runbook), "quality/refund")
    assert (fell.verdict, fell.won) == (Verdict.PASS, 60)
    assert (rose.verdict, rose.lost) == (Verdict.FAIL, 60)


def test_graded_and_clustered_scores_use_their_own_methods() -> None:
    graded = [replace(one, score=0.75 if one.score else 0.25) for one in answers("refund", 400, 2, 2)]
    rest = [*answers("invoice", 400, 2, 2), *answers("smalltalk", 50)]
    assert criterion(report([*graded, *rest]), "quality/refund").test == "paired t"
    clustered = [replace(one, cluster=f"c{int(one.example[-3:]) // 3}") for one in answers("refund", 400, 2, 2)]
    found = criterion(report([*clustered, *rest]), "quality/refund")
    assert found.test == "paired, cluster-robust"
    assert found.n == 400


def test_errors_over_the_limit_cannot_pass_and_are_told_both_ways() -> None:
    samples = answers("refund", 400, 2, 2)
    broken = [
        replace(one, score=None, error="rate_limit", latency_ms=None)
        if one.arm == "candidate" and one.example >= "refund-370"
        else one
        for one in samples
    ]
    found = criterion(report([*broken, *answers("invoice", 400, 2, 2), *answers("smalltalk", 50)]), "quality/refund")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "30 answers failed" in found.message
    assert "counted as wrong it would be 7.5 points worse" in found.message


def test_too_many_lonely_examples_are_an_error() -> None:
    samples = [one for one in level(200) if one.arm == "baseline" or one.example < "refund-150"]
    found = report(samples)
    assert found.verdict is Verdict.ERROR
    assert criterion(found, "evidence/unpaired").n == 600


def test_latency_limit() -> None:
    for slow, verdict in ((120, Verdict.PASS), (400, Verdict.FAIL)):
        samples = [one for task in ("refund", "invoice") for one in answers(task, 400, 2, 2, latency=(100, slow))]
        found = criterion(report([*samples, *answers("smalltalk", 50)]), "limit/latency_p50")
        assert found.verdict is verdict
        assert found.unit == "ratio"


def test_no_latency_is_no_data_and_p99_of_few_cannot_be_told() -> None:
    silent = [replace(one, latency_ms=None) for one in level(400)]
    assert criterion(report(silent), "limit/latency_p50").verdict is Verdict.NO_DATA
    section = replace(EVAL, require=(*EVAL.require, Requirement(metric="latency_p99", at_most=Ratio(Decimal(2)))))
    few = judge(judged_runbook(), STAGES[1], section, COST, evidence(level(90)))
    assert criterion(few, "limit/latency_p99").verdict is Verdict.INCONCLUSIVE
    assert criterion(few, "limit/latency_p99").needed == 299


@pytest.mark.parametrize(
    "requirement",
    [
        Requirement(metric="latency_p95", at_most=Ratio(Decimal(2))),
        Requirement(metric="latency_p50"),
        Requirement(metric="latency_p50", at_most=Points(Decimal("0.1"))),
        Requirement(metric="error_rate", at_most=Ratio(Decimal(2))),
    ],
)
def test_what_cannot_be_judged_is_an_error(requirement: Requirement) -> None:
    section = replace(EVAL, require=(*EVAL.require, requirement))
    assert judge(judged_runbook(), STAGES[1], section, COST, evidence(level(400))).verdict is Verdict.ERROR


def test_error_rate() -> None:
    for share, verdict in ((Decimal("0.02"), Verdict.PASS), (Decimal("0.001"), Verdict.INCONCLUSIVE)):
        section = replace(EVAL, require=(EVAL.require[0], Requirement(metric="error_rate", at_most=Percent(share))))
        found = judge(judged_runbook(), STAGES[1], section, COST, evidence(level(400)))
        assert criterion(found, "limit/error_rate").verdict is verdict


def test_no_quality_required_is_an_error_never_a_pass() -> None:
    section = replace(EVAL, require=EVAL.require[1:])
    assert judge(judged_runbook(), STAGES[1], section, COST, evidence(level(400))).verdict is Verdict.ERROR


def test_dearer_by_more_than_the_limit_fails_at_full_and_not_at_five_percent() -> None:
    runbook = judged_runbook()
    assert runbook.candidate is not None
    dearer = replace(runbook, candidate=replace(runbook.candidate, price=price("1.5")))
    found = report(level(400), dearer)
    assert criterion(found, "cost/total-increase@5").verdict is Verdict.PASS
    full = criterion(found, "cost/total-increase@100")
    assert full.verdict is Verdict.FAIL
    assert full.estimate == pytest.approx(0.5)


def test_more_tokens_are_dearer_at_the_same_price() -> None:
    samples = [one for task in ("refund", "invoice") for one in answers(task, 400, 2, 2, tokens=(100, 150))]
    found = report([*samples, *answers("smalltalk", 50, tokens=(100, 150))])
    assert criterion(found, "cost/total-increase@100").estimate == pytest.approx(50 / 110)
    assert any("1.50 times" in note for note in found.notes)


def test_no_price_is_no_data() -> None:
    runbook = judged_runbook()
    assert runbook.candidate is not None
    found = report(level(400), replace(runbook, candidate=replace(runbook.candidate, price=None)))
    assert criterion(found, "cost").verdict is Verdict.NO_DATA


def test_budget_is_judged_at_every_volume() -> None:
    found = report(level(400))
    once, twice = criterion(found, "cost/budget@100x1"), criterion(found, "cost/budget@100x2")
    # 110 tokens at 1 USD/Mtok, 1,000 calls a day, 30.4375 days
    assert once.estimate == pytest.approx(110e-6 * 1000 * 30.4375)
    assert twice.estimate == pytest.approx(2 * (once.estimate or 0))


def test_the_same_evidence_gives_the_same_bytes_in_any_order() -> None:
    samples = level(60)
    first = evidence(samples)
    shuffled = Evidence(path=first.path, sha256=first.sha256, binding=first.binding, samples=first.samples[::-1])
    reports = [judge(judged_runbook(), STAGES[1], EVAL, COST, one) for one in (first, first, shuffled)]
    assert len({gate_json(one) for one in reports}) == 1


ORDER = [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL]


@settings(max_examples=60, deadline=None)
@given(lost=st.integers(0, 40), won=st.integers(0, 40), more=st.integers(0, 20))
def test_worse_evidence_never_helps(lost: int, won: int, more: int) -> None:
    before = criterion(report(with_refund(lost, won, 120)), "quality/refund")
    after = criterion(report(with_refund(lost + more, won, 120)), "quality/refund")
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)


@settings(max_examples=60, deadline=None)
@given(lost=st.integers(0, 40), won=st.integers(0, 40), tight=st.integers(1, 15), more=st.integers(0, 15))
def test_a_wider_margin_never_hurts(lost: int, won: int, tight: int, more: int) -> None:
    def verdict(points: int) -> Verdict:
        tasks = (
            Task(id="refund", margin=Points(Decimal(points) / 100)),
            Task(id="invoice", margin=margin("0.05")),
            Task(id="smalltalk", load_bearing=False),
        )
        return criterion(report(with_refund(lost, won, 120), judged_runbook(tasks=tasks)), "quality/refund").verdict

    assert ORDER.index(verdict(tight + more)) <= ORDER.index(verdict(tight))
