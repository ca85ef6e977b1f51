"""What happened on a branch: its first-parent line, for one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.errors import EnvironmentProblem

if TYPE_CHECKING:
    from towpath.git.running import Git


def require_whole_history(git: Git) -> None:
    """Refuse a shallow clone: a history that is cut off proves nothing.

    Raises:
        EnvironmentProblem: the clone is shallow.
    """
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        raise EnvironmentProblem(
            "this clone is shallow, its history is cut off",
            "fetch all of it: git fetch --unshallow (in CI: fetch-depth: 0)",
        )


def commits_of(git: Git, tip: str, path: str) -> tuple[str, ...]:
    """Commits of the first-parent line that changed what lies at `path`, oldest first."""
    require_whole_history(git)
    listing = git.line(
        "--literal-pathspecs", "rev-list", "--first-parent", "--reverse", "--end-of-options", tip, "--", path
    )
    return tuple(listing.split())


def first_parents(git: Git, tip: str) -> tuple[str, ...]:
    """Every commit of the first-parent line, oldest first."""
    require_whole_history(git)
    return tuple(git.line("rev-list", "--first-parent", "--reverse", "--end-of-options", tip).split())


def between(git: Git, base: str, tip: str) -> tuple[str, ...]:
    """Commits of `tip` that `base` does not have, oldest first."""
    return tuple(git.line("rev-list", "--reverse", "--end-of-options", f"{base}..{tip}").split())


def changed_paths(git: Git, before: str, after: str) -> frozenset[str]:
    """Paths whose mode or content differs between two commits or trees."""
    listing = git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", before, after)
    return frozenset(path.decode("utf-8", "surrogateescape") for path in listing.split(b"\0") if path)


def is_ancestor(git: Git, older: str, newer: str) -> bool:
    """Whether one commit is part of another's history."""
    status, _, _ = git.ask("merge-base", "--is-ancestor", older, newer)
    return status == 0


def merge_base(git: Git, one: str, other: str) -> str | None:
    """The best common ancestor, or None."""
    status, output, _ = git.ask("merge-base", "--end-of-options", one, other)
    return output.decode().strip() if status == 0 else None
