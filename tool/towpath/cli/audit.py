"""`towpath audit`: every transition in the history, and whether its record proves it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import SETTINGS_FILE, Workplace, workplace
from towpath.cli.lint import wants_colour
from towpath.document.settings import read_settings
from towpath.model.errors import EnvironmentProblem, TowpathError, UsageError

if TYPE_CHECKING:
    from towpath.audit.history import Step
    from towpath.git.running import Git
    from towpath.model.history import Landing
    from towpath.model.snapshot import Files, Settings


@click.command()
@click.argument("runbooks", metavar="[RUNBOOK]...", nargs=-1)
@click.option("--rev", metavar="REV", help="Audit this revision of the clone instead of the base branch.")
@FORMAT
def audit(runbooks: tuple[str, ...], rev: str | None, form: str) -> int:
    """Show every transition of the history: when it landed, from where to where, on what verdict, by what record.

    Walks the first parents of the base branch. A transition is proven when its record is the next of an unbroken chain,
    names exactly the bytes before and after, and the evidence and exports that lie in the tree, and when its direction
    and gate fit its action. Landing times come from the forge; a plain clone does not have them.

    Exit code 0: everything holds. 1: something does not, and is named.
    """
    from towpath.audit.transitions import story_of
    from towpath.git.tree import CommitFiles
    from towpath.report.audit_report import audit_data, render_audit

    place = workplace()
    git, tip, landed = _where(place, rev)
    newest = CommitFiles(git.folder, tip)
    settings = _settings(newest, place)
    steps = _steps(git, tip, settings, landed)
    known = sorted({one for step in steps for one in _ids(step.after, settings)})
    unknown = sorted(set(runbooks) - set(known))
    if unknown:
        raise UsageError(f"the history has no runbook {unknown[0]!r}", f"it has: {', '.join(known) or 'none'}")
    stories = [story_of(name, steps, settings) for name in (runbooks or known)]
    if form == "json":
        click.echo(json.dumps(audit_data(stories, tip), indent=2))
    else:
        colour = wants_colour()
        click.echo(render_audit(stories, tip, colour=colour), color=colour)
    return 0 if all(story.holds for story in stories) else 1


def _where(place: Workplace, rev: str | None) -> tuple[Git, str, dict[str, Landing]]:
    """The repository, the commit to audit, and the landings a forge vouches for."""
    from towpath.forge.locate import forge_for, local_path
    from towpath.git.clone import remote_url
    from towpath.git.running import Git
    from towpath.model.history import Landing

    here = Git(place.root)
    if rev is not None:
        tip = here.commit(rev)
        if tip is None:
            raise UsageError(f"there is no revision {rev!r}", "name a branch, tag or commit of this clone")
        return here, tip, {}
    try:
        forge = forge_for(place.root, place.settings)
        tip = forge.branch_head(place.settings.base)
    except TowpathError:
        tip = None
    if tip is None:
        tip = here.commit(f"{place.settings.remote}/{place.settings.base}") or here.commit("HEAD")
        if tip is None:
            raise EnvironmentProblem("there is no history to audit", "commit something first")
        return here, tip, {}
    bare = local_path(remote_url(place.root, place.settings.remote) or "", place.root) or Path()
    landed = {
        pull.merge_commit: Landing(commit=pull.merge_commit, at=pull.ended.at, simulated=pull.ended.simulated)
        for pull in forge.list("merged")
        if pull.ended is not None
    }
    return Git(bare), tip, landed


def _settings(files: Files, place: Workplace) -> Settings:
    data = files.read(SETTINGS_FILE)
    return read_settings(data, SETTINGS_FILE) if data is not None else replace(place.settings, simulated=False)


def _steps(git: Git, tip: str, settings: Settings, landed: dict[str, Landing]) -> list[Step]:
    from towpath.audit.history import Step
    from towpath.git.history import commits_of, first_parents
    from towpath.git.tree import CommitFiles
    from towpath.model.history import Landing

    line = first_parents(git, tip)
    folders = (settings.runbooks, settings.records, settings.evidence)
    touched = {commit for folder in folders for commit in commits_of(git, tip, folder)}
    steps = []
    for index, commit in enumerate(line):
        if commit in touched:
            before = CommitFiles(git.folder, line[index - 1]) if index else None
            landing = landed.get(commit) or Landing(commit=commit, at=None)
            steps.append(Step(landing=landing, before=before, after=CommitFiles(git.folder, commit)))
    return steps


def _ids(files: Files, settings: Settings) -> set[str]:
    runbooks = {
        path.rpartition("/")[2].rpartition(".")[0] for path in files.paths(settings.runbooks) if path.endswith(".yaml")
    }
    records = {path.split("/")[1] for path in files.paths(settings.records) if path.count("/") == 2}
    return runbooks | records
