"""What a person's clone says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import hub, plain_git
from towpath.git.clone import is_bare, person, remote_url
from towpath.model.errors import EnvironmentProblem


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    plain_git(folder, "init", "--quiet")
    return folder


def test_remotes(clone: Path) -> None:
    assert remote_url(clone, "origin") is None
    plain_git(clone, "remote", "add", "origin", "../hub.git")
    assert remote_url(clone, "origin") == "../hub.git"
    assert remote_url(clone, "upstream") is None


def test_bare_or_not(clone: Path, tmp_path: Path) -> None:
    assert (is_bare(clone), is_bare(hub(tmp_path, {"a": b""}))) == (False, True)


def test_who_commits_here(clone: Path) -> None:
    plain_git(clone, "config", "user.name", "Ada")
    plain_git(clone, "config", "user.email", "ada@example.org")
    assert person(clone) == "Ada <ada@example.org>"


def test_no_repository(tmp_path: Path) -> None:
    for ask in (is_bare, person):
        with pytest.raises(EnvironmentProblem, match="not the top folder of a git repository"):
            ask(tmp_path)
    with pytest.raises(EnvironmentProblem):
        is_bare(tmp_path / "nowhere")
