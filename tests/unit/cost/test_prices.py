"""What a call costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from support.judged import price
from towpath.cost.prices import NoPrice, TokenPrice, call_cost, token_price
from towpath.model.quantity import Money
from towpath.model.runbook import Arm


def arm(**changes: object) -> Arm:
    return Arm(provider="p", model="m", price=replace(price("2"), **changes))  # type: ignore[arg-type]


def test_tokens_times_price() -> None:
    found = token_price("baseline", arm(output=Money(Decimal(8), "USD", "Mtok")))
    assert isinstance(found, TokenPrice)
    assert call_cost(found, 1000, 100) == pytest.approx(1000 * 2e-6 + 100 * 8e-6)


def test_cached_tokens_are_part_of_the_input() -> None:
    found = token_price("baseline", arm(cached_input=Money(Decimal("0.2"), "USD", "Mtok")))
    assert isinstance(found, TokenPrice)
    assert call_cost(found, 1000, 0, 400) == pytest.approx(600 * 2e-6 + 400 * 0.2e-6)
    assert call_cost(found, 100, 0, 400) == pytest.approx(100 * 0.2e-6)


@pytest.mark.parametrize(
    "which",
    [
        None,
        Arm(provider="p", model="m"),
        arm(input=None),
        arm(output=Money(Decimal(1), "EUR", "Mtok")),
        arm(input=Money(Decimal(1), "USD", "call")),
    ],
)
def test_no_price_says_whose(which: Arm | None) -> None:
    found = token_price("candidate", which)
    assert isinstance(found, NoPrice)
    assert "candidate" in found.reason
