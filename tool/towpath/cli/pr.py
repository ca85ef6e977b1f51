"""`towpath pr`: the pull requests of the embedded forge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from towpath.cli.answering import FORMAT
from towpath.cli.context import workplace
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from towpath.cli.ground import Ground
    from towpath.model.forge import Moment, PullRequest

_COLOURS = {"open": "green", "merged": "magenta", "closed": "red"}


@click.group()
def pr() -> None:
    """List, show, merge and close pull requests of the local forge.

    A pull request is named by its number or by its branch.
    """


@pr.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Merged and closed ones too.")
@FORMAT
def list_(everything: bool, form: str) -> int:
    """List open pull requests, newest first."""
    pulls = _here().forge.list(None if everything else "open")
    if form == "json":
        click.echo(json.dumps({"pull_requests": [_data(pull) for pull in pulls]}, indent=2))
        return 0
    if not pulls:
        click.echo("no pull requests" if everything else "no open pull requests (--all shows those that ended)")
    for pull in pulls:
        click.echo(f"#{pull.number:<4} {_state(pull, 8)} {visible(pull.title)}")
        click.echo(f"      {pull.branch}, by {visible(pull.author)}{_approved(pull)}")
    return 0


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@FORMAT
def show(name: str, form: str) -> int:
    """Show one pull request: state, text, approvals, comments."""
    pull = _named(_here(), name)
    if form == "json":
        click.echo(json.dumps(_data(pull), indent=2))
        return 0
    click.echo(f"#{pull.number} {click.style(visible(pull.title), bold=True)}  [{_state(pull)}]")
    click.echo(f"{pull.branch} ({pull.head[:12]}) into {pull.base_branch}")
    click.echo(f"opened by {visible(pull.author)} at {_when(pull.opened)}{_approved(pull)}")
    if pull.ended is not None:
        why = f": {visible(pull.reason)}" if pull.reason else ""
        click.echo(f"{pull.state} by {visible(pull.ended_by)} at {_when(pull.ended)}{why}")
    if pull.foreign:
        click.echo(click.style(f"holds {len(pull.foreign)} commit(s) that a person pushed", fg="yellow"))
    if pull.body:
        click.echo()
        click.echo(visible(pull.body, lines=True).rstrip())
    for comment in pull.comments:
        click.echo(f"\n{visible(comment.by)} at {_when(comment.at)}:")
        click.echo(visible(comment.text, lines=True))
    return 0


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@FORMAT
def diff(name: str, paths: tuple[str, ...], form: str) -> int:
    """Show what one pull request changes: all of it, or below PATH (a file or folder, such as runbooks)."""
    from towpath.model.change import Edit
    from towpath.report.change_text import diff_of

    here = _here()
    pull = _named(here, name)
    edits = [Edit(path=path, before=before, after=after) for path, before, after in here.forge.changes(pull.number)]
    if paths:
        folders = tuple(f"{path.rstrip('/')}/" for path in paths)
        edits = [edit for edit in edits if edit.path in paths or edit.path.startswith(folders)]
        if not edits:
            raise UsageError(f"pull request #{pull.number} changes nothing in {' or '.join(paths)}")
    if form == "json":
        click.echo(json.dumps([{"path": edit.path, "diff": "\n".join(diff_of(edit))} for edit in edits], indent=2))
        return 0
    for edit in edits:
        for line in diff_of(edit):
            click.echo(click.style(visible(line, lines=True), fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1])))
    return 0


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@FORMAT
def merge(name: str, form: str) -> int:
    """Land a pull request on its base branch. This moves traffic where its exports are read."""
    here = _here()
    pull = _named(here, name)
    merged = here.forge.merge(pull.number, head=pull.head, now=here.now, by=here.actor)
    return _told(merged, f"merged #{merged.number} as {merged.merge_commit[:12]} into {merged.base_branch}", form)


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@FORMAT
def close(name: str, reason: str, form: str) -> int:
    """Close a pull request without merging. A closed promotion is not opened again until somebody resumes."""
    here = _here()
    pull = here.forge.close(_named(here, name).number, reason=reason, now=here.now, by=here.actor)
    return _told(pull, f"closed #{pull.number}", form)


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@click.argument("text")
@FORMAT
def comment(name: str, text: str, form: str) -> int:
    """Add a remark to a pull request."""
    here = _here()
    pull = here.forge.comment(_named(here, name).number, text, now=here.now, by=here.actor)
    return _told(pull, f"commented on #{pull.number}", form)


@pr.command()
@click.argument("name", metavar="NUMBER|BRANCH")
@FORMAT
def approve(name: str, form: str) -> int:
    """Approve exactly the commit a pull request has now. A later commit needs a new approval."""
    here = _here()
    pull = _named(here, name)
    if pull.author == here.actor:
        raise UsageError(
            "nobody approves their own pull request", "another person runs this, with their own name (TOWPATH_ACTOR)"
        )
    approved = here.forge.approve(pull.number, head=pull.head, now=here.now, by=here.actor)
    return _told(approved, f"approved #{pull.number} at {pull.head[:12]}", form)


def visible(text: str, *, lines: bool = False) -> str:
    """Untrusted text for a terminal: no control characters, no direction marks; one line unless `lines`."""
    kept = "".join(sign if sign.isprintable() or (lines and sign in "\n\t") else " " for sign in text)
    return kept if lines else " ".join(kept.split())


def _here() -> Ground:
    from towpath.cli.ground import ground

    return ground(workplace())


def _named(here: Ground, name: str) -> PullRequest:
    number = name.removeprefix("#")
    if number.isdecimal():
        return here.forge.get(int(number))
    found = here.forge.find(name)
    if not found:
        raise UsageError(f"there is no pull request of branch {name!r}", "see: towpath pr list --all")
    return found[0]


def _told(pull: PullRequest, sentence: str, form: str) -> int:
    click.echo(json.dumps(_data(pull), indent=2) if form == "json" else sentence)
    return 0


def _state(pull: PullRequest, width: int = 0) -> str:
    # padded before it is coloured: colour codes have a length too
    return click.style(f"{pull.state:<{width}}", fg=_COLOURS[pull.state])


def _approved(pull: PullRequest) -> str:
    return f", approved by {', '.join(map(visible, pull.approved_by))}" if pull.approved_by else ""


def _when(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d %H:%M} UTC" + (" (simulated)" if moment.simulated else "")


def _at(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    return {"at": moment.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "simulated": moment.simulated}


def _data(pull: PullRequest) -> dict[str, Any]:
    return {
        "number": pull.number,
        "title": pull.title,
        "state": pull.state,
        "branch": pull.branch,
        "base": pull.base_branch,
        "head": pull.head,
        "author": pull.author,
        "opened": _at(pull.opened),
        "ended": _at(pull.ended),
        "ended_by": pull.ended_by,
        "reason": pull.reason,
        "merge_commit": pull.merge_commit,
        "labels": list(pull.labels),
        "reviewers": list(pull.reviewers),
        "approved_by": list(pull.approved_by),
        "foreign": list(pull.foreign),
        "comments": [{"by": one.by, "text": one.text, **(_at(one.at) or {})} for one in pull.comments],
        "body": pull.body,
    }
