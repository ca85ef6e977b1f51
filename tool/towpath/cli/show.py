"""`towpath show`: a runbook as it is written, or as Towpath understands it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import FolderFiles, workplace

if TYPE_CHECKING:
    from towpath.document.loading import Loaded


@click.command()
@click.argument("runbook")
@click.option("--resolved", is_flag=True, help="Named sections written out, defaults filled in.")
@click.option("--at", "revision", metavar="REV", help="As it was at this revision, such as HEAD~3 or origin/main.")
@FORMAT
def show(runbook: str, resolved: bool, revision: str | None, form: str) -> int:
    """Print RUNBOOK (an id or a path), from the work tree.

    With --resolved every stage shows its whole eval, cost and rollback section, wherever it was defined, and what was
    left out has its default: exactly what the gate and the bots act on.

    Exit code 0, or 2 when there is no such runbook or it has errors.
    """
    from towpath.document.loading import find_runbook
    from towpath.document.runbook_reading import resolved_data

    here = workplace()
    files: Any = FolderFiles(here.root)
    if revision is not None:
        from towpath.cli.lint_base import base_files

        files = base_files(here.root, revision)
    loaded = find_runbook(here.snapshot(files), runbook)
    assert loaded.document is not None  # find_runbook raises instead
    data: dict[str, Any] = resolved_data(loaded.document.data) if resolved else loaded.document.data
    if form == "json":
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return 0
    text = _resolved_text(loaded, data) if resolved else loaded.text.decode("utf-8-sig")
    click.echo(_coloured(text) if _wants_colour() else text, nl=not text.endswith("\n"))
    return 0


def _resolved_text(loaded: Loaded, data: dict[str, Any]) -> str:
    """The data as YAML that reads back as the same runbook."""
    import yaml

    class Plain(yaml.SafeDumper):
        """Without anchors: what two stages share is written out in both."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(data, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return f"# {loaded.path}, everything filled in\n{text}"


def _wants_colour() -> bool:
    from towpath.cli.lint import wants_colour

    return wants_colour()


def _coloured(text: str) -> str:
    """Keys and comments in colour, line by line: the text itself stays as it is."""
    lines = []
    for line in text.splitlines():
        bare = line.lstrip()
        key, colon, rest = line.partition(":")
        if bare.startswith("#"):
            lines.append(click.style(line, dim=True))
        elif colon and (not rest or rest.startswith(" ")) and not bare.startswith(("'", '"')):
            value, hash_, comment = rest.partition(" #")
            shown = value + click.style(hash_ + comment, dim=True) if hash_ else rest
            lines.append(click.style(key, fg="cyan") + colon + shown)
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"
