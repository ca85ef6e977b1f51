"""Hold, resume and close."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from support.planning import HELD, Judge, situation, text_at
from support.records import RECORD
from support.runbooks import NOW
from towpath.model.change import Change, NotYet
from towpath.model.record import Position
from towpath.model.verdict import Verdict
from towpath.plan.pause import plan_close, plan_hold, plan_resume
from towpath.record.statement import write_record

ID = "support-triage-2026-11"


def test_hold_changes_only_the_hold() -> None:
    change = plan_hold(situation(text_at("canary")), "provider incident", NOW + timedelta(days=1))
    assert isinstance(change, Change)
    assert change.record.from_ == change.record.to
    text = (change.edits[0].after or b"").decode()
    assert "stage: canary" in text
    assert "provider incident" in text
    assert "2026-11-24T12:00:00Z" in text


def test_hold_on_hold_and_hold_in_the_past() -> None:
    assert isinstance(plan_hold(situation(text_at("canary", HELD)), "x"), NotYet)
    past = plan_hold(situation(text_at("canary")), "x", NOW)
    assert isinstance(past, NotYet)
    assert past.exit_code == 2
    assert isinstance(plan_hold(situation(text_at("done")), "x"), NotYet)


def test_resume_clears_the_hold() -> None:
    change = plan_resume(situation(text_at("canary", HELD)), Judge())
    assert isinstance(change, Change)
    assert change.record.action == "resume"
    assert "hold: null" in (change.edits[0].after or b"").decode()


def test_resume_without_a_hold_needs_a_closed_step() -> None:
    assert isinstance(plan_resume(situation(text_at("canary")), Judge()), NotYet)
    change = plan_resume(situation(text_at("canary")), Judge(), closed_step=True, reason="a mistake")
    assert isinstance(change, Change)
    assert change.edits[0].path == f"records/{ID}/000001.json"


def test_resume_does_not_jump() -> None:
    answer = plan_resume(situation(text_at("canary", HELD)), Judge(), to="half")
    assert isinstance(answer, NotYet)
    assert answer.exit_code == 2


def rolled_back(measured_at: str = "2026-11-22T00:00:00Z", verdict: Verdict = Verdict.PASS, **options: str) -> object:
    record = replace(RECORD, runbook=ID, action="rollback", created=NOW - timedelta(days=2))
    records = {f"records/{ID}/000001.json": write_record(record)}
    start = situation(text_at("rolled-back", HELD), records=records)
    return plan_resume(start, Judge(verdict, measured_at), **options)  # type: ignore[arg-type]


def test_after_a_rollback_say_where_to_start_again() -> None:
    answer = rolled_back()
    assert isinstance(answer, NotYet)
    assert "--to planned" in answer.help
    assert isinstance(rolled_back(to="half"), NotYet)
    change = rolled_back(to="planned")
    assert isinstance(change, Change)
    assert change.record.to.stage == "planned"
    assert change.branch.endswith("000002-resume")


def test_starting_again_at_a_stage_needs_the_gate_and_newer_evidence_or_a_reason() -> None:
    assert isinstance(rolled_back(to="internal"), Change)
    old = rolled_back("2026-11-01T00:00:00Z", to="internal")
    assert isinstance(old, NotYet)
    assert "no evidence newer than the rollback" in old.message
    same_moment = rolled_back("2026-11-21T12:00:00Z", to="internal")
    assert isinstance(same_moment, NotYet)
    assert isinstance(rolled_back("2026-11-01T00:00:00Z", to="internal", reason="the cause was the network"), Change)
    failed = rolled_back(verdict=Verdict.FAIL, to="internal", reason="still")
    assert isinstance(failed, NotYet)
    assert failed.exit_code == 1


def test_starting_again_at_planned_needs_them_too() -> None:
    assert isinstance(rolled_back("2026-11-01T00:00:00Z", to="planned"), NotYet)
    assert isinstance(rolled_back("2026-11-01T00:00:00Z", to="planned", reason="another prompt"), Change)
    # entering a stage is judged then, not now
    assert isinstance(rolled_back(verdict=Verdict.FAIL, to="planned"), Change)


def test_the_hold_of_a_rollback_to_the_previous_stage_needs_them_too() -> None:
    record = replace(RECORD, runbook=ID, action="rollback", created=NOW - timedelta(days=2))
    start = situation(text_at("canary", HELD), records={f"records/{ID}/000001.json": write_record(record)})
    old = plan_resume(start, Judge(measured_at="2026-11-01T00:00:00Z"))
    assert isinstance(old, NotYet)
    assert old.exit_code == 3
    assert isinstance(plan_resume(start, Judge(measured_at="2026-11-01T00:00:00Z"), reason="found it"), Change)
    assert isinstance(plan_resume(start, Judge()), Change)


def test_close_after_the_last_bake() -> None:
    change = plan_close(situation(text_at("full")))
    assert isinstance(change, Change)
    assert change.record.to == Position(stage="done", percent=Decimal(100))
    early = plan_close(situation(text_at("full"), landed=NOW - timedelta(days=1)))
    assert isinstance(early, NotYet)
    assert (early.code, early.due) == ("bake", NOW + timedelta(days=13))


@pytest.mark.parametrize(("stage", "code"), [("half", "not-last"), ("planned", "not-last"), ("done", "finished")])
def test_close_elsewhere(stage: str, code: str) -> None:
    answer = plan_close(situation(text_at(stage)))
    assert isinstance(answer, NotYet)
    assert answer.code == code


def test_close_on_hold() -> None:
    answer = plan_close(situation(text_at("full", HELD)))
    assert isinstance(answer, NotYet)
    assert answer.code == "hold"
