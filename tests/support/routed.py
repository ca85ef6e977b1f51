"""A small runbook value that routes traffic, for tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from towpath.model.runbook import Arm, Export, Feature, Rollout, Runbook, Stage

STAGES = (
    Stage(name="internal", at=("stages", 0), percent=Decimal(0), segments=("employees",)),
    Stage(name="canary", at=("stages", 1), percent=Decimal(5)),
    Stage(name="half", at=("stages", 2), percent=Decimal(50), segments=("beta",)),
    Stage(name="full", at=("stages", 3), percent=Decimal(100)),
)

ROUTED = Runbook(
    path="runbooks/triage.yaml",
    id="triage",
    feature=Feature(name="support-triage"),
    salt="triage-salt",
    baseline=Arm(provider="local", model="old"),
    candidate=Arm(provider="local", model="new"),
    exports=(Export(target="flagd", path="flags/triage.flagd.json"),),
    stages=STAGES,
    rollout=Rollout(stage="planned", percent=Decimal(0)),
)


def at(stage: str, percent: str | int, runbook: Runbook = ROUTED) -> Runbook:
    """The runbook with another rollout."""
    return replace(runbook, rollout=Rollout(stage=stage, percent=Decimal(percent)))
