"""From calls to the bill of a month."""

from __future__ import annotations

from dataclasses import replace

import pytest

from towpath.cost.projection import DAYS_PER_MONTH, CallCosts, monthly_bill, per_user_increase, relative_increase
from towpath.stats.estimate import Estimate, Undetermined

COSTS = CallCosts(
    baseline=tuple(0.001 + 0.0001 * (index % 5) for index in range(100)),
    candidate=tuple(0.002 + 0.0002 * (index % 5) for index in range(100)),
    calls_per_day=1000,
    users_per_month=500,
)


def estimate(found: Estimate | Undetermined) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_relative_increase_grows_with_the_share() -> None:
    assert estimate(relative_increase(COSTS, 1.0, confidence=0.95, seed=1)).value == pytest.approx(1.0)
    assert estimate(relative_increase(COSTS, 0.05, confidence=0.95, seed=1)).value == pytest.approx(0.05)
    assert estimate(relative_increase(COSTS, 0.0, confidence=0.95, seed=1)).upper == 0


def test_per_user() -> None:
    found = estimate(per_user_increase(COSTS, 1.0, confidence=0.95, seed=1))
    assert found.value == pytest.approx(0.0012 * 1000 * DAYS_PER_MONTH / 500)
    assert found.lower < found.value < found.upper


def test_bill() -> None:
    found = estimate(monthly_bill(COSTS, 0.5, 2.0, confidence=0.95, seed=1))
    assert found.value == pytest.approx(2 * 1000 * DAYS_PER_MONTH * 0.0018)


def test_calls_that_all_cost_the_same_have_a_known_bill() -> None:
    same = replace(COSTS, baseline=(0.001,) * 50, candidate=(0.001,) * 50)
    found = estimate(monthly_bill(same, 0.5, 1.0, confidence=0.95, seed=1))
    assert found.low == found.value == found.high == pytest.approx(1000 * DAYS_PER_MONTH * 0.001)
    assert estimate(per_user_increase(same, 1.0, confidence=0.95, seed=1)).value == 0


def test_unknown_users_and_too_few_calls() -> None:
    nobody = replace(COSTS, users_per_month=0)
    assert isinstance(per_user_increase(nobody, 1.0, confidence=0.95, seed=1), Undetermined)
    few = replace(COSTS, baseline=(0.1,), candidate=(0.1,))
    assert isinstance(relative_increase(few, 1.0, confidence=0.95, seed=1), Undetermined)
    assert isinstance(monthly_bill(few, 1.0, 1.0, confidence=0.95, seed=1), Undetermined)
