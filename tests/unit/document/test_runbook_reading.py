"""Plain data becomes a runbook; what is malformed is left out and never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml

from support.documents import RUNBOOK, changed, document, loaded, runbook
from towpath.document.runbook_reading import read_runbook, resolve_section, resolved_data
from towpath.model.quantity import Count, Money, Percent, Points, Ratio
from towpath.model.runbook import Runbook

DATA: dict[str, Any] = document(RUNBOOK).data


def test_the_values_of_a_complete_runbook() -> None:
    book = runbook()
    assert (book.id, book.reason, book.owners) == ("support-triage-2026-11", "upgrade", ("@acme/support-ai",))
    assert (book.feature.name, book.feature.users_per_month, book.feature.calls_per_day) == (
        "support-triage",
        42000,
        120000,
    )
    assert (book.unit, book.salt) == ("user", "support-triage-2026-11")
    assert book.baseline is not None
    assert book.baseline.retires == date(2027, 6, 30)
    assert book.baseline.price is not None
    assert book.baseline.price.output == Money(Decimal("0.40"), "USD", "Mtok")
    assert book.fallback is None
    assert [(task.id, task.load_bearing, task.metric) for task in book.tasks][-2:] == [
        ("harmful-request", True, "refusal"),
        ("smalltalk", False, "score"),
    ]
    assert book.task("refund-eligibility") is not None
    assert book.tasks[0].margin == Points(Decimal("0.03"))
    assert [metric.name for metric in book.metrics] == ["default", "support_tickets"]
    assert dict(book.metrics[0].settings) == {"url_env": "PROMETHEUS_URL"}
    assert [(stage.name, stage.percent, stage.bake) for stage in book.stages] == [
        ("internal", Decimal(0), timedelta(hours=48)),
        ("canary", Decimal(5), timedelta(hours=72)),
        ("half", Decimal(50), timedelta(days=7)),
        ("full", Decimal(100), timedelta(days=14)),
    ]
    assert (book.rollout.stage, book.rollout.percent, book.rollout.hold) == ("planned", Decimal(0), None)


def test_the_sections_of_a_stage() -> None:
    stage = runbook().stages[0]
    assert stage.eval is not None
    assert (stage.eval.at, stage.eval.name) == (("checks", "eval", "standard"), "standard")
    assert stage.eval.max_evidence_age == timedelta(days=30)
    assert [(item.metric, item.non_inferior, item.at_most) for item in stage.eval.require] == [
        ("quality", True, None),
        ("latency_p50", False, Ratio(Decimal("1.5"))),
        ("latency_p99", False, Ratio(Decimal("2"))),
    ]
    assert stage.cost is not None
    assert stage.cost.total_increase == Percent(Decimal("0.1"))
    assert stage.cost.volumes == (Ratio(Decimal(1)), Ratio(Decimal(2)))
    assert stage.rollback is not None
    assert stage.rollback.to == "baseline"
    assert [trigger.name for trigger in stage.rollback.when] == [
        "accuracy",
        "watch",
        "latency",
        "errors",
        "tickets",
        "cost",
    ]
    assert stage.rollback.no_data is not None
    assert stage.rollback.no_data.after == Count(500, "expected calls")
    assert stage.review is not None
    assert stage.review.at_most == Count(2, "serious")


def with_stage(**parts: Any) -> Runbook:
    """The complete runbook with parts of its second stage replaced."""
    stages = [dict(stage) for stage in DATA["stages"]]
    stages[1] |= parts
    book = read_runbook({**DATA, "stages": stages}, "x.yaml")
    assert book is not None
    return book


def test_a_stage_adds_to_a_named_section() -> None:
    added = with_stage(eval={"use": "standard", "confidence": "99%", "require": {"latency_p50": {"at_most": "1.2x"}}})
    section = added.stages[1].eval
    assert section is not None
    assert (section.at, section.name) == (("stages", 1, "eval"), "standard")
    assert section.confidence == Percent(Decimal("0.99"))
    assert section.suite == "offline"
    assert [(item.metric, item.at_most) for item in section.require] == [
        ("quality", None),
        ("latency_p50", Ratio(Decimal("1.2"))),
        ("latency_p99", Ratio(Decimal(2))),
    ]
    other = added.stages[2].eval
    assert other is not None
    assert other.confidence == Percent(Decimal("0.95"))


def test_stages_may_use_different_named_sections() -> None:
    checks = {**DATA["checks"], "cost": {**DATA["checks"]["cost"], "strict": {"budget": "5 USD/month"}}}
    stages = [{**stage, "cost": name} for stage, name in zip(DATA["stages"], ["standard", "strict"] * 2, strict=True)]
    book = read_runbook({**DATA, "checks": checks, "stages": stages}, "x.yaml")
    assert book is not None
    assert [stage.cost.name if stage.cost else "" for stage in book.stages] == ["standard", "strict"] * 2


def test_an_inline_section_stands_in_its_stage() -> None:
    section = with_stage(rollback={"to": "previous"}).stages[1].rollback
    assert section is not None
    assert (section.at, section.name, section.to) == (("stages", 1, "rollback"), "", "previous")


@pytest.mark.parametrize("value", ["unknown", {"use": "unknown"}, {"use": 5}, 5, None, []])
def test_a_section_that_cannot_be_resolved_is_absent(value: object) -> None:
    assert with_stage(eval=value).stages[1].eval is None


def test_a_named_section_may_not_lean_on_another() -> None:
    # `use` inside a named section would be dropped, and its limits with it, so the schema refuses it
    text = changed(("      suite: offline", "      use: strict\n      suite: offline"))
    assert [finding.rule for finding in loaded(text).findings] == ["wrong-value"]


def test_resolve_section_says_where_and_under_which_name() -> None:
    assert resolve_section("cost", "standard", ("stages", 0, "cost"), DATA["checks"]) == (
        DATA["checks"]["cost"]["standard"],
        ("checks", "cost", "standard"),
        "standard",
    )


def test_resolved_data_writes_everything_out() -> None:
    whole = resolved_data(DATA)
    assert "checks" not in whole
    assert whole["tasks"]["refund-eligibility"] == {
        "load_bearing": True,
        "metric": "score",
        "better": "higher",
        "margin": "3pp",
    }
    assert whole["stages"][0]["mode"] == "serve"
    assert whole["stages"][0]["eval"]["max_errors"] == "5%"
    assert whole["stages"][0]["eval"]["suite"] == "offline"
    assert whole["stages"][3]["rollback"]["to"] == "baseline"
    assert loaded(yaml.safe_dump(whole, sort_keys=False)).findings == ()


def test_resolving_changes_nothing_in_the_data() -> None:
    before = yaml.safe_dump(DATA)
    resolved_data(DATA)
    assert yaml.safe_dump(DATA) == before


def test_a_hold_is_read_in_utc() -> None:
    text = changed(("hold: null", "hold: {by: x, reason: y, since: 2026-11-23T09:00:00Z, until: null}"))
    hold = runbook(text).rollout.hold
    assert hold is not None
    assert (hold.by, hold.reason, hold.since, hold.until) == ("x", "y", datetime(2026, 11, 23, 9, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        [],
        {},
        {"id": "x"},
        {**DATA, "id": None},
        {**DATA, "feature": None},
        {**DATA, "rollout": None},
        {**DATA, "rollout": {"stage": "planned", "percent": "5", "hold": None}},
        {**DATA, "rollout": {"stage": "planned", "percent": True, "hold": None}},
    ],
)
def test_too_little_is_no_runbook(data: object) -> None:
    assert read_runbook(data, "x.yaml") is None


@pytest.mark.parametrize("wrong", [None, True, 5, -1.5, "x", [], [None], {}, {"x": {"y": None}}])
@pytest.mark.parametrize("key", sorted(DATA))
def test_a_malformed_part_is_left_out(key: str, wrong: object) -> None:
    book = read_runbook({**DATA, key: wrong}, "x.yaml", [("x",)])
    if book is None:
        assert key in ("id", "feature", "rollout")
    else:
        assert book.malformed == {("x",)}


def test_a_task_is_load_bearing_unless_it_says_no() -> None:
    for said in (None, "false", 0, True):
        book = read_runbook({**DATA, "tasks": {"a": {"load_bearing": said}}}, "x.yaml")
        assert book is not None
        assert book.tasks[0].load_bearing


@pytest.mark.parametrize("length", ["9" * 12 + "w", "9" * 400 + "h"])
def test_a_duration_beyond_every_calendar_is_left_out(length: str) -> None:
    assert with_stage(bake=length).stages[1].bake is None
