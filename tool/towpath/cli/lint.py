"""`towpath lint`: every rule on every runbook."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from towpath.cli.lint_target import Target, find_target, git_top, path_prefix
from towpath.model.finding import Finding, Severity
from towpath.policy.engine import lint as lint_runbooks
from towpath.policy.pack import load_pack
from towpath.report.findings_text import Summary, render_findings, render_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONG = 200
"""From so many runbooks on, a person at a terminal is told how far it is."""


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REV", help="Compare with this revision too: rules about history run only then.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="text for people, json for programs, sarif for code scanning, github for workflow annotations.",
)
@click.option("--pack", metavar="NAME", help="Use this rule pack instead of the one towpath.toml names.")
@click.option("--quiet", "-q", is_flag=True, help="Findings only, one line each, no summary.")
def lint(paths: tuple[Path, ...], base: str | None, form: str, pack: str | None, quiet: bool) -> int:
    """Check runbooks: all of the repository, or those in PATH.

    Every problem is shown at its place in the file with what to do about it; `towpath explain RULE` says why a rule
    exists and how to get it right. A PATH outside a runbook repository is checked on its own with the default rules.

    Exit code 0: clean (notes do not count). 1: errors or warnings. 2: nothing to check, unknown path, pack or revision.
    """
    target = find_target(paths)
    snapshot = target.snapshot
    if base is not None:
        from towpath.cli.lint_base import base_files

        snapshot = replace(snapshot, base=base_files(target.root, base))
    rules = load_pack(snapshot, pack)
    with _uncollected():
        findings = lint_runbooks(snapshot, rules, target.paths, progress=_progress(target.files))
    summary = Summary(
        files=target.matched,
        pack=rules.name,
        pack_version=rules.version,
        pack_sha256=rules.sha256,
        base=base or "",
    )
    _show(findings, summary, target, form, quiet)
    return 1 if any(finding.severity is not Severity.NOTE for finding in findings) else 0


def _show(findings: tuple[Finding, ...], summary: Summary, target: Target, form: str, quiet: bool) -> None:
    read = target.snapshot.files.read
    if form == "json":
        from towpath.report.findings_json import render_json

        click.echo(render_json(findings, summary))
    elif form == "sarif":
        from towpath.report.sarif import render_sarif

        click.echo(render_sarif(findings, read, prefix=_from_top(target.root)))
    elif form == "github":
        from towpath.report.github_annotations import render_annotations

        for line in render_annotations(findings, prefix=_from_top(target.root)):
            click.echo(line)
        if not quiet:
            click.echo(render_summary(findings, summary, colour=False))
    else:
        _show_text(findings, summary, target, quiet)


def _show_text(findings: tuple[Finding, ...], summary: Summary, target: Target, quiet: bool) -> None:
    colour = wants_colour()
    prefix = path_prefix(target.root, Path.cwd())
    blocks = render_findings(findings, target.snapshot.files.read, colour=colour, prefix=prefix, brief=quiet)
    for block in blocks:
        click.echo(block, color=colour)
        if not quiet:
            click.echo()
    if not quiet:
        click.echo(render_summary(findings, summary, colour=colour), color=colour)


def wants_colour() -> bool:
    """Colour only for a person at a terminal who did not switch it off (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: linting makes no cycles, and looking for them takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _from_top(root: Path) -> str:
    top = git_top(root)
    return path_prefix(root, top) if top else ""


def _progress(files: int) -> Callable[[int], None] | None:
    """Shows on a terminal how many runbooks are done; None for little work or no terminal."""
    if files < _LONG or not sys.stderr.isatty():
        return None

    def show(done: int) -> None:
        if done % 50 == 0 or done >= files:
            text = f"\rchecked {done:,} of {files:,}" if done < files else "\r\x1b[K"
            click.echo(text, err=True, nl=False)

    return show
