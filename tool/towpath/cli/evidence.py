"""`towpath evidence`: import evaluation results into the normal form, and list what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from towpath.cli.context import FolderFiles, workplace
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from towpath.cli.context import Workplace
    from towpath.evidence.results import ResultFile
    from towpath.model.evidence import ArmName
    from towpath.model.runbook import Runbook, Suite

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or machines."
)


@click.group()
def evidence() -> None:
    """Import evaluation results, and list what is there.

    Evidence is a file in evidence/RUNBOOK/ that holds scores, latencies, tokens and costs example by example for both
    models, and exactly what was measured. It holds no prompts and no answers. Commit it with the runbook.
    """


@evidence.command(name="import")
@click.argument("runbook_name", metavar="RUNBOOK")
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--suite", "suite_name", help="Suite of the runbook; may be left out when it has only one.")
@click.option("--adapter", default="", help="Must be the suite's; said only to be sure.")
@click.option(
    "--arm", "arms", multiple=True, metavar="ARM=NAME", help="What the files call an arm: --arm baseline=NAME."
)
@click.option("--leave-out", multiple=True, metavar="NAME", help="A model of the files that is neither arm.")
@click.option("--measured-at", metavar="TIME", help="When it was measured, for files that do not say so.")
@click.option("--synthetic", is_flag=True, help="Mark as made by a program for show; shown everywhere, never hidden.")
@click.option("--preview", is_flag=True, help="Show the fields found and what each is read as; write nothing.")
@click.option("--dry-run", is_flag=True, help="Check everything; write nothing.")
@_FORMAT
def import_(
    runbook_name: str,
    paths: tuple[Path, ...],
    suite_name: str | None,
    adapter: str,
    arms: tuple[str, ...],
    leave_out: tuple[str, ...],
    measured_at: str | None,
    synthetic: bool,
    preview: bool,
    dry_run: bool,
    form: str,
) -> int:
    """Read the result FILEs of a suite (its own `path` when none is named) into evidence.

    Everything is checked before anything is written; importing the same results again changes nothing.
    """
    from towpath.cli import evidence_text
    from towpath.document.loading import find_runbook
    from towpath.evidence.files import write_once
    from towpath.evidence.importing import Wishes, import_results

    place = workplace()
    snapshot = place.snapshot(FolderFiles(place.root))
    runbook = find_runbook(snapshot, runbook_name).runbook
    assert runbook is not None  # find_runbook raises instead
    suite = _suite(runbook, suite_name)
    files = _files(place, suite, paths)
    if preview:
        return _preview(files, suite, form)
    wishes = Wishes(
        adapter=adapter,
        arms=_arms(arms),
        left_out=leave_out,
        measured_at=_moment(measured_at),
        synthetic=synthetic,
    )
    imported = import_results(snapshot, runbook, suite, files, wishes)
    written = not dry_run and write_once(place.root, imported.path, imported.data)
    if form == "json":
        click.echo(json.dumps(evidence_text.imported_data(imported, written=written, dry_run=dry_run), indent=2))
    else:
        evidence_text.print_imported(imported, written=written, dry_run=dry_run)
    return 0


@evidence.command(name="list")
@click.argument("runbook_name", metavar="[RUNBOOK]", required=False)
@_FORMAT
def list_(runbook_name: str | None, form: str) -> int:
    """Show the evidence of a runbook, or of all: how old it is, and whether it still fits or why not."""
    from towpath.cli import evidence_text
    from towpath.document.loading import find_runbook, load_all
    from towpath.evidence.holdings import holdings_of

    place = workplace()
    snapshot = place.snapshot(FolderFiles(place.root))
    loaded = [find_runbook(snapshot, runbook_name)] if runbook_name else load_all(snapshot)
    holdings = [
        holding for one in loaded if one.runbook and not one.errors for holding in holdings_of(snapshot, one.runbook)
    ]
    unreadable = [one.path for one in loaded if one.runbook is None or one.errors]
    if form == "json":
        click.echo(json.dumps(evidence_text.holdings_data(holdings, unreadable), indent=2))
    else:
        evidence_text.print_holdings(holdings, unreadable)
    return 0


def _suite(runbook: Runbook, name: str | None) -> Suite:
    from towpath.document.suggest import did_you_mean

    names = [suite.name for suite in runbook.suites]
    if name is None:
        if len(runbook.suites) != 1:
            raise UsageError(
                f"{runbook.path} has {len(names)} suites",
                f"name one: --suite {names[0]}" if names else "declare one: suites",
            )
        return runbook.suites[0]
    suite = runbook.suite(name)
    if suite is None:
        raise UsageError(
            f"{runbook.path} has no suite {name!r}", did_you_mean(name, names) or f"it has: {', '.join(names)}"
        )
    return suite


def _files(place: Workplace, suite: Suite, paths: Iterable[Path]) -> list[ResultFile]:
    from towpath.evidence.files import result_file

    return [result_file(path, place.root) for path in (*paths,) or _of_suite(place, suite)]


def _of_suite(place: Workplace, suite: Suite) -> list[Path]:
    """The file the suite names, or all that its pattern fits: `evals/*.eval`.

    Raises:
        UsageError: the pattern fits nothing.
    """
    if not any(sign in suite.path for sign in "*?["):
        return [place.root / suite.path]
    found = sorted(path for path in place.root.glob(suite.path) if path.is_file())
    if not found:
        raise UsageError(f"no file fits {suite.path}", "run the evaluation first, or name its result files")
    return found


def _arms(said: Iterable[str]) -> dict[ArmName, str]:
    arms: dict[ArmName, str] = {}
    for text in said:
        arm, _, name = text.partition("=")
        if arm not in ("baseline", "candidate") or not name or arm in arms:
            raise UsageError(
                f"--arm {text!r} is not understood", "write --arm baseline=NAME --arm candidate=NAME, each once"
            )
        arms[cast("ArmName", arm)] = name
    return arms


def _moment(text: str | None) -> datetime | None:
    from towpath.evidence.values import ValueProblem, moment

    try:
        return moment(text, "--measured-at") if text else None
    except ValueProblem as problem:
        raise UsageError(str(problem)) from None


def _preview(files: Iterable[ResultFile], suite: Suite, form: str) -> int:
    from towpath.cli import evidence_text
    from towpath.evidence.importing import adapter_of, looks_like, options_of

    declared, options = adapter_of(suite), options_of(suite)
    tables = []
    for file in files:
        # a preview is for files that do not fit yet: the adapter that knows the file shows it, whatever the suite says
        found = looks_like(file, declared, options)
        if found is None:
            file.refuse(f"does not look like {declared.NAME} nor any other tool's", declared.EXPECTS)
        adapter, read_with = found
        if adapter is declared:
            read_with = options
        tables.append((file.name, adapter.NAME, adapter.fields(file, read_with)))
    if form == "json":
        click.echo(json.dumps(evidence_text.preview_data(tables, declared.NAME), indent=2))
    else:
        evidence_text.print_preview(tables, declared.NAME)
    return 0
