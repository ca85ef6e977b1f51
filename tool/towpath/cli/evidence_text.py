"""What `towpath evidence` prints, for people and for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from towpath.evidence.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from towpath.evidence.holdings import Holding
    from towpath.evidence.importing import Imported
    from towpath.evidence.results import Field

    Table = tuple[str, str, tuple[Field, ...]]


def imported_data(imported: Imported, *, written: bool, dry_run: bool) -> dict[str, Any]:
    """An import as JSON data."""
    binding = imported.binding
    return {
        "path": imported.path,
        "written": written,
        "dry_run": dry_run,
        "runbook": binding.runbook,
        "suite": binding.suite,
        "tool": binding.tool,
        "tool_version": binding.tool_version,
        "measured_at": binding.measured_at.isoformat(),
        "synthetic": binding.synthetic,
        "arms": {arm: {"model": binding.models[arm], "found_as": binding.labels[arm]} for arm in sorted(binding.arms)},
        "sources": [asdict(source) for source in binding.sources],
        "samples": len(imported.collected.samples),
        "tasks": [asdict(counts) for counts in imported.collected.counts],
        "notes": list(imported.notes),
    }


def print_imported(imported: Imported, *, written: bool, dry_run: bool) -> None:
    """An import for people: what was read, how much of each task, where it lies."""
    binding = imported.binding
    tool = f"{binding.tool} {binding.tool_version}".strip()
    click.echo(f"{click.style(binding.suite, bold=True)}  {tool}, measured {binding.measured_at:%Y-%m-%d %H:%M} UTC")
    if binding.synthetic:
        click.secho("SYNTHETIC: made by a program for show, not measured on a model", fg="yellow", bold=True)
    for arm in ("baseline", "candidate"):
        found = binding.labels[arm]
        model = binding.models[arm]
        click.echo(f"  {arm:9}  {model}" + (f"  (in the file: {found})" if found != model else ""))
    click.echo()
    rows = [
        (
            counts.task,
            counts.paired,
            counts.baseline_only,
            counts.candidate_only,
            counts.baseline_errors,
            counts.candidate_errors,
        )
        for counts in imported.collected.counts
    ]
    _print_table(
        ("task", "paired", "only baseline", "only candidate", "errors baseline", "errors candidate"),
        [tuple(map(str, row)) for row in rows],
    )
    for note in imported.notes:
        click.echo(f"{click.style('note:', fg='yellow')} {note}")
    click.echo()
    if dry_run:
        click.echo(f"nothing written (dry run); it would be {imported.path}")
        return
    click.echo(f"{'written' if written else 'already there, unchanged'}: {imported.path}")
    click.echo(f"next: towpath gate {binding.runbook}")


def preview_data(tables: Iterable[Table], declared: str) -> dict[str, Any]:
    """A preview as JSON data."""
    return {
        "suite_adapter": declared,
        "files": [
            {"file": name, "adapter": adapter, "fields": [asdict(field) for field in fields]}
            for name, adapter, fields in tables
        ],
    }


def print_preview(tables: Iterable[Table], declared: str) -> None:
    """The fields of each file: what is read as what, then the rest."""
    for name, adapter, fields in tables:
        said = "" if adapter == declared else click.style(f", but the suite says {declared}", fg="red")
        click.echo(f"{click.style(name, bold=True)}  looks like {adapter}{said}")
        _print_table(
            ("field", "read as", "rows", "such as"),
            [
                (shortened(field.name, 60), field.read_as or "-", str(field.rows), " · ".join(field.values))
                for field in fields
            ],
        )
        click.echo()
    click.echo("nothing was written; id_from, task_from and score_from of the suite choose other fields")


def holdings_data(holdings: Iterable[Holding], unreadable: Iterable[str]) -> dict[str, Any]:
    """A list of evidence as JSON data."""
    listed = []
    for holding in holdings:
        evidence = holding.evidence
        listed.append(
            {
                "runbook": holding.runbook,
                "path": holding.path,
                "usable": not holding.refused,
                "refused": holding.refused or None,
                "suite": evidence.binding.suite if evidence else None,
                "measured_at": evidence.binding.measured_at.isoformat() if evidence else None,
                "age_seconds": int(holding.age.total_seconds()) if holding.age is not None else None,
                "samples": len(evidence.samples) if evidence else None,
                "synthetic": evidence.binding.synthetic if evidence else None,
            }
        )
    return {"evidence": listed, "unreadable_runbooks": list(unreadable)}


def print_holdings(holdings: Sequence[Holding], unreadable: Sequence[str]) -> None:
    """A list of evidence for people."""
    from towpath.gate.binding import age_text

    for holding in holdings:
        mark = click.style("refused", fg="red") if holding.refused else click.style("fits", fg="green")
        click.echo(f"{click.style(holding.path, bold=True)}  {mark}")
        if holding.evidence and holding.age is not None:
            binding, age = holding.evidence.binding, age_text(holding.age)
            synthetic = ", SYNTHETIC" if binding.synthetic else ""
            click.echo(
                f"  suite {binding.suite}, measured {binding.measured_at:%Y-%m-%d %H:%M} UTC ({age} ago),"
                f" {len(holding.evidence.samples)} samples{synthetic}"
            )
        if holding.refused:
            click.echo(f"  {holding.refused}")
    if not holdings:
        click.echo("there is no evidence; import some with: towpath evidence import RUNBOOK")
    for path in unreadable:
        click.echo(f"{click.style('note:', fg='yellow')} {path} could not be read; see towpath lint {path}")


def _print_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    for row, style in ((header, True), *((row, False) for row in rows)):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        click.echo(f"  {click.style(line, dim=style)}")
