"""`towpath watch-task`: which task to watch, by the evidence."""

from __future__ import annotations

import json

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import FolderFiles, workplace


@click.command()
@click.argument("runbook")
@FORMAT
def watch_task(runbook: str, form: str) -> int:
    """Propose the watch task of RUNBOOK from its evidence, and say why.

    The watch task is the load-bearing one most likely to get worse without showing in the average: a loss of its whole
    margin stays inside the average's noise, and what was measured makes such a loss likely.

    Exit code 0: a proposal, or agreement. 1: the evidence contradicts the declared task. 3: there is no evidence.
    """
    from towpath.document.loading import find_runbook
    from towpath.gate.entering import fitting_evidence
    from towpath.gate.judge import seed_of
    from towpath.gate.watching import propose
    from towpath.report.watch_text import proposal_data, render_proposal

    here = workplace()
    snapshot = here.snapshot(FolderFiles(here.root))
    book = find_runbook(snapshot, runbook).runbook
    assert book is not None  # find_runbook raises instead
    stage = next((one for one in book.stages if one.eval is not None), None)
    evidence, reasons = fitting_evidence(snapshot, book, stage) if stage else (None, ("no stage has an eval section",))
    confidence = float(stage.eval.confidence.value) if stage and stage.eval else 0.95
    proposal = propose(book, evidence.samples, confidence, seed_of(evidence)) if evidence else None
    declared = book.watch.task if book.watch else ""
    if proposal is None or proposal.best is None:
        why = "; ".join(reasons) or "the evidence has no pairs of any load-bearing task with a margin"
        if form == "json":
            click.echo(json.dumps({"runbook": book.id, "declared": declared or None, "proposed": None, "why": why}))
        else:
            click.echo(f"{book.id}: cannot tell: {why}")
        return 3
    if form == "json":
        click.echo(json.dumps(proposal_data(proposal, book.id, declared), indent=2))
    else:
        click.echo(render_proposal(proposal, book.id, declared))
    return 1 if proposal.contradicts(declared) else 0
