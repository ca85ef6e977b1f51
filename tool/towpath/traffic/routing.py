"""Where a runbook sends traffic right now: the one value every exporter renders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.model.errors import TowpathError
from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK
from towpath.traffic.cohorts import Cohort, basis_points

if TYPE_CHECKING:
    from datetime import date

    from towpath.model.runbook import Arm, Runbook


class NowhereToRoute(TowpathError):
    """No living model to send the baseline's traffic to. Somebody must be paged; nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Traffic of one feature.

    Attributes:
        unit: what is bucketed: user, tenant, session or job.
        baseline: the model behind the baseline arm: the fallback once the baseline has retired.
        everybody: whether the migration is over and even units without an id get the candidate.
    """

    runbook: str
    feature: str
    stage: str
    unit: str
    cohort: Cohort
    baseline: Arm
    candidate: Arm
    everybody: bool = False


def routing_of(runbook: Runbook, today: date) -> Routing:
    """The routing a rollout block asks for.

    Raises:
        NowhereToRoute: an arm is missing, or the baseline has retired and there is no living fallback.
    """
    stage = runbook.rollout.stage
    if runbook.baseline is None or runbook.candidate is None:
        raise NowhereToRoute(f"{runbook.path}: the runbook lacks an arm", "run: towpath lint")
    segments = () if stage in (PLANNED, ROLLED_BACK) else runbook.segments_at(stage)
    return Routing(
        runbook=runbook.id,
        feature=runbook.feature.name,
        stage=stage,
        unit=runbook.unit,
        cohort=Cohort(
            salt=runbook.salt,
            basis_points=basis_points(runbook.rollout.percent),
            segments=frozenset(segments),
        ),
        baseline=_living_baseline(runbook, today),
        candidate=runbook.candidate,
        everybody=stage == DONE,
    )


def _living_baseline(runbook: Runbook, today: date) -> Arm:
    for arm in (runbook.baseline, runbook.fallback):
        if arm is not None and (arm.retires is None or arm.retires > today):
            return arm
    if runbook.rollout.stage == DONE and runbook.candidate is not None:
        return runbook.candidate
    raise NowhereToRoute(
        f"{runbook.path}: the baseline has retired and there is no living fallback",
        "set a hold, declare arms.fallback with a model that still answers, and page the owners",
    )
