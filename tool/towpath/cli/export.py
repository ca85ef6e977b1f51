"""`towpath export`: the files that turn a percentage into traffic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import FolderFiles, workplace
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.cli.context import Workplace
    from towpath.model.runbook import Runbook
    from towpath.traffic.exports import ExportFile


@click.command()
@click.argument("runbooks", metavar="[RUNBOOK]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is not what its runbook says.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written.")
@FORMAT
def export(runbooks: tuple[str, ...], check: bool, dry_run: bool, form: str) -> int:
    """Write every export file of the work tree, or those of RUNBOOK.

    A promotion or rollback pull request carries its exports already; this command is for the first time, for a changed
    runbook, and (with --check) for CI. Each file is replaced whole, so that whoever watches it never reads half of one.

    Exit code 0: written, or up to date. 1: --check found a difference. 2: a runbook has errors.
    """
    here = workplace()
    wanted = _wanted(here, runbooks)
    files = FolderFiles(here.root)
    states = {one.path: _state(files.read(one.path), one.content) for one in wanted}
    if not check and not dry_run:
        from towpath.evidence.files import write_once

        for one in wanted:
            _refuse_link(here, one.path)
            write_once(here.root, one.path, one.content)
    differing = any(state != "up to date" for state in states.values())
    code = 1 if check and differing else 0
    if form == "json":
        entries = [
            {"path": one.path, "target": one.target, "runbook": one.runbook, "state": states[one.path]}
            for one in wanted
        ]
        written = not check and not dry_run
        click.echo(json.dumps({"written": written, "exports": entries, "exit_code": code}, indent=2))
        return code
    verbs = {True: {"missing": "is missing", "differs": "differs"}, False: {"missing": "new", "differs": "changed"}}
    for one in wanted:
        state = states[one.path]
        shown = verbs[check].get(state, state)
        colour = "green" if state == "up to date" else "red" if check else "yellow"
        click.echo(f"{one.path}: {click.style(shown, fg=colour)} ({one.target}, {one.runbook})")
    if not wanted:
        click.echo("no runbook has exports; add: exports: [{target: flagd, path: flags/FEATURE.flagd.json}]")
    elif code:
        click.echo("bring them up to date with: towpath export")
    return code


def _state(present: bytes | None, wanted: bytes) -> str:
    if present is None:
        return "missing"
    return "up to date" if present == wanted else "differs"


def _wanted(here: Workplace, names: tuple[str, ...]) -> tuple[ExportFile, ...]:
    """What every export file must contain, by path; each rendered by the runbook that owns it.

    Raises:
        UsageError: an unknown runbook, or one with errors: it might be the owner.
    """
    from towpath.document.loading import load_all
    from towpath.traffic.exports import exports_of, owners

    snapshot = here.snapshot(FolderFiles(here.root))
    everything = load_all(snapshot)
    for loaded in everything:
        if loaded.errors or loaded.runbook is None:
            first = next(iter(loaded.errors), None)
            why = f"{first.span.line}:{first.span.column}: {first.message}" if first else " is no runbook"
            raise UsageError(f"{loaded.path}:{why}", f"see everything with: towpath lint {loaded.path}")
    found = [loaded.runbook for loaded in everything if loaded.runbook is not None]
    asked = {_named(found, name) for name in names} or {runbook.id for runbook in found}
    wanted: dict[str, ExportFile] = {}
    for path, runbook in owners(found, _moved(here, found)).items():
        if runbook.id in asked:
            wanted |= {one.path: one for one in exports_of(runbook, here.now.date(), here.settings) if one.path == path}
    return tuple(wanted[path] for path in sorted(wanted))


def _named(found: list[Runbook], name: str) -> str:
    from towpath.document.suggest import did_you_mean

    for runbook in found:
        if name in (runbook.id, runbook.path) or name.removeprefix("./") == runbook.path:
            return runbook.id
    raise UsageError(f"there is no runbook {name!r}", did_you_mean(name, [runbook.id for runbook in found]))


def _moved(here: Workplace, found: list[Runbook]) -> dict[str, datetime]:
    """When each runbook last moved, by its records."""
    from towpath.record.chain import chain_of

    files = FolderFiles(here.root)
    chains = {runbook.id: chain_of(files, here.settings, runbook.id) for runbook in found}
    return {name: last.created for name, chain in chains.items() if (last := chain.last) is not None}


def _refuse_link(here: Workplace, path: str) -> None:
    folder = here.root.resolve()
    if not (here.root / path).parent.resolve().is_relative_to(folder):
        raise UsageError(f"{path} leads out of the repository by a link", "replace the link by a folder")
