"""`towpath demo`: the whole way, on evidence recorded from real models, in a scratch repository."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from towpath.model.errors import UsageError


@click.command()
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="DIR", help="Make the repository in DIR, which must not exist."
)
def demo(keep: Path | None) -> int:
    """See the whole way in under a minute, without network.

    In a scratch repository it lints, refuses a broken runbook, imports results recorded on real models, judges them,
    merges real pull requests stage by stage, shows where users go, stops a migration whose watch task fails, rolls one
    back, and audits the history it made. Bake times pass by a simulated clock, and the records say so.
    """
    from towpath.cli.demo_scenes import play

    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise UsageError(f"{keep} is not empty", "name a folder that does not exist yet")
    folder = keep.absolute() if keep is not None else Path(tempfile.mkdtemp(prefix="towpath-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    return play(folder)
