"""Commits and refs written without a work tree, and refs moved only from where they were seen."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from towpath.git.running import ZERO, Git, GitFailed
from towpath.model.errors import TryAgain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class RefMoved(TryAgain):
    """A ref is not where it was seen."""


def write_blob(git: Git, data: bytes) -> str:
    """Store bytes; returns their id."""
    return git.line("hash-object", "-w", "--stdin", stdin=data)


def write_tree(git: Git, base: str | None, changes: Mapping[str, bytes | None]) -> str:
    """The tree of `base` with some files changed; None takes a file away.

    Args:
        base: a commit, or None for an empty tree.

    Raises:
        ValueError: a path that is not a plain relative one.
        TryAgain: a path is a link or a folder in `base`.
    """
    for path in changes:
        if path.startswith("/") or any(part in ("", ".", "..", ".git") for part in path.split("/")) or "\0" in path:
            raise ValueError(f"not a path of a repository: {path!r}")
    modes = _modes(git, base, list(changes)) if base else {}
    lines = []
    for path, data in sorted(changes.items()):
        mode = modes.get(path, "100644")
        if mode not in ("100644", "100755"):
            raise TryAgain(f"{path} is no plain file on the base branch", "replace the link or folder by a file")
        entry = f"0 {ZERO}" if data is None else f"{mode} {write_blob(git, data)}"
        lines.append(f"{entry}\t{path}\0".encode())
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git.run("read-tree", *([base] if base else ["--empty"]), extra=index)
        git.run("update-index", "-z", "--index-info", stdin=b"".join(lines), extra=index)
        return git.line("write-tree", extra=index)


def _modes(git: Git, base: str, paths: list[str]) -> dict[str, str]:
    listing = git.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", base, "--", *paths)
    rows = [row.partition(b"\t") for row in listing.split(b"\0") if row]
    return {path.decode("utf-8", "surrogateescape"): meta.split()[0].decode() for meta, _, path in rows}


def write_commit(git: Git, tree: str, parents: tuple[str, ...], message: str, *, at: datetime, by: str) -> str:
    """A commit object; returns its id. The same arguments give the same commit."""
    name, _, rest = by.partition("<")
    date = f"{int(at.timestamp())} +0000"
    author = "".join(sign for sign in name.strip() if sign.isprintable() and sign not in "<>") or "somebody"
    address = "".join(sign for sign in rest.strip().rstrip(">") if sign.isprintable() and sign not in "<> ")
    extra = {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": address or "unknown@localhost",
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": "towpath",
        "GIT_COMMITTER_EMAIL": "towpath@localhost",
        "GIT_COMMITTER_DATE": date,
    }
    ancestry = [part for parent in parents for part in ("-p", parent)]
    return git.line("commit-tree", tree, *ancestry, "-F", "-", stdin=message.encode(), extra=extra)


def move_refs(git: Git, moves: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Move refs together or not at all, each from where it was seen.

    Args:
        moves: ref -> (where it was seen, where it goes); None is "does not exist".

    Raises:
        RefMoved: one of them is somewhere else by now.
        TryAgain: git could not lock one of them.
    """
    commands = ["start"]
    for ref, (seen, goal) in moves.items():
        if goal is None:
            commands.append(f"delete {ref} {seen}")
        else:
            commands.append(f"update {ref} {goal} {seen or ZERO}")
    commands += ["prepare", "commit", ""]
    try:
        git.run("update-ref", "--no-deref", "--stdin", stdin="\n".join(commands).encode())
    except GitFailed as problem:
        if ".lock" in problem.stderr:
            # named, because a killed git leaves its lock and nobody but the user can know that it is dead
            raise TryAgain(f"nothing was changed: {problem.stderr.strip()}", problem.hint) from None
        raise RefMoved("a branch moved in the meantime; nothing was changed", "run it again") from None


def create_bare(path: Path, branch: str) -> None:
    """An empty bare repository, unless there is one already."""
    if (path / "HEAD").is_file():
        return
    path.mkdir(parents=True, exist_ok=True)
    git = Git(path)
    git.run("init", "--quiet", "--bare", f"--initial-branch={branch}", os.curdir)
    # the forge's own refs are not for clients, and nobody rewrites a branch
    git.run("config", "receive.denyNonFastForwards", "true")
    git.run("config", "transfer.hideRefs", "refs/forge")
