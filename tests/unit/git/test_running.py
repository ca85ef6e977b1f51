"""One git command: nothing from the environment or the user's configuration gets in, failures say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import hub
from towpath.git.running import Git, GitFailed, require_merge_tree
from towpath.model.errors import EnvironmentProblem


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(hub(tmp_path, {"a.txt": b"1\n"}))


def test_output_and_failure(git: Git) -> None:
    assert git.line("rev-parse", "--is-bare-repository") == "true"
    status, output, errors = git.ask("rev-parse", "--verify", "nothing")
    assert (status, output) == (128, b"")
    assert "Needed a single revision" in errors
    with pytest.raises(GitFailed, match="git rev-parse failed \\(128\\)") as failed:
        git.run("rev-parse", "--verify", "nothing")
    assert failed.value.status == 128


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"])
def test_the_environment_does_not_lead_elsewhere(git: Git, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/nowhere")
    assert git.commit("main") is not None


def test_the_users_configuration_is_not_read(git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Mallory\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert git.ask("config", "user.name")[0] == 1


@pytest.mark.parametrize("revision", ["--all", "-1", "main:a.txt", "", "a b", "main\nmain"])
def test_what_is_no_commit_is_none(git: Git, revision: str) -> None:
    assert git.commit(revision) is None


def test_branches_and_short_ids_are_commits(git: Git) -> None:
    full = git.commit("refs/heads/main")
    assert full is not None
    assert git.commit(full[:10]) == full


def test_no_git(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EnvironmentProblem, match="git is not installed"):
        git.line("version")


def test_an_old_git(git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    require_merge_tree(git)
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho git version 2.37.4\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent))
    with pytest.raises(EnvironmentProblem, match="too old") as refused:
        require_merge_tree(git)
    assert "2.38" in refused.value.hint


def test_hints() -> None:
    owner = GitFailed("log", 128, "fatal: detected dubious ownership in repository at '/x'")
    assert "belongs to another user" in owner.hint
    lock = GitFailed("update-ref", 128, "fatal: Unable to create '/x/main.lock': File exists.")
    assert "remove the .lock file" in lock.hint
    assert GitFailed("log", 1, "").hint == ""
