"""Which forge a repository uses, and where it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.repositories import hub, plain_git
from towpath.forge.local import LocalForge
from towpath.forge.locate import forge_for, local_path
from towpath.model.errors import EnvironmentProblem, UsageError
from towpath.model.snapshot import Settings


@pytest.fixture
def work(tmp_path: Path) -> Path:
    hub(tmp_path, {"a.txt": b"1\n"})
    folder = tmp_path / "work"
    folder.mkdir()
    plain_git(folder, "init", "--quiet")
    return folder


@pytest.mark.parametrize("url", ["../hub.git", "{parent}/hub.git", "file://{parent}/hub.git"])
def test_a_bare_repository_on_this_machine(work: Path, url: str) -> None:
    plain_git(work, "remote", "add", "origin", url.format(parent=work.parent))
    forge = forge_for(work, Settings())
    assert isinstance(forge, LocalForge)
    assert forge.branch_head("main") is not None


def test_another_remote(work: Path) -> None:
    plain_git(work, "remote", "add", "upstream", "../hub.git")
    assert forge_for(work, replace(Settings(), remote="upstream")).branch_head("main") is not None
    with pytest.raises(EnvironmentProblem, match="no remote 'origin'"):
        forge_for(work, Settings())


@pytest.mark.parametrize(
    "url", ["https://github.com/acme/x.git", "git@github.com:acme/x.git", "ssh://host/x.git", "../nowhere.git"]
)
def test_what_is_not_on_this_machine(work: Path, url: str) -> None:
    plain_git(work, "remote", "add", "origin", url)
    with pytest.raises(EnvironmentProblem, match="no folder on this machine") as refused:
        forge_for(work, Settings())
    assert "bare repository beside the clone" in refused.value.hint


def test_a_remote_with_a_work_tree(work: Path) -> None:
    other = work.parent / "other"
    other.mkdir()
    plain_git(other, "init", "--quiet")
    plain_git(work, "remote", "add", "origin", "../other")
    with pytest.raises(EnvironmentProblem, match="has a work tree"):
        forge_for(work, Settings())


def test_an_unknown_forge(work: Path) -> None:
    with pytest.raises(UsageError, match="unknown forge 'gitlab'") as refused:
        forge_for(work, replace(Settings(), forge="gitlab"))
    assert "local" in refused.value.hint


def test_addresses() -> None:
    root = Path("/srv/clone")
    assert local_path("../hub.git", root) == Path("/srv/hub.git")
    assert local_path("./a:b.git", root) == Path("/srv/clone/a:b.git")
    assert local_path("file:///srv/a%20b.git", root) == Path("/srv/a b.git")
    assert local_path("host:path.git", root) is None
    assert local_path("http://host/x", root) is None
