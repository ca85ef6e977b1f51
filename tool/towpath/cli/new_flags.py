"""What the flags of `towpath new` mean."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from towpath.document.drafting import PriceAnswer, SuiteAnswer, TaskAnswer
from towpath.document.suggest import did_you_mean
from towpath.model.metrics import ADAPTERS
from towpath.model.quantity import QuantityError, parse_points

if TYPE_CHECKING:
    from decimal import Decimal as Amount

ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.[a-z0-9_-])*")
"""As the runbook schema has it."""

LONGEST_ID = 80
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LINE = re.compile(r"[^\x00-\x1f]+")


def is_id(text: str) -> bool:
    """Whether a runbook may use this as an id."""
    return ID.fullmatch(text) is not None and len(text) <= LONGEST_ID and not text.endswith(".lock")


class IdText(click.ParamType[str]):
    """An id of small letters, digits, dashes and single dots."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id."""
        if not is_id(str(value)):
            self.fail(f"{value!r} is no id; write small letters, digits and dashes, such as search-2026-11", param, ctx)
        return str(value)


class LineText(click.ParamType[str]):
    """One line of text, not too long for a runbook."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without white space around it."""
        text = str(value).strip()
        if not _LINE.fullmatch(text) or len(text) > 200:
            self.fail("write one line of at most 200 characters", param, ctx)
        return text


class TaskFlag(click.ParamType[TaskAnswer]):
    """`ID[,load-bearing][,margin=5pp]`."""

    name = "ID[,load-bearing][,margin=5pp]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TaskAnswer:
        """The task; a margin without `load-bearing` makes no sense and is refused."""
        if isinstance(value, TaskAnswer):
            return value
        task, *rest = (part.strip() for part in str(value).split(","))
        if not is_id(task):
            self.fail(f"{task!r} is no id; write small letters, digits and dashes, such as refunds", param, ctx)
        load_bearing, margin = False, None
        for part in rest:
            key, equals, amount = part.partition("=")
            if key == "load-bearing" and not equals:
                load_bearing = True
            elif key == "margin" and equals:
                margin = self._margin(amount, param, ctx)
            else:
                close = did_you_mean(key, ("load-bearing", "margin"))
                self.fail(f"{part!r} is not understood{'; ' + close if close else ''}", param, ctx)
        if margin is not None and not load_bearing:
            self.fail(f"{task} has a margin but is not load-bearing: write {task},load-bearing,margin=...", param, ctx)
        return TaskAnswer(id=task, load_bearing=load_bearing, margin=margin)

    def _margin(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> Amount:
        try:
            points = parse_points(text).value * 100
        except QuantityError as problem:
            self.fail(f"margin: {problem}", param, ctx)
        if not 0 < points < 100:
            self.fail("a margin lies between 0pp and 100pp", param, ctx)
        return points.normalize()


class SuiteFlag(click.ParamType[SuiteAnswer]):
    """`NAME=ADAPTER:PATH`."""

    name = "NAME=ADAPTER:PATH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SuiteAnswer:
        """The suite."""
        if isinstance(value, SuiteAnswer):
            return value
        name, equals, rest = str(value).partition("=")
        adapter, colon, path = rest.partition(":")
        if not equals or not colon or not NAME.fullmatch(name) or not path:
            self.fail(f"{value!r} is not NAME=ADAPTER:PATH, such as offline=promptfoo:evals/results.json", param, ctx)
        if adapter not in ADAPTERS:
            close = did_you_mean(adapter, ADAPTERS) or f"known: {', '.join(ADAPTERS)}"
            self.fail(f"there is no adapter {adapter!r}; {close}", param, ctx)
        if path.startswith("/") or ".." in path.split("/") or "\\" in path or not _LINE.fullmatch(path):
            self.fail(f"{path!r} is no path inside the repository", param, ctx)
        return SuiteAnswer(name=name, adapter=adapter, path=path)


class PriceFlag(click.ParamType[tuple[str, PriceAnswer]]):
    """`MODEL=IN/OUT`, USD per million tokens."""

    name = "MODEL=IN/OUT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, PriceAnswer]:
        """The model and its price."""
        if isinstance(value, tuple):
            return value
        model, _, amounts = str(value).rpartition("=")
        first, slash, second = amounts.partition("/")
        try:
            price = PriceAnswer(input=Decimal(first), output=Decimal(second))
        except InvalidOperation:
            price = None
        if not model or not slash or price is None:
            self.fail(
                f"{value!r} is not MODEL=IN/OUT in USD per million tokens, such as my-model=0.10/0.40", param, ctx
            )
        for amount in (price.input, price.output):
            # what a runbook can write: plain decimals
            if (
                not amount.is_finite()
                or not 0 <= amount < 10**9
                or not re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", f"{amount:f}")
            ):
                self.fail(f"{amount} is no price in USD per million tokens", param, ctx)
        return model, price
