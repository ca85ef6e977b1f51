"""From the cost of measured calls to the bill of a month, at a share of traffic and at a volume.

The mix of calls is that of the evidence: each example counts once. Calls in a month are calls in a day times 30.4375.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.stats.estimate import Estimate, Undetermined
from towpath.stats.graded import paired_scores
from towpath.stats.ratio import paired_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAYS_PER_MONTH = 30.4375
"""365.25 days in twelve months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCosts:
    """Cost of one call of each arm, example by example, in the same order; and the feature's size."""

    baseline: tuple[float, ...]
    candidate: tuple[float, ...]
    calls_per_day: int
    users_per_month: int

    @property
    def calls_per_month(self) -> float:
        """Calls of the feature at today's volume."""
        return self.calls_per_day * DAYS_PER_MONTH


def relative_increase(costs: CallCosts, share: float, *, confidence: float, seed: int) -> Estimate | Undetermined:
    """The bill's relative increase with `share` of the calls on the candidate: share times (cost ratio - 1)."""
    ratio = paired_ratio(costs.baseline, costs.candidate, "mean", confidence=confidence, seed=seed)
    if isinstance(ratio, Undetermined):
        return ratio
    return _moved(ratio, "projection of the cost ratio", lambda value: share * (value - 1))


def per_user_increase(costs: CallCosts, share: float, *, confidence: float, seed: int) -> Estimate | Undetermined:
    """Money more for one user in a month; does not depend on the volume, since users grow with it."""
    if costs.users_per_month <= 0:
        return Undetermined(reason="the number of users is not known")
    scale = share * costs.calls_per_month / costs.users_per_month
    differences = [after - before for before, after in zip(costs.baseline, costs.candidate, strict=True)]
    found = paired_scores(differences, confidence=confidence, seed=seed)
    if isinstance(found, Undetermined):
        return _exact(found, differences, scale)
    return _moved(found, "projection of the cost difference", lambda value: scale * value)


def monthly_bill(
    costs: CallCosts, share: float, volume: float, *, confidence: float, seed: int
) -> Estimate | Undetermined:
    """Money in a month with `share` of the calls on the candidate, at `volume` times today's calls."""
    scale = volume * costs.calls_per_month
    blended = [
        (1 - share) * before + share * after for before, after in zip(costs.baseline, costs.candidate, strict=True)
    ]
    found = paired_scores(blended, confidence=confidence, seed=seed)
    if isinstance(found, Undetermined):
        return _exact(found, blended, scale)
    return _moved(found, "projection of the cost of a call", lambda value: scale * value)


def _exact(undetermined: Undetermined, values: Sequence[float], scale: float) -> Estimate | Undetermined:
    """Calls that all cost the same have a known mean and no spread."""
    if len(values) < 2 or len(set(values)) > 1:
        return undetermined
    value = values[0] * scale
    return Estimate(
        method="projection, every call alike",
        n=len(values),
        value=value,
        low=value,
        high=value,
        lower=value,
        upper=value,
    )


def _moved(found: Estimate, method: str, move: Callable[[float], float]) -> Estimate:
    return Estimate(
        method=method,
        n=found.n,
        value=move(found.value),
        low=move(found.low),
        high=move(found.high),
        lower=move(found.lower),
        upper=move(found.upper),
    )
