"""Promotion: one stage up when everything is there, else the first thing that is missing."""

from __future__ import annotations

import difflib
from datetime import timedelta

import pytest

from support.planning import HELD, Judge, situation, text_at
from support.runbooks import CLEAN, CLEAN_PATH, NOW
from towpath.model.change import Change, NotYet
from towpath.model.finding import Finding, Severity
from towpath.model.record import Attestation
from towpath.model.verdict import Verdict
from towpath.plan.promotion import plan_promotion
from towpath.record.statement import read_record

REVIEWED = (Attestation(what="review", statement="50 read, 1 serious"),)
COMPARED = (Attestation(what="compare", statement="tickets level"),)


def promoted(stage: str, **options: object) -> Change | NotYet:
    return plan_promotion(situation(text_at(stage), **options), Judge(), REVIEWED + COMPARED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "goal", "percent"),
    [("planned", "internal", "0"), ("internal", "canary", "5"), ("canary", "half", "50"), ("half", "full", "100")],
)
def test_one_stage_up(stage: str, goal: str, percent: str) -> None:
    change = promoted(stage)
    assert isinstance(change, Change)
    assert (change.record.from_.stage, change.record.to.stage) == (stage, goal)
    assert format(change.record.to.percent, "f") == percent
    assert change.branch == "towpath/support-triage-2026-11/000001-promote"


def test_the_change_is_the_rollout_block_the_record_and_the_export() -> None:
    change = promoted("internal")
    assert isinstance(change, Change)
    assert [edit.path for edit in change.edits] == [
        CLEAN_PATH,
        "records/support-triage-2026-11/000001.json",
        "flags/support-triage.flagd.json",
    ]
    before, after = (
        text.decode().splitlines() for text in (change.edits[0].before or b"", change.edits[0].after or b"")
    )
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    assert changed == ["-   stage: internal", "+   stage: canary", "-   percent: 0", "+   percent: 5"]
    record = change.edits[1].after
    assert record is not None
    assert read_record(record, "x") == change.record
    assert change.record.evidence[0].path.startswith("evidence/")
    assert change.record.gate is not None
    assert change.record.gate.verdict == "pass"
    assert change.record.attested == REVIEWED + COMPARED
    assert b'"basisPoints": 500' in (change.edits[2].after or b"")


def test_planning_twice_gives_the_same_bytes() -> None:
    later = situation(text_at("internal"), now=NOW + timedelta(hours=3), stamp=NOW)
    again = plan_promotion(later, Judge(), REVIEWED + COMPARED)
    assert again == promoted("internal")


def test_a_hold_comes_before_everything_else() -> None:
    judge = Judge()
    answer = plan_promotion(situation(text_at("internal", HELD), landed=NOW), judge)
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("hold", 3)
    assert "ada" in answer.message
    assert "towpath resume support-triage-2026-11" in answer.help
    assert judge.asked == []


def test_a_bake_that_is_not_over_says_when() -> None:
    answer = promoted("internal", landed=NOW - timedelta(hours=10))
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code, answer.due) == ("bake", 3, NOW + timedelta(hours=38))
    assert "10h of 48h" in answer.message
    assert "1d 14h" in answer.help


def test_the_bake_is_over_on_the_second() -> None:
    assert isinstance(promoted("internal", landed=NOW - timedelta(hours=48)), Change)
    assert isinstance(promoted("internal", landed=NOW - timedelta(hours=48) + timedelta(seconds=1)), NotYet)


def test_an_unknown_landing_is_not_due() -> None:
    answer = promoted("internal", landed=None)
    assert isinstance(answer, NotYet)
    assert answer.code == "unknown-landing"
    assert "towpath hold" in answer.help


def test_findings_stop_it_and_notes_do_not() -> None:
    error = Finding(rule="some-rule", severity=Severity.WARNING, message="odd", path=CLEAN_PATH)
    answer = promoted("internal", findings=(error,))
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("lint", 1)
    assert "some-rule" in answer.message
    note = Finding(rule="some-rule", severity=Severity.NOTE, message="odd", path=CLEAN_PATH)
    assert isinstance(promoted("internal", findings=(note,)), Change)


def test_review_and_comparison_are_asked_for_when_leaving() -> None:
    answer = plan_promotion(situation(text_at("internal")), Judge())
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("review", 3)
    blank = (Attestation(what="review", statement="  "),)
    assert isinstance(plan_promotion(situation(text_at("internal")), Judge(), blank), NotYet)
    answer = plan_promotion(situation(text_at("canary")), Judge(), REVIEWED)
    assert isinstance(answer, NotYet)
    assert answer.code == "compare"


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.FAIL, 1), (Verdict.INCONCLUSIVE, 3), (Verdict.NO_DATA, 3), (Verdict.ERROR, 2)],
)
def test_only_pass_promotes(verdict: Verdict, code: int) -> None:
    judge = Judge(verdict)
    answer = plan_promotion(situation(text_at("planned")), judge)
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("gate", code)
    assert "8 points worse" in answer.message
    assert judge.asked == ["internal"]


@pytest.mark.parametrize(
    ("stage", "code", "exit_code"),
    [("full", "finished", 3), ("done", "finished", 0), ("rolled-back", "rolled-back", 3)],
)
def test_where_nothing_comes_next(stage: str, code: str, exit_code: int) -> None:
    answer = promoted(stage)
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == (code, exit_code)


def test_a_draft_stays_planned() -> None:
    draft = CLEAN.replace("reason: upgrade\n", "reason: upgrade\ndraft: true\n")
    answer = plan_promotion(situation(draft), Judge())
    assert isinstance(answer, NotYet)
    assert answer.code == "draft"
