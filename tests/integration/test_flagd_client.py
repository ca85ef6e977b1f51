"""The exported flag file, evaluated by the OpenFeature flagd provider in file mode: 20,000 users at every stage."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext

from support.routed import ROUTED, at
from towpath.model.snapshot import Settings
from towpath.traffic.cohorts import bucket
from towpath.traffic.exports import exports_of

USERS = [f"user-{number:05d}" for number in range(20_000)]
STAGES = [("planned", 0), ("internal", 0), ("canary", 5), ("half", 50), ("full", 100), ("done", 100)]


def candidates(tmp_path: Path, stage: str, percent: int) -> tuple[set[str], str, str]:
    """Users in the candidate by their bucket alone, then the arm of an employee and of a caller without an id."""
    (export,) = exports_of(at(stage, percent), date(2026, 11, 23), Settings())
    file = tmp_path / f"{stage}.flagd.json"
    file.write_bytes(export.content)
    api.set_provider_and_wait(FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=str(file)))
    try:
        client = api.get_client()

        def variant(context: EvaluationContext) -> str:
            details = client.get_object_details(ROUTED.feature.name, {}, context)
            assert details.error_code is None, details
            assert isinstance(details.value, dict)
            assert details.value["model"] == ("new" if details.variant == "candidate" else "old")
            assert details.variant is not None
            return details.variant

        inside = {
            user
            for user in USERS
            if variant(EvaluationContext(user, {"rollout_bucket": bucket(ROUTED.salt, user)})) == "candidate"
        }
        employee = variant(
            EvaluationContext("ada", {"rollout_bucket": bucket(ROUTED.salt, "ada"), "segment": "employees"})
        )
        return inside, employee, variant(EvaluationContext())
    finally:
        api.shutdown()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[set[str], str, str]]:
    folder = tmp_path_factory.mktemp("flags")
    return {stage: candidates(folder, stage, percent) for stage, percent in STAGES}


def test_shares(seen: dict[str, tuple[set[str], str, str]]) -> None:
    for stage, percent in STAGES:
        share = percent / 100
        allowed = 4 * (share * (1 - share) / len(USERS)) ** 0.5
        assert abs(len(seen[stage][0]) / len(USERS) - share) <= allowed, stage


def test_nobody_is_lost_from_stage_to_stage(seen: dict[str, tuple[set[str], str, str]]) -> None:
    for (earlier, _), (later, _) in pairwise(STAGES):
        assert seen[earlier][0] <= seen[later][0]


def test_the_client_agrees_with_our_own_rule_unit_by_unit(seen: dict[str, tuple[set[str], str, str]]) -> None:
    from towpath.traffic.routing import routing_of

    for stage, percent in STAGES:
        cohort = routing_of(at(stage, percent), date(2026, 11, 23)).cohort
        assert seen[stage][0] == {user for user in USERS if cohort.arm(user) == "candidate"}


def test_segments_are_in_once_switched_on(seen: dict[str, tuple[set[str], str, str]]) -> None:
    assert {stage: seen[stage][1] for stage, _ in STAGES} == {
        "planned": "baseline",
        "internal": "candidate",
        "canary": "candidate",
        "half": "candidate",
        "full": "candidate",
        "done": "candidate",
    }


def test_without_an_id_the_baseline_until_done(seen: dict[str, tuple[set[str], str, str]]) -> None:
    assert {stage: seen[stage][2] for stage, _ in STAGES if seen[stage][2] == "candidate"} == {"done": "candidate"}
