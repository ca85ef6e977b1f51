"""Routing: segments accumulate, a retired baseline gives way to its fallback, never to a dead model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from support.routed import ROUTED, at
from towpath.model.runbook import Arm
from towpath.traffic.routing import NowhereToRoute, routing_of

TODAY = date(2026, 11, 23)


def test_segments_accumulate_and_vanish_on_rollback() -> None:
    assert routing_of(at("canary", 5), TODAY).cohort.segments == {"employees"}
    assert routing_of(at("half", 50), TODAY).cohort.segments == {"employees", "beta"}
    assert routing_of(at("rolled-back", 0), TODAY).cohort.segments == frozenset()
    assert routing_of(at("planned", 0), TODAY).cohort.segments == frozenset()


def test_shares() -> None:
    assert routing_of(at("canary", 5), TODAY).cohort.basis_points == 500
    assert routing_of(at("canary", "0.25"), TODAY).cohort.basis_points == 25


def test_retired_baseline_gives_way_to_its_fallback() -> None:
    dead = replace(ROUTED, baseline=Arm(provider="local", model="old", retires=TODAY))
    saved = replace(dead, fallback=Arm(provider="local", model="spare"))
    assert routing_of(saved, TODAY).baseline.model == "spare"
    with pytest.raises(NowhereToRoute, match="retired"):
        routing_of(dead, TODAY)
    with pytest.raises(NowhereToRoute):
        routing_of(replace(saved, fallback=Arm(provider="local", model="spare", retires=TODAY)), TODAY)


def test_a_finished_migration_needs_no_baseline() -> None:
    dead = replace(at("done", 100), baseline=Arm(provider="local", model="old", retires=TODAY))
    routing = routing_of(dead, TODAY)
    assert routing.everybody
    assert routing.baseline.model == "new"


def test_a_draft_without_arms_routes_nowhere() -> None:
    with pytest.raises(NowhereToRoute, match="lacks an arm"):
        routing_of(replace(ROUTED, candidate=None), TODAY)
