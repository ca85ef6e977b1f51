"""The bake clock on a scripted calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.routed import ROUTED
from towpath.model.history import Landing, Revision
from towpath.model.runbook import Arm, Hold, Price, Rollout, Runbook
from towpath.plan.bake import bake_of, restarts_bake

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
BAKING = replace(ROUTED, stages=tuple(replace(stage, bake=48 * HOUR) for stage in ROUTED.stages))


def revision(hours: int | None, stage: str, *, hold: bool = False, runbook: Runbook = BAKING) -> Revision:
    """What landed so many hours after Monday (None: nobody knows when)."""
    percent = {"planned": 0, "internal": 0, "canary": 5, "half": 50, "full": 100, "rolled-back": 0, "done": 100}[stage]
    rollout = Rollout(stage=stage, percent=Decimal(percent), hold=Hold(by="ada", reason="r") if hold else None)
    return Revision(
        landing=Landing(commit=f"{hours}", at=None if hours is None else MONDAY + hours * HOUR),
        runbook=replace(runbook, rollout=rollout),
    )


def at(hours: int) -> datetime:
    return MONDAY + hours * HOUR


PLANNED = revision(0, "planned")


def test_planned_needs_no_bake() -> None:
    bake = bake_of([PLANNED], at(1))
    assert bake.over
    assert bake.due is None


def test_starts_at_the_landing_and_is_due_to_the_second() -> None:
    history = [PLANNED, revision(10, "internal")]
    assert bake_of(history, at(20)).elapsed == 10 * HOUR
    assert bake_of(history, at(20)).due == at(58)
    assert not bake_of(history, at(58) - timedelta(seconds=1)).over
    assert bake_of(history, at(58)).over


def test_an_amend_that_touches_nothing_tested_does_not_restart() -> None:
    retitled = replace(BAKING, title="better title", owners=("@x",))
    history = [PLANNED, revision(10, "internal"), revision(30, "internal", runbook=retitled)]
    assert bake_of(history, at(40)).elapsed == 30 * HOUR


def test_an_amend_of_an_arm_restarts() -> None:
    other = replace(BAKING, candidate=Arm(provider="local", model="newer"))
    history = [PLANNED, revision(10, "internal"), revision(30, "internal", runbook=other)]
    assert bake_of(history, at(40)).elapsed == 10 * HOUR


def test_a_hold_pauses() -> None:
    history = [PLANNED, revision(0, "internal"), revision(10, "internal", hold=True)]
    held = bake_of(history, at(100))
    assert (held.elapsed, held.held, held.due) == (10 * HOUR, True, None)
    history.append(revision(20, "internal"))
    assert bake_of(history, at(25)).elapsed == 15 * HOUR
    assert bake_of(history, at(25)).due == at(58)


def test_a_rollback_restarts_and_its_hold_does_not_count() -> None:
    history = [PLANNED, revision(0, "canary"), revision(40, "internal", hold=True), revision(60, "internal")]
    assert bake_of(history, at(70)).elapsed == 10 * HOUR


def test_an_unknown_landing_is_not_due() -> None:
    history = [PLANNED, revision(None, "internal")]
    bake = bake_of(history, at(1000))
    assert (bake.started, bake.elapsed, bake.over) == (None, timedelta(0), False)


def test_a_later_known_landing_bounds_an_unknown_one() -> None:
    history = [PLANNED, revision(None, "internal"), revision(20, "internal", runbook=replace(BAKING, title="x"))]
    assert bake_of(history, at(25)).elapsed == 5 * HOUR


def test_an_unknown_hold_counts_from_the_last_known_moment() -> None:
    history = [PLANNED, revision(0, "internal"), revision(None, "internal", hold=True), revision(30, "internal")]
    assert bake_of(history, at(31)).elapsed == 1 * HOUR


def test_an_unreadable_version_in_between_restarts() -> None:
    broken = Revision(landing=Landing(commit="x", at=at(5)), runbook=None)
    history = [PLANNED, revision(0, "internal"), broken, revision(6, "internal")]
    assert bake_of(history, at(10)).elapsed == 4 * HOUR


def test_no_bake_written_is_never_over() -> None:
    endless = replace(BAKING, stages=tuple(replace(stage, bake=None) for stage in BAKING.stages))
    bake = bake_of([PLANNED, revision(0, "internal", runbook=endless)], at(10_000))
    assert not bake.over
    assert bake.due is None


def test_simulated_moments_are_marked() -> None:
    landed = revision(0, "internal")
    landed = replace(landed, landing=replace(landed.landing, simulated=True))
    assert bake_of([PLANNED, landed], at(1)).simulated


def test_prices_do_not_restart_but_models_do() -> None:
    assert BAKING.baseline is not None
    priced = replace(BAKING, baseline=replace(BAKING.baseline, price=Price(source="list")))
    assert not restarts_bake(BAKING, priced)
    assert restarts_bake(BAKING, replace(BAKING, salt="other"))


def test_an_unreadable_current_version_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        bake_of([Revision(landing=Landing(commit="x", at=None), runbook=None)], MONDAY)


@given(
    steps=st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 50)), st.booleans()), max_size=8),
    more=st.integers(0, 100),
)
def test_elapsed_is_never_more_than_the_time_since_entry_and_never_shrinks(
    steps: list[tuple[int | None, bool]], more: int
) -> None:
    hours = 0
    history = [PLANNED, revision(0, "internal")]
    for gap, hold in steps:
        hours += gap or 0
        history.append(revision(None if gap is None else hours, "internal", hold=hold))
    now = at(hours)
    first = bake_of(history, now)
    later = bake_of(history, now + more * HOUR)
    assert timedelta(0) <= first.elapsed <= now - MONDAY
    assert later.elapsed >= first.elapsed
    if first.held:
        assert later.elapsed == first.elapsed
