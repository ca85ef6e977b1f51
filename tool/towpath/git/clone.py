"""What a person's clone says of itself: its remote, its user, its branch. Read through GitPython, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.errors import EnvironmentProblem

if TYPE_CHECKING:
    from pathlib import Path

    from git import Repo


def _repo(folder: Path) -> Repo:
    from git import InvalidGitRepositoryError, NoSuchPathError, Repo

    try:
        return Repo(folder)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise EnvironmentProblem(
            f"{folder} is not the top folder of a git repository", "run: git init, or towpath init"
        ) from None


def remote_url(folder: Path, name: str) -> str | None:
    """The address of a remote, or None."""
    with _repo(folder) as repo:
        known = {remote.name: remote for remote in repo.remotes}
        return str(next(iter(known[name].urls))) if name in known else None


def is_bare(folder: Path) -> bool:
    """Whether a repository has no work tree."""
    with _repo(folder) as repo:
        return bool(repo.bare)


def person(folder: Path) -> str | None:
    """`Name <address>` as git would write it into a commit here, or None when nobody said."""
    with _repo(folder) as repo, repo.config_reader() as settings:
        name, address = (str(settings.get_value("user", key, "")) for key in ("name", "email"))
    return f"{name} <{address}>" if name and address else name or None
