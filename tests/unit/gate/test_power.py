"""What an evaluation could decide, from a runbook and evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from support.judged import answers, judged_runbook, margin, snapshot
from towpath.gate.power import PowerReport, TaskPower, power_for
from towpath.model.errors import UsageError
from towpath.model.evidence import Sample
from towpath.model.quantity import Points
from towpath.model.runbook import RollbackSection, Runbook, Trigger
from towpath.stats.power import chance_to_pass


def asked(samples: list[Sample] | None, runbook: Runbook | None = None, **options: object) -> PowerReport:
    return power_for(snapshot(samples, runbook), runbook or judged_runbook(), **options)  # type: ignore[arg-type]


def of(report: PowerReport, task: str) -> TaskPower:
    return next(one for one in report.tasks if one.task == task)


def test_discordance_is_measured_and_the_watch_task_comes_first() -> None:
    report = asked([*answers("refund", 400, 6, 2), *answers("invoice", 200, 13, 13), *answers("smalltalk", 50)])
    assert [one.task for one in report.tasks] == ["invoice", "refund"]
    invoice = of(report, "invoice")
    assert (invoice.n, invoice.variance, invoice.measured) == (200, 0.13, True)
    assert invoice.needed == 322  # Nam 1997: (1.645 + 0.842)^2 * .13 / .05^2
    assert not invoice.reachable
    assert invoice.possible
    assert invoice.chance == chance_to_pass(0.13, 200, 0.05)
    assert report.all_pass == pytest.approx(invoice.chance * of(report, "refund").chance)
    assert report.evidence.startswith("evidence/")


def test_without_evidence_it_is_assumed_and_nothing_is_reached() -> None:
    report = asked(None, discordance=0.10)
    assert (of(report, "invoice").measured, of(report, "invoice").needed) == (False, 248)
    assert (of(report, "invoice").n, of(report, "invoice").chance, report.all_pass) == (0, 0.0, 0.0)
    assert not report.reachable


def test_51_examples_cannot_show_5_points_whatever_the_answers() -> None:
    runbook = judged_runbook()
    small, enough = (of(asked(None, runbook, examples=n, discordance=0.001), "invoice") for n in (51, 52))
    assert (small.fewest, small.possible, enough.possible) == (52, False, True)


def test_enough_examples_are_enough() -> None:
    report = asked(None, examples=3000)
    assert report.reachable
    assert report.all_pass > 0.9


def test_no_difference_seen_is_not_certainty() -> None:
    invoice = of(asked([*answers("refund", 60), *answers("invoice", 60), *answers("smalltalk", 5)]), "invoice")
    assert invoice.variance == pytest.approx(1 / 62)
    assert invoice.chance < 1


def test_a_graded_task_uses_its_spread() -> None:
    samples = [
        replace(one, score=0.5 + 0.01 * (number % 17)) if one.task == "invoice" else one
        for number, one in enumerate([*answers("refund", 40), *answers("invoice", 40), *answers("smalltalk", 5)])
    ]
    invoice = of(asked(samples), "invoice")
    assert (invoice.kind, invoice.fewest, invoice.measured) == ("graded", None, True)
    differences = [
        (two.score or 0) - (one.score or 0)
        for one, two in zip(samples[::2], samples[1::2], strict=True)
        if one.task == "invoice"
    ]
    mean = sum(differences) / 40
    assert invoice.variance == pytest.approx(sum((one - mean) ** 2 for one in differences) / 39)


def test_clusters_ask_for_more_than_the_same_examples_alone() -> None:
    def grouped(size: int) -> list[Sample]:
        return [
            replace(one, cluster=str(int(one.example[-3:]) // size))
            for task in ("refund", "invoice", "smalltalk")
            for one in answers(task, 200, 10, 10)
        ]

    alone, five = (of(asked(grouped(size)), "invoice") for size in (1, 5))
    assert (alone.kind, five.kind) == ("binary", "clustered")
    assert alone.needed is not None
    assert five.needed is not None
    assert five.needed > 2 * alone.needed


def test_a_task_without_margin_is_never_reachable() -> None:
    whole = judged_runbook()
    bare = replace(whole, tasks=tuple(replace(task, margin=None) for task in whole.tasks))
    assert not asked(None, bare, examples=10**5).reachable
    loose = replace(whole, tasks=(replace(whole.tasks[0], margin=margin("0.5")), *whole.tasks[1:]))
    assert of(asked(None, loose, examples=100), "refund").reachable


def live(percent: str, calls: int, days: int) -> Runbook:
    whole = judged_runbook()
    section = RollbackSection(
        at=("x",), when=(Trigger(name="accuracy", at=("y",), metric="quality", worse_by=Points(Decimal("0.05"))),)
    )
    stage = replace(whole.stages[1], percent=Decimal(percent), bake=timedelta(days=days), rollback=section)
    return replace(whole, stages=(stage,), feature=replace(whole.feature, calls_per_day=calls))


def test_live_traffic_within_the_bake() -> None:
    (few,) = asked(None, live("5", 1000, 3)).live
    (many,) = asked(None, live("5", 100_000, 3)).live
    assert (few.calls, few.decides, many.calls, many.decides) == (150, False, 15_000, True)
    assert few.needed == many.needed
    assert few.needed is not None
    assert few.days == pytest.approx(few.needed / 50)
    (unknown,) = asked(None, live("5", 0, 3)).live
    assert (unknown.calls, unknown.decides) == (None, False)


def test_a_stage_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no stage 'nowhere'"):
        asked(None, stage_name="nowhere")
    whole = judged_runbook()
    with pytest.raises(UsageError, match="no eval section"):
        asked(None, replace(whole, stages=(replace(whole.stages[0], eval=None),)))
