"""Options all transitions share, and the way their answers are printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import click

from towpath.model.change import Change, NotYet, Refuse
from towpath.model.errors import TowpathError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from towpath.cli.context import Workplace
    from towpath.cli.stepping import Answer

F = TypeVar("F", bound="Callable[..., Any]")

DRY_RUN = click.option("--dry-run", is_flag=True, help="Show the change as a diff and write nothing.")
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or for programs."
)
_SEVERITY = (2, 75, 1, 3, 0)
"""Which exit code counts when several runbooks differ: an error first."""


def several(function: F) -> F:
    """RUNBOOK... or --all."""
    function = click.option("--all", "everything", is_flag=True, help="Every live runbook of the base branch.")(
        function
    )
    return click.argument("runbooks", metavar="[RUNBOOK]...", nargs=-1)(function)


def names_of(workplace: Workplace, runbooks: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    """The runbooks a command is about.

    Raises:
        UsageError: neither runbooks nor --all, or both.
    """
    if bool(runbooks) == everything:
        raise UsageError("name a runbook, or say --all", "list them with: towpath status")
    if not everything:
        return tuple(dict.fromkeys(runbooks))
    from towpath.cli.ground import ground

    return tuple(runbook.id for runbook in ground(workplace).runbooks if runbook.live and not runbook.draft)


def gather(names: Iterable[str], act: Callable[[str], Answer]) -> list[Answer]:
    """Each runbook's answer; with several, one that fails does not keep the others from being looked at."""
    from towpath.cli.stepping import Answer

    wanted = list(names)
    answers = []
    for name in wanted:
        try:
            answers.append(act(name))
        except TowpathError as problem:
            if len(wanted) == 1:
                raise
            answers.append(Answer(runbook=name, failed=problem))
    return answers


def print_answers(answers: list[Answer], form: str, *, dry_run: bool) -> int:
    """Print them; returns the exit code."""
    from towpath.report.change_text import plan_data

    codes = {answer.exit_code for answer in answers}
    code = next((code for code in _SEVERITY if code in codes), 0)
    if form == "json":
        entries = []
        for answer in answers:
            data = plan_data(answer.runbook, answer.plan, answer.outcome, answer.receipt)
            if answer.failed is not None:
                data |= {"message": str(answer.failed), "help": answer.failed.hint}
            entries.append(data | {"exit_code": answer.exit_code})
        click.echo(json.dumps({"dry_run": dry_run, "runbooks": entries, "exit_code": code}, indent=2))
        return code
    if not answers:
        click.echo("no live runbook")
    for answer in answers:
        _print(answer, dry_run=dry_run)
    return code


def _print(answer: Answer, *, dry_run: bool) -> None:
    from towpath.report.change_text import change_diff, would
    from towpath.report.codeframe import visible

    name = click.style(visible(answer.runbook), bold=True)
    if answer.failed is not None:
        _say(name, "red", "error", str(answer.failed), answer.failed.hint)
    elif isinstance(answer.plan, NotYet):
        words = {1: ("red", "no"), 2: ("red", "error"), 0: ("green", "nothing to do")}
        colour, word = words.get(answer.plan.exit_code, ("yellow", "not yet"))
        _say(name, colour, word, answer.plan.message, answer.plan.help)
    elif isinstance(answer.outcome, Refuse):
        _say(name, "yellow", "stopped", answer.outcome.message, answer.outcome.help)
    elif isinstance(answer.plan, Change):
        moved = answer.plan.record
        way = f"{moved.from_.stage} ({moved.from_.percent:f} %) -> {moved.to.stage} ({moved.to.percent:f} %)"
        if dry_run and answer.outcome is not None:
            click.echo(f"{name}: {way}: {would(answer.outcome)}")
            for line in change_diff(answer.plan).splitlines():
                click.echo(click.style(line, fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1])))
        elif answer.receipt is not None:
            told = {
                "created": "opened",
                "updated": "brought up to date",
                "adopted": "opened",
                "unchanged": "is open already",
            }[answer.receipt.done]
            click.echo(f"{name}: {way}: pull request #{answer.receipt.number} {told}")
            for other in answer.receipt.superseded:
                click.echo(f"  closed #{other}, which this one contradicts")
            click.echo(f"  look:  towpath pr show {answer.receipt.number}")
            click.echo(f"  merge: towpath pr merge {answer.receipt.number}")


def _say(name: str, colour: str, word: str, message: str, advice: str) -> None:
    from towpath.report.codeframe import visible

    click.echo(f"{name}: {click.style(word, fg=colour, bold=True)}: {visible(message)}")
    if advice:
        click.echo(f"  {visible(advice)}")
