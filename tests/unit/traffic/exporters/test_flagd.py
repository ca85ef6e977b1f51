"""The flagd file: what each stage says. Executed by flagd's own client in tests/integration/test_flagd_client.py."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from support.routed import at
from towpath.traffic.exporters.flagd import render
from towpath.traffic.routing import routing_of


def flag(stage: str, percent: int) -> dict[str, Any]:
    document = json.loads(render(routing_of(at(stage, percent), date(2026, 11, 23))))
    assert list(document["flags"]) == ["support-triage"]
    found: dict[str, Any] = document["flags"]["support-triage"]
    assert found["defaultVariant"] in found["variants"]
    return found


def test_planned_sends_everybody_to_the_baseline() -> None:
    assert flag("planned", 0)["targeting"] == {
        "if": [
            {"and": [{"!==": [{"var": "rollout_bucket"}, None]}, {"<": [{"var": "rollout_bucket"}, 0]}]},
            "candidate",
            "baseline",
        ]
    }


def test_stage_with_segments() -> None:
    found = flag("half", 50)
    condition, arm, *_ = found["targeting"]["if"]
    assert condition == {"in": [{"var": "segment"}, ["beta", "employees"]]}
    assert arm == "candidate"
    assert found["variants"]["candidate"] == {"provider": "local", "model": "new"}
    assert found["metadata"] == {
        "runbook": "triage",
        "stage": "half",
        "basisPoints": 5000,
        "salt": "triage-salt",
        "unit": "user",
    }


def test_done_needs_no_bucket() -> None:
    assert flag("done", 100)["targeting"] == {}
    assert flag("done", 100)["defaultVariant"] == "candidate"
