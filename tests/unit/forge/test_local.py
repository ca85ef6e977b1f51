"""The local forge passes the contract, and never touches a work tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.forge_contract import BRANCH, ForgeContract, opened, pushed
from support.repositories import direct_commit, hub, moment, plain_git
from towpath.forge.local import LocalForge
from towpath.git.running import Git
from towpath.model.change import Edit
from towpath.model.errors import EnvironmentProblem, TryAgain


class ByHand:
    """Pushes straight into the bare repository."""

    def __init__(self, bare: Path) -> None:
        self.bare = bare

    def push(self, branch: str, files: dict[str, bytes | None]) -> str:
        return direct_commit(self.bare, branch, files)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return hub(tmp_path, {"a.txt": b"1\n"})


@pytest.fixture
def forge(bare: Path) -> LocalForge:
    return LocalForge(bare)


@pytest.fixture
def person(bare: Path) -> ByHand:
    return ByHand(bare)


class TestLocalForge(ForgeContract):
    pass


def test_a_checked_out_base_is_not_moved(bare: Path, forge: LocalForge, tmp_path: Path) -> None:
    """Moving it would make the next commit there undo the promotion."""
    pull = opened(forge)
    work = tmp_path / "work"
    plain_git(bare, "worktree", "add", "-q", str(work), "main")
    before = (plain_git(work, "status", "--porcelain"), forge.branch_head("main"), (work / "a.txt").read_bytes())
    with pytest.raises(EnvironmentProblem, match="checked out") as refused:
        forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
    assert str(work) in refused.value.hint
    assert before == (
        plain_git(work, "status", "--porcelain"),
        forge.branch_head("main"),
        (work / "a.txt").read_bytes(),
    )
    plain_git(work, "switch", "-q", "--detach")
    assert forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea").state == "merged"
    assert (work / "a.txt").read_bytes() == b"1\n"


def test_the_repository_stays_sound_and_the_forge_is_hidden_from_clients(bare: Path, forge: LocalForge) -> None:
    pull = opened(forge)
    forge.comment(pull.number, "hello", now=moment(2), by="Bea")
    forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
    assert "error" not in plain_git(bare, "fsck", "--strict")
    seen = plain_git(bare, "ls-remote", str(bare))
    assert f"refs/heads/{BRANCH}" in seen
    assert "refs/forge" not in seen


def test_hooks_of_the_repository_do_not_run(bare: Path, forge: LocalForge, tmp_path: Path) -> None:
    hook = bare / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    opened(forge)
    assert not (tmp_path / "ran").exists()


def test_damaged_events_are_named(bare: Path, forge: LocalForge) -> None:
    opened(forge)
    git = Git(bare)
    blob = git.line("hash-object", "-w", "--stdin", stdin=b"[]")
    tree = git.line("mktree", stdin=f"100644 blob {blob}\tevents.json\n".encode())
    commit = git.line("-c", "user.name=x", "-c", "user.email=x", "commit-tree", tree, "-m", "x")
    git.run("update-ref", "refs/forge/pulls/1", commit)
    with pytest.raises(EnvironmentProblem, match="pull request 1 cannot be read"):
        forge.list()


def test_a_number_taken_by_somebody_else_is_passed_over(bare: Path, forge: LocalForge) -> None:
    first = opened(forge)
    second = opened(forge, branch="towpath/other/000001-hold")
    assert (first.number, second.number) == (1, 2)


def test_a_missing_base_branch(bare: Path, forge: LocalForge) -> None:
    with pytest.raises(EnvironmentProblem, match="no branch nowhere"):
        forge.landings("nowhere", "a.txt")


def test_nothing_to_merge(bare: Path, forge: LocalForge) -> None:
    pull = opened(forge)
    Git(bare).run("update-ref", "refs/heads/main", pull.head)
    with pytest.raises(TryAgain, match="nothing to merge"):
        forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")


def test_a_file_that_both_sides_changed_is_not_merged_line_by_line(tmp_path: Path) -> None:
    """Git could; but what would land was never planned, judged or recorded."""
    lines = [f"{number}\n" for number in range(20)]
    bare = hub(tmp_path, {"a.txt": "".join(lines).encode()})
    forge = LocalForge(bare)
    start = forge.branch_head("main")
    assert start is not None
    edit = Edit(path="a.txt", before="".join(lines).encode(), after="".join(["first\n", *lines[1:]]).encode())
    pull = opened(forge, edit)
    tip = direct_commit(bare, "main", {"a.txt": "".join([*lines[:-1], "last\n"]).encode()})
    with pytest.raises(TryAgain, match=r"main changed a\.txt after pull request 1 was planned"):
        forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
    assert (forge.branch_head("main"), forge.get(pull.number).state) == (tip, "open")


def test_a_bots_branch_that_is_checked_out_is_not_moved(bare: Path, forge: LocalForge, tmp_path: Path) -> None:
    pull = opened(forge)
    work = tmp_path / "work"
    plain_git(bare, "worktree", "add", "-q", str(work), BRANCH)
    newer = Edit(path="a.txt", before=b"1\n", after=b"3\n")
    with pytest.raises(EnvironmentProblem, match="checked out"):
        pushed(forge, newer, expected=pull.head)
    assert forge.branch_head(BRANCH) == pull.head
    assert pushed(forge, expected=pull.head) == pull.head, "the same commit moves nothing"


def test_the_lock_of_a_killed_git_is_named(bare: Path, forge: LocalForge) -> None:
    pull = opened(forge)
    lock = bare / "refs" / "forge" / "pulls" / "1.lock"
    lock.touch()
    with pytest.raises(TryAgain, match=r"pulls/1\.lock") as refused:
        forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
    assert "remove the .lock file" in refused.value.hint
    lock.unlink()
    assert forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea").state == "merged"


def test_another_towpath_in_the_middle_of_its_move_is_no_person(
    bare: Path, forge: LocalForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refs of a transaction are renamed one after the other, and read one after the other."""
    old = opened(forge).head
    new = pushed(forge, Edit(path="a.txt", before=b"1\n", after=b"3\n"), expected=old)
    for torn in ((new, old), (old, new), (new, None)):
        seen = iter([torn, (new, new)])
        monkeypatch.setattr(forge, "_tip_and_mark", lambda _, seen=seen: next(seen))
        assert forge.foreign(BRANCH, "main") == ()
    monkeypatch.undo()
    commit = direct_commit(bare, BRANCH, {"a.txt": b"mine\n"})
    assert forge.foreign(BRANCH, "main") == (commit,)
