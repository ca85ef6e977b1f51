"""`towpath gate`: may the next stage be entered?"""

from __future__ import annotations

import shutil

import click

from towpath.cli.context import FolderFiles, workplace
from towpath.cli.lint import wants_colour
from towpath.model.verdict import Verdict

EXIT_CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.ERROR: 2, Verdict.NO_DATA: 3, Verdict.INCONCLUSIVE: 3}


@click.command()
@click.argument("runbook")
@click.option("--stage", metavar="STAGE", help="Judge entering this stage; the next one unless given.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="text for people, json for programs, markdown for pull requests.",
)
def gate(runbook: str, stage: str | None, form: str) -> int:
    """Compare both models of RUNBOOK on the imported evidence and say whether the next stage may be entered.

    Every load-bearing task is judged on its own against its margin, the watch task first; then speed, then cost at the
    share entered and at 100 %. "Cannot tell" is an answer, with the number of examples that would tell. Evidence that
    is old, changed or of something else is refused with the reason. Read from the work tree; `towpath promote` asks the
    same of the base branch.

    Exit code 0: pass. 1: fail. 2: error. 3: no data, or cannot tell.
    """
    from towpath.document.loading import find_runbook
    from towpath.gate.entering import gate_for

    place = workplace()
    snapshot = place.snapshot(FolderFiles(place.root))
    loaded = find_runbook(snapshot, runbook)
    assert loaded.runbook is not None  # find_runbook raises instead
    report = gate_for(snapshot, loaded.runbook, stage)
    if form == "json":
        from towpath.report.gate_json import gate_json

        click.echo(gate_json(report), nl=False)
    elif form == "markdown":
        from towpath.report.gate_markdown import gate_markdown

        if any(use.synthetic for use in report.evidence):
            click.echo("> **Synthetic evidence**: made by a program for show, not measured on a model.\n")
        click.echo(gate_markdown(report))
    else:
        from towpath.report.gate_text import render_gate

        colour = wants_colour()
        width = shutil.get_terminal_size((100, 24)).columns
        click.echo(render_gate(report, colour=colour, width=width), color=colour)
    return EXIT_CODES[report.verdict]
