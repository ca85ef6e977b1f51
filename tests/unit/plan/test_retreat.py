"""Rollback: always lower, always with a hold, never to a dead model."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from support.planning import HELD, situation, text_at
from support.runbooks import CLEAN, NOW
from towpath.model.change import Change, NotYet
from towpath.model.record import Position
from towpath.plan.retreat import plan_rollback

PREVIOUS = CLEAN.replace("to: baseline", "to: previous")


def test_to_the_baseline_with_a_hold() -> None:
    change = plan_rollback(situation(text_at("half")), "answers got rude")
    assert isinstance(change, Change)
    assert change.record.to == Position(stage="rolled-back", percent=Decimal(0))
    after = (change.edits[0].after or b"").decode()
    assert "answers got rude" in after
    assert b'"basisPoints": 0' in (change.edits[2].after or b"")
    assert change.record.gate is None
    assert change.record.reason == "answers got rude"


def test_to_the_previous_stage() -> None:
    change = plan_rollback(situation(text_at("half", text=PREVIOUS)), "slow")
    assert isinstance(change, Change)
    assert change.record.to == Position(stage="canary", percent=Decimal(5))


def test_the_stage_before_the_first_is_the_baseline() -> None:
    change = plan_rollback(situation(text_at("internal", text=PREVIOUS)), "slow")
    assert isinstance(change, Change)
    assert change.record.to.stage == "rolled-back"


def test_a_person_may_go_further_down() -> None:
    change = plan_rollback(situation(text_at("half", HELD, text=PREVIOUS)), "slow", "baseline")
    assert isinstance(change, Change)
    assert change.record.to.stage == "rolled-back"


@pytest.mark.parametrize("stage", ["planned", "rolled-back", "done"])
def test_nothing_to_roll_back(stage: str) -> None:
    answer = plan_rollback(situation(text_at(stage)), "x")
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("nothing-to-roll-back", 1)


def test_no_bake_no_lint_no_gate_in_its_way() -> None:
    from towpath.model.finding import Finding, Severity

    broken = Finding(rule="r", severity=Severity.ERROR, message="m", path="p")
    assert isinstance(plan_rollback(situation(text_at("canary"), landed=None, findings=(broken,)), "x"), Change)


def test_never_to_a_dead_model() -> None:
    dead = text_at("half").replace("retires: 2027-06-30", f"retires: {NOW.date()}")
    assert dead != text_at("half")
    answer = plan_rollback(situation(dead), "x")
    assert isinstance(answer, NotYet)
    assert (answer.code, answer.exit_code) == ("no-target", 2)
    assert "page" in answer.help
    spare = dead.replace("tasks:\n", "  fallback:\n    model: {provider: local, id: spare-1}\ntasks:\n", 1)
    change = plan_rollback(situation(spare), "x")
    assert isinstance(change, Change)
    assert b"spare-1" in (change.edits[2].after or b"")
    assert date(2027, 6, 30) > NOW.date()
