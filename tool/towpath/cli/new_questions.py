"""The questions `towpath new` asks a person at a terminal, in words that need no runbook to be understood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from towpath.cli.new_flags import IdText, LineText, PriceFlag, SuiteFlag, is_id
from towpath.document.drafting import DEFAULT_MARGIN, PriceAnswer, SuiteAnswer, TaskAnswer

REASONS = ("upgrade", "cost", "deprecation", "incident", "compliance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known of the new runbook; None and empty: nobody said yet."""

    id: str | None = None
    feature: str | None = None
    baseline: str | None = None
    candidate: str | None = None
    tasks: tuple[TaskAnswer, ...] = ()
    watch: str | None = None
    watch_why: str | None = None
    users: int | None = None
    calls: int | None = None
    suites: tuple[SuiteAnswer, ...] = ()
    prices: tuple[tuple[str, PriceAnswer], ...] = ()
    reason: str | None = None
    owners: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    retires: date | None = None


def ask(given: Given, today: date, owner: str) -> Given:
    """Ask for everything that was not given.

    Args:
        owner: who answers for it when nobody else is named.
    """
    click.echo(
        _bold("A new migration runbook.") + " Enter takes the answer in brackets; Ctrl-C stops, nothing is written."
    )
    given = _what(given, today)
    given = _how_much(given)
    given = _tasks(given)
    given = _watch(given)
    given = _evidence(given)
    return _around(given, owner)


def _what(given: Given, today: date) -> Given:
    feature = given.feature or _question(
        "Which feature of your product changes its model?",
        "One runbook moves one feature. A short name, such as support-triage.",
        IdText(),
    )
    name = given.id or _question(
        "What shall this migration be called?",
        "It names the file and the pull requests.",
        IdText(),
        f"{feature}-{today:%Y-%m}",
    )
    baseline = given.baseline or _question(
        "Which model answers today?",
        "The exact version, such as gpt-4o-2024-08-06: a name like gpt-4o may be another model tomorrow.",
        LineText(),
    )
    candidate = given.candidate or _question(
        "Which model shall answer instead?", "The exact version again.", LineText()
    )
    return replace(given, id=name, feature=feature, baseline=baseline, candidate=candidate)


def _how_much(given: Given) -> Given:
    users = given.users or _question(
        "How many people use the feature in a month?", "Roughly. It turns percentages into people.", click.IntRange(1)
    )
    calls = given.calls or _question(
        "How many times a day is the model called?", "Roughly. It turns prices into a bill.", click.IntRange(1)
    )
    return replace(given, users=users, calls=calls)


def _tasks(given: Given) -> Given:
    if given.tasks:
        return given
    _explain(
        "What kinds of work does the model do in this feature?",
        "For example refunds, order-number, smalltalk. An average over all of them hides the one that got worse, so"
        " each is judged on its own. One at a time; Enter alone ends the list.",
    )
    tasks: list[TaskAnswer] = []
    while True:
        name = click.prompt(f"  task {len(tasks) + 1}", default="", show_default=False).strip()
        if not name:
            if any(task.load_bearing for task in tasks):
                return replace(given, tasks=tuple(tasks))
            click.echo("    At least one task must matter: without one there is nothing to judge.")
        elif not is_id(name):
            click.echo("    Small letters, digits and dashes, such as refunds or order-number.")
        elif name in [task.id for task in tasks]:
            click.echo("    That one is there already.")
        elif click.confirm(f"    Does a mistake with {name} hurt (money, safety, trust)?", default=True):
            margin = click.prompt(
                f"    Of 100 {name} questions, how many extra mistakes could you accept?",
                default=str(DEFAULT_MARGIN),
                value_proc=_margin,
            )
            tasks.append(TaskAnswer(id=name, load_bearing=True, margin=margin))
        else:
            tasks.append(TaskAnswer(id=name, load_bearing=False))


def _margin(text: str) -> Decimal:
    try:
        margin = Decimal(text.strip().removesuffix("pp"))
    except InvalidOperation:
        raise click.BadParameter("a number, such as 3") from None
    if not margin.is_finite() or not 0 < margin < 100:
        raise click.BadParameter("more than 0 and fewer than 100: no comparison can show exactly 0")
    return margin.normalize()


def _watch(given: Given) -> Given:
    bearing = [task.id for task in given.tasks if task.load_bearing]
    watch = given.watch or _question(
        "Which of these is most likely to get worse without anybody noticing in the average?",
        "Rare but expensive work, or work whose right answer is unusual (no, none, stop). It is looked at first, and"
        " has its own alarm.",
        click.Choice(bearing),
        bearing[0] if len(bearing) == 1 else None,
    )
    why = given.watch_why or _question("Why that one?", "One sentence that a reviewer will read in a year.", LineText())
    return replace(given, watch=watch, watch_why=why)


def _evidence(given: Given) -> Given:
    if given.suites:
        return given
    _explain(
        "Which file holds the evaluation results of both models?",
        "What promptfoo wrote, or a CSV or JSONL file with example_id, task, model, score. Without one the runbook is a"
        " draft: it can be written and discussed, and moves no traffic.",
    )
    while True:
        path = click.prompt("  file (Enter: not yet)", default="", show_default=False).strip()
        if not path:
            return given
        # promptfoo writes one JSON document; lines and tables are the generic form
        adapter = "promptfoo" if path.endswith(".json") else "generic"
        try:
            return replace(given, suites=(SuiteFlag().convert(f"offline={adapter}:{path}", None, None),))
        except click.BadParameter as problem:
            click.echo(f"    {problem.message}")


def _around(given: Given, owner: str) -> Given:
    prices = dict(given.prices)
    for model in (given.baseline, given.candidate):
        if model is not None and model not in prices and (price := _price(model)) is not None:
            prices[model] = price
    reason = given.reason or _question(
        "Why does the model change?", "Reports are sorted by it.", click.Choice(REASONS), "upgrade"
    )
    incidents = given.incidents
    if reason == "incident" and not incidents:
        numbers: str = _question("Which incidents?", "Their numbers, with commas between.", LineText())
        incidents = tuple(part.strip() for part in numbers.split(",") if part.strip())
    owners = given.owners or (
        _question(
            "Who answers for it?", "A team or a person; asked to review, called when it goes wrong.", LineText(), owner
        ),
    )
    return replace(given, prices=tuple(prices.items()), reason=reason, incidents=incidents, owners=owners)


def _price(model: str) -> PriceAnswer | None:
    _explain(
        f"What does {model} cost, in USD per million tokens?",
        "Input and output, such as 0.10/0.40. Enter: looked up in the price catalogue.",
    )
    while True:
        text = click.prompt("  input/output", default="", show_default=False).strip()
        if not text:
            return None
        try:
            return PriceFlag().convert(f"{model}={text}", None, None)[1]
        except click.BadParameter:
            click.echo("    Two numbers with a slash between, such as 0.10/0.40.")


def _question(question: str, why: str, kind: click.ParamType[Any], default: str | None = None) -> Any:
    _explain(question, why)
    return click.prompt(" ", type=kind, default=default, prompt_suffix="> ")


def _explain(question: str, why: str) -> None:
    click.echo()
    click.echo(_bold(question))
    click.echo(click.wrap_text(why, width=96, initial_indent="  ", subsequent_indent="  "))


def _bold(text: str) -> str:
    return click.style(text, bold=True)
