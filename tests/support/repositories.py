"""Scratch repositories for tests: a bare hub, and commits made in it without a work tree."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from towpath.git.running import Git
from towpath.git.writing import create_bare, move_refs, write_commit, write_tree
from towpath.model.forge import Moment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def moment(hours: float = 0) -> Moment:
    """So many hours after the noon all tests start at."""
    return Moment(at=NOON + timedelta(hours=hours))


def direct_commit(bare: Path, branch: str, files: dict[str, bytes | None], by: str = "Ada <ada@example.org>") -> str:
    """A commit on a branch that no forge vouches for, as a person's push would make it."""
    git = Git(bare)
    tip = git.commit(f"refs/heads/{branch}")
    tree = write_tree(git, tip, files)
    commit = write_commit(git, tree, (tip,) if tip else (), "by hand", at=NOON, by=by)
    move_refs(git, {f"refs/heads/{branch}": (tip, commit)})
    return commit


def hub(folder: Path, files: dict[str, bytes | None]) -> Path:
    """A bare repository whose main branch has these files."""
    bare = folder / "hub.git"
    create_bare(bare, "main")
    direct_commit(bare, "main", files)
    return bare


def plain_git(folder: Path, *arguments: str) -> str:
    """Git as a person would run it, with a name and without any configuration of this machine."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    return done.stdout.strip()
