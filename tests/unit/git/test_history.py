"""What happened on a branch: its first-parent line."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import NOON, direct_commit, hub, plain_git
from towpath.git.history import between, changed_paths, commits_of, first_parents, is_ancestor, merge_base
from towpath.git.running import Git
from towpath.git.writing import move_refs, write_commit, write_tree
from towpath.model.errors import EnvironmentProblem


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return hub(tmp_path, {"a.txt": b"1\n", "b.txt": b"1\n"})


def merged(bare: Path) -> tuple[str, str, str, str]:
    """First commit, side commit, second commit of main, and the merge."""
    git = Git(bare)
    first = git.commit("main") or ""
    side = write_commit(git, write_tree(git, first, {"a.txt": b"2\n"}), (first,), "side", at=NOON, by="Ada")
    second = direct_commit(bare, "main", {"b.txt": b"2\n"})
    tree = write_tree(git, second, {"a.txt": b"2\n"})
    merge = write_commit(git, tree, (second, side), "merge", at=NOON, by="Ada")
    move_refs(git, {"refs/heads/main": (second, merge)})
    return first, side, second, merge


def test_a_change_belongs_to_the_merge_that_landed_it(bare: Path) -> None:
    first, _, second, merge = merged(bare)
    git = Git(bare)
    assert commits_of(git, merge, "a.txt") == (first, merge)
    assert commits_of(git, merge, "b.txt") == (first, second)
    assert commits_of(git, merge, "nothing") == ()
    assert first_parents(git, merge) == (first, second, merge)


def test_a_path_is_no_pattern(bare: Path) -> None:
    direct_commit(bare, "main", {"*.txt": b"x"})
    git = Git(bare)
    tip = git.commit("main") or ""
    assert commits_of(git, tip, "*.txt") == (tip,)


def test_relations(bare: Path) -> None:
    first, side, second, merge = merged(bare)
    git = Git(bare)
    assert between(git, second, merge) == (side, merge)
    assert (is_ancestor(git, first, merge), is_ancestor(git, merge, first)) == (True, False)
    assert merge_base(git, side, second) == first
    stranger = write_commit(git, write_tree(git, None, {}), (), "x", at=NOON, by="Ada")
    assert merge_base(git, stranger, merge) is None


def test_changed_paths(bare: Path) -> None:
    first, side, second, merge = merged(bare)
    git = Git(bare)
    assert changed_paths(git, first, merge) == {"a.txt", "b.txt"}
    assert changed_paths(git, side, second) == {"a.txt", "b.txt"}
    assert changed_paths(git, merge, merge) == frozenset()
    gone = direct_commit(bare, "main", {"a.txt": None, "ä b.txt": b"2\n"})
    assert changed_paths(git, merge, gone) == {"a.txt", "ä b.txt"}


def test_a_history_that_is_cut_off_proves_nothing(bare: Path, tmp_path: Path) -> None:
    merged(bare)
    plain_git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{bare}", "shallow")
    git = Git(tmp_path / "shallow")
    with pytest.raises(EnvironmentProblem, match="shallow") as refused:
        commits_of(git, "HEAD", "a.txt")
    assert "--unshallow" in refused.value.hint
    with pytest.raises(EnvironmentProblem, match="shallow"):
        first_parents(git, "HEAD")
