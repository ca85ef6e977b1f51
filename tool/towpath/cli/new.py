"""`towpath new`: a runbook from flags, from questions, or from another runbook."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from towpath.cli.context import FolderFiles, workplace
from towpath.cli.new_flags import IdText, LineText, PriceFlag, SuiteFlag, TaskFlag
from towpath.cli.new_questions import REASONS, Given, ask
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from towpath.cli.context import Workplace
    from towpath.document.drafting import PriceAnswer, SuiteAnswer, TaskAnswer

_NEEDED = ("feature", "baseline", "candidate", "tasks", "watch", "watch_why", "users", "calls")
_FLAGS = {
    "id": "ID",
    "tasks": "--task",
    "watch_why": "--watch-why",
    "users": "--users",
    "calls": "--calls-per-day",
    "suites": "--suite",
}


@click.command()
@click.argument("runbook_id", metavar="[ID]", required=False, type=IdText())
@click.option("--feature", type=IdText(), help="The feature whose model changes, such as support-triage.")
@click.option(
    "--baseline", type=LineText(), metavar="MODEL", help="The exact model of today; PROVIDER:MODEL names both."
)
@click.option("--candidate", type=LineText(), metavar="MODEL", help="The exact model that shall replace it.")
@click.option("--task", "tasks", type=TaskFlag(), multiple=True, help="A kind of work; repeat for each. Margin: 5pp.")
@click.option("--watch", type=IdText(), metavar="TASK", help="The task most likely to regress unseen in the average.")
@click.option("--watch-why", type=LineText(), metavar="TEXT", help="Why that one.")
@click.option("--users", type=click.IntRange(1), metavar="N", help="People who use the feature in a month.")
@click.option("--calls-per-day", "calls", type=click.IntRange(1), metavar="N", help="Calls of the model in a day.")
@click.option("--suite", "suites", type=SuiteFlag(), multiple=True, help="Evaluation results; without one: a draft.")
@click.option(
    "--price", "prices", type=PriceFlag(), multiple=True, help="USD per million tokens; else the catalogue's."
)
@click.option("--reason", type=click.Choice(REASONS), help="Why the model changes (upgrade).")
@click.option("--owner", "owners", type=LineText(), multiple=True, help="Who answers for it (you).")
@click.option("--incident", "incidents", type=LineText(), multiple=True, help="An incident that made it necessary.")
@click.option("--retires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="When the baseline is switched off.")
@click.option("--from", "source", metavar="RUNBOOK", help="Start from this runbook: its candidate is the new baseline.")
@click.option("--ask", "asking", is_flag=True, help="Ask for everything not given (the default at a terminal).")
@click.option("--dry-run", is_flag=True, help="Print the runbook and write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
def new(
    runbook_id: str | None,
    feature: str | None,
    baseline: str | None,
    candidate: str | None,
    tasks: tuple[TaskAnswer, ...],
    watch: str | None,
    watch_why: str | None,
    users: int | None,
    calls: int | None,
    suites: tuple[SuiteAnswer, ...],
    prices: tuple[tuple[str, PriceAnswer], ...],
    reason: str | None,
    owners: tuple[str, ...],
    incidents: tuple[str, ...],
    retires: datetime | None,
    source: str | None,
    asking: bool,
    dry_run: bool,
    form: str,
) -> int:
    """Write runbooks/ID.yaml: the four stages internal, 5 %, 50 % and 100 %, each with eval, cost and rollback.

    At a terminal without flags it asks, and explains every question. An existing file is never overwritten.

    Exit code 0: written. 2: something is missing or makes no sense.
    """
    here = workplace()
    today = here.now.date()
    given = Given(
        id=runbook_id,
        feature=feature,
        baseline=baseline,
        candidate=candidate,
        tasks=tasks,
        watch=watch,
        watch_why=watch_why,
        users=users,
        calls=calls,
        suites=suites,
        prices=prices,
        reason=reason or ("incident" if incidents else None),
        owners=owners,
        incidents=incidents,
        retires=retires.date() if retires else None,
    )
    if source:
        text, name = _successor(here, given, source, today)
    else:
        if _missing(given) and (asking or (sys.stdin.isatty() and sys.stdout.isatty() and form == "text")):
            given = ask(given, today, _owner(here))
        text, name = _from_answers(here, given, today)
    path = f"{here.settings.runbooks}/{name}.yaml"
    _refuse_existing(here, path, name)
    if dry_run:
        click.echo(
            json.dumps({"path": path, "written": False, "text": text}) if form == "json" else text, nl=form == "json"
        )
        return 0
    from towpath.evidence.files import write_once

    write_once(here.root, path, text.encode())
    _tell(here, path, form)
    return 0


def _missing(given: Given) -> list[str]:
    return [_FLAGS.get(name, f"--{name}") for name in ("id", *_NEEDED) if not getattr(given, name)]


def _from_answers(here: Workplace, given: Given, today: date) -> tuple[str, str]:
    from towpath.document.drafting import Answers, runbook_text

    if missing := _missing(given):
        raise UsageError(f"missing: {', '.join(missing)}", "at a terminal `towpath new` asks for them; or: --ask")
    _check(given)
    answers = Answers(
        id=given.id or "",
        feature=given.feature or "",
        baseline=given.baseline or "",
        candidate=given.candidate or "",
        tasks=given.tasks,
        watch=given.watch or "",
        watch_why=given.watch_why or "",
        users_per_month=given.users or 0,
        calls_per_day=given.calls or 0,
        today=today,
        suites=given.suites,
        prices=given.prices,
        reason=given.reason or "upgrade",
        owners=given.owners or (_owner(here),),
        incidents=given.incidents,
        retires=given.retires,
    )
    return runbook_text(answers), answers.id


def _check(given: Given) -> None:
    """What flags can say that makes no sense together.

    Raises:
        UsageError: names the flag.
    """
    from towpath.document.drafting import split_model
    from towpath.document.suggest import did_you_mean

    ids = [task.id for task in given.tasks]
    if len(set(ids)) < len(ids):
        raise UsageError(f"--task {next(one for one in ids if ids.count(one) > 1)} is given twice")
    bearing = [task.id for task in given.tasks if task.load_bearing]
    if given.tasks and given.watch and given.watch not in bearing:
        if given.watch in ids:
            raise UsageError(
                f"the watch task {given.watch} is not load-bearing",
                f"write --task {given.watch},load-bearing,margin=3pp",
            )
        raise UsageError(
            f"--watch {given.watch} is none of the tasks",
            did_you_mean(given.watch, bearing) or f"load-bearing are: {', '.join(bearing) or 'none'}",
        )
    if given.baseline and given.baseline == given.candidate:
        raise UsageError("--baseline and --candidate are the same model")
    if given.reason == "incident" and not given.incidents:
        raise UsageError("--reason incident needs --incident", "name the incident, such as --incident INC-1412")
    models = [name for model in (given.baseline, given.candidate) if model for name in (model, split_model(model)[1])]
    for model, _ in given.prices:
        if models and model not in models:
            close = did_you_mean(model, models)
            raise UsageError(f"--price {model}: neither baseline nor candidate is called so", close)


def _successor(here: Workplace, given: Given, source: str, today: date) -> tuple[str, str]:
    from towpath.document.loading import find_runbook
    from towpath.document.succeeding import successor_text

    if not given.id or not given.candidate:
        raise UsageError(
            "--from needs ID and --candidate", "towpath new search-2027-01 --from search-2026-11 --candidate M"
        )
    loaded = find_runbook(here.snapshot(FolderFiles(here.root)), source)
    old = loaded.runbook
    assert old is not None  # find_runbook raises instead
    old_model = old.candidate.model if old.candidate else ""
    _check_successor(given, old.tasks, old_model)
    text = successor_text(
        loaded.text.decode("utf-8-sig"),
        runbook_id=given.id,
        candidate=given.candidate,
        today=today,
        baseline=given.baseline or "",
        feature=given.feature or "",
        reason=given.reason or "",
        watch=given.watch or "",
        watch_why=given.watch_why or "",
        users_per_month=given.users or 0,
        calls_per_day=given.calls or 0,
        retires=given.retires,
        owners=given.owners,
        incidents=given.incidents,
        tasks=given.tasks,
        suites=given.suites,
        prices=dict(given.prices),
    )
    return text, given.id


def _check_successor(given: Given, tasks: tuple[object, ...], old_model: str) -> None:
    from dataclasses import replace

    from towpath.document.drafting import TaskAnswer
    from towpath.model.runbook import Task

    known = {
        task.id: TaskAnswer(id=task.id, load_bearing=task.load_bearing) for task in tasks if isinstance(task, Task)
    }
    known |= {task.id: task for task in given.tasks}
    _check(replace(given, tasks=tuple(known.values()), baseline=given.baseline or old_model))


def _refuse_existing(here: Workplace, path: str, name: str) -> None:
    from towpath.document.loading import load_all

    if (here.root / path).exists():
        raise UsageError(f"{path} exists already, and is not overwritten", "choose another id")
    for loaded in load_all(here.snapshot(FolderFiles(here.root))):
        if loaded.named_id == name:
            raise UsageError(f"the id {name} is taken by {loaded.path}", "choose another id")


def _owner(here: Workplace) -> str:
    from towpath.cli.ground import actor

    return actor(here)[:200]


def _tell(here: Workplace, path: str, form: str) -> None:
    """Lint what was written, and say what comes next."""
    from towpath.document.loading import load_runbook
    from towpath.model.finding import Severity
    from towpath.policy.engine import lint
    from towpath.policy.pack import load_pack

    snapshot = here.snapshot(FolderFiles(here.root))
    runbook = load_runbook(snapshot.files, path).runbook
    assert runbook is not None  # it was just written from whole answers
    findings = [one for one in lint(snapshot, load_pack(snapshot), [path]) if one.severity is not Severity.NOTE]
    if form == "json":
        gaps = [{"rule": one.rule, "message": one.message, "line": one.span.line} for one in findings]
        click.echo(json.dumps({"path": path, "written": True, "draft": runbook.draft, "findings": gaps}, indent=2))
        return
    click.echo(f"wrote {click.style(path, bold=True)}" + (", a draft" if runbook.draft else ""))
    for one in findings:
        click.echo(f"  line {one.span.line}: {one.message}")
    click.echo("next:")
    if findings or runbook.draft:
        click.echo(f"  fill the gaps:    towpath lint {path}")
    click.echo(f"  look through it:  towpath show {runbook.id}")
    for suite in runbook.suites:
        click.echo(f"  import results:   towpath evidence import {runbook.id} --suite {suite.name} {suite.path}")
    click.echo(f"  commit and push, then:  towpath status {runbook.id}")
