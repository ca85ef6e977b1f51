"""Commits written without a work tree, and refs that move together, from where they were seen, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.repositories import NOON, hub, plain_git
from towpath.git.running import Git
from towpath.git.tree import CommitFiles
from towpath.git.writing import RefMoved, create_bare, move_refs, write_blob, write_commit, write_tree
from towpath.model.errors import TryAgain


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(hub(tmp_path, {"a.txt": b"1\n", "dir/b.txt": b"2\n"}))


def tip(git: Git, branch: str = "main") -> str:
    found = git.commit(f"refs/heads/{branch}")
    assert found is not None
    return found


def child(git: Git, name: str) -> str:
    """A commit on main that no ref names."""
    return write_commit(git, write_tree(git, tip(git), {name: b"x"}), (tip(git),), name, at=NOON, by="Ada <a@x>")


def refs(git: Git) -> str:
    return git.line("for-each-ref")


class TestMoveRefs:
    def test_a_ref_moves_from_where_it_was_seen(self, git: Git) -> None:
        old, new = tip(git), child(git, "new")
        move_refs(git, {"refs/heads/main": (old, new), "refs/heads/other": (None, new)})
        assert (tip(git), tip(git, "other")) == (new, new)
        move_refs(git, {"refs/heads/other": (new, None)})
        assert git.commit("refs/heads/other") is None

    def test_compare_and_swap(self, git: Git) -> None:
        old, mine, theirs = tip(git), child(git, "mine"), child(git, "theirs")
        move_refs(git, {"refs/heads/main": (old, theirs)})
        with pytest.raises(RefMoved, match="moved in the meantime") as refused:
            move_refs(git, {"refs/heads/main": (old, mine)})
        assert (refused.value.exit_code, refused.value.hint) == (75, "run it again")
        assert tip(git) == theirs

    @pytest.mark.parametrize("wrong", ["update", "create", "delete", "keep"])
    def test_all_or_nothing(self, git: Git, wrong: str) -> None:
        """The refs before and after the one that is elsewhere do not move either."""
        old, new = tip(git), child(git, "new")
        git.run("update-ref", "refs/heads/busy", old)
        before = refs(git)
        moves = {
            "update": (new, old),
            "create": (None, new),
            "delete": (new, None),
            "keep": (new, new),
        }
        with pytest.raises(RefMoved):
            move_refs(
                git,
                {
                    "refs/heads/aaa": (None, new),
                    "refs/heads/busy": moves[wrong],
                    "refs/heads/main": (old, new),
                },
            )
        assert refs(git) == before

    def test_a_lock_is_named(self, git: Git) -> None:
        lock = git.folder / "refs" / "heads" / "main.lock"
        lock.touch()
        with pytest.raises(TryAgain, match=r"refs/heads/main\.lock") as refused:
            move_refs(git, {"refs/heads/main": (tip(git), child(git, "new"))})
        assert not isinstance(refused.value, RefMoved)
        assert "remove the .lock file" in refused.value.hint

    def test_a_cut_off_transaction_moves_nothing(self, git: Git) -> None:
        """What git does when towpath dies while it hands the transaction over."""
        old, new, before = tip(git), child(git, "new"), refs(git)
        git.ask("update-ref", "--stdin", stdin=f"start\nupdate refs/heads/main {new} {old}\nprepare\n".encode())
        assert refs(git) == before


class TestWriteTree:
    def test_only_what_is_named_changes(self, git: Git) -> None:
        tree = write_tree(git, tip(git), {"a.txt": None, "dir/c.txt": b"3\n"})
        listing = git.line("ls-tree", "-r", "--name-only", tree).split()
        assert listing == ["dir/b.txt", "dir/c.txt"]

    def test_the_mode_of_a_file_stays(self, git: Git) -> None:
        blob = write_blob(git, b"#!/bin/sh\n")
        tree = git.line("mktree", stdin=f"100755 blob {blob}\trun\n".encode())
        commit = write_commit(git, tree, (), "run", at=NOON, by="Ada")
        changed = write_tree(git, commit, {"run": b"#!/bin/sh\necho\n"})
        assert git.line("ls-tree", changed).startswith("100755 ")

    @pytest.mark.parametrize("mode", ["link", "folder"])
    def test_a_link_or_a_folder_is_not_written_through(self, git: Git, mode: str) -> None:
        blob = write_blob(git, b"/etc/passwd")
        if mode == "link":
            commit = write_commit(
                git, git.line("mktree", stdin=f"120000 blob {blob}\ta\n".encode()), (), "x", at=NOON, by="Ada"
            )
            path = "a"
        else:
            commit, path = tip(git), "dir"
        with pytest.raises(TryAgain, match="no plain file"):
            write_tree(git, commit, {path: b"mine"})

    @pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../b", ".git/config", "a/.git/x", "", "a//b", "a\0b"])
    def test_paths_that_lead_out_are_refused(self, git: Git, path: str) -> None:
        with pytest.raises(ValueError, match="not a path"):
            write_tree(git, tip(git), {path: b"x"})

    @given(
        name=st.text(
            st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="/\\"), min_size=1, max_size=12
        )
    )
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_what_was_written_is_read(self, git: Git, name: str) -> None:
        if name in (".", "..", ".git") or name.lower().startswith((".git", "git~")):
            return
        commit = write_commit(git, write_tree(git, None, {f"d/{name}": b"\x00x"}), (), "x", at=NOON, by="Ada")
        assert CommitFiles(git.folder, commit).read(f"d/{name}") == b"\x00x"


class TestWriteCommit:
    def test_the_same_arguments_give_the_same_commit(self, git: Git) -> None:
        assert child(git, "one") == child(git, "one")
        assert child(git, "one") != child(git, "two")

    def test_who_and_when(self, git: Git) -> None:
        shown = git.line("log", "-1", "--format=%an|%ae|%aI|%cn|%ce", child(git, "one"))
        assert shown == "Ada|a@x|2026-11-23T12:00:00+00:00|towpath|towpath@localhost"

    @pytest.mark.parametrize("by", ["", "<>", "\n", "Eve\nparent 123 <a@b>\n", "A <b> <c>", "\x00"])
    def test_odd_names_cannot_forge_a_header(self, git: Git, by: str) -> None:
        tree = write_tree(git, None, {})
        commit = write_commit(git, tree, (), "x", at=NOON, by=by)
        header = git.line("cat-file", "commit", commit).partition("\n\n")[0].splitlines()
        assert [line.split()[0] for line in header] == ["tree", "author", "committer"]

    def test_a_persons_configuration_is_not_asked(self, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
        shown = git.line("log", "-1", "--format=%an %cI", child(git, "one"))
        assert shown == "Ada 2026-11-23T12:00:00+00:00"


def test_a_bare_repository_is_made_once(tmp_path: Path) -> None:
    bare = tmp_path / "deep" / "hub.git"
    create_bare(bare, "trunk")
    assert plain_git(bare, "symbolic-ref", "HEAD") == "refs/heads/trunk"
    config = (bare / "config").read_bytes()
    create_bare(bare, "main")
    assert (bare / "config").read_bytes() == config
    assert plain_git(bare, "config", "transfer.hideRefs") == "refs/forge"
    assert plain_git(bare, "config", "receive.denyNonFastForwards") == "true"
