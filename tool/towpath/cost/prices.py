"""What one call costs: tokens times price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from towpath.model.runbook import Arm

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """Money per token.

    Attributes:
        cached_input: of input tokens that the provider had in its cache.
    """

    currency: str
    input: float
    output: float
    cached_input: float


@dataclass(frozen=True, slots=True)
class NoPrice:
    """Why an arm has no price."""

    reason: str


def token_price(name: str, arm: Arm | None) -> TokenPrice | NoPrice:
    """The pinned price of an arm.

    Args:
        name: baseline or candidate, for the reason.
    """
    if arm is None or arm.price is None:
        return NoPrice(f"the {name} has no price")
    price = arm.price
    if price.input is None or price.output is None:
        return NoPrice(f"the price of the {name} is not pinned (write input and output in USD/Mtok)")
    amounts = [price.input, price.output, price.cached_input or price.input]
    if any(amount.per != "Mtok" for amount in amounts) or len({amount.currency for amount in amounts}) > 1:
        return NoPrice(f"the prices of the {name} are not all in one currency per Mtok")
    inside, outside, cached = (float(amount.amount) / MILLION for amount in amounts)
    return TokenPrice(currency=price.input.currency, input=inside, output=outside, cached_input=cached)


def call_cost(price: TokenPrice, input_tokens: float, output_tokens: float, cached_tokens: float = 0.0) -> float:
    """Money for one call; cached tokens are part of the input tokens."""
    cached = min(cached_tokens, input_tokens)
    return (input_tokens - cached) * price.input + cached * price.cached_input + output_tokens * price.output
