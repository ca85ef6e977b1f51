"""`towpath power`: what could an evaluation decide?"""

from __future__ import annotations

import json

import click

from towpath.cli.context import FolderFiles, workplace
from towpath.cli.lint import wants_colour


@click.command()
@click.argument("runbook")
@click.option("--stage", metavar="STAGE", help="Ask for entering this stage; the next one unless given.")
@click.option(
    "--assume-discordance",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Share of examples the models answer differently, for tasks without results; 0.13 unless given.",
)
@click.option("--examples", type=click.IntRange(min=1), metavar="N", help="Examples of every task, not those at hand.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
def power(runbook: str, stage: str | None, assume_discordance: float | None, examples: int | None, form: str) -> int:
    """Say what an evaluation of RUNBOOK could decide, before money is spent on it.

    For every load-bearing task: the smallest drop that shows with the examples at hand, the examples its margin needs,
    and the chance of a candidate that is exactly as good; then the chance of all tasks together, and what every live
    stage can see before its bake ends. How much the models differ is measured in the imported evidence, however old,
    else assumed.

    Exit code 0: every margin is reached by an equal candidate with 80 % chance. 3: some cannot be decided with so many
    examples, or none are known. 2: error.
    """
    from towpath.document.loading import find_runbook
    from towpath.gate.power import power_for
    from towpath.report.power_text import power_data, render_power

    place = workplace()
    snapshot = place.snapshot(FolderFiles(place.root))
    loaded = find_runbook(snapshot, runbook)
    assert loaded.runbook is not None  # find_runbook raises instead
    report = power_for(snapshot, loaded.runbook, stage, discordance=assume_discordance, examples=examples)
    if form == "json":
        click.echo(json.dumps(power_data(report), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        colour = wants_colour()
        click.echo(render_power(report, colour=colour), color=colour)
    return 0 if report.reachable else 3
