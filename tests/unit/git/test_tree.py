"""The files of a commit: only plain files, the bytes as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import NOON, direct_commit, hub
from towpath.git.running import Git
from towpath.git.tree import CommitFiles, read_blobs
from towpath.git.writing import write_blob, write_commit
from towpath.model.errors import EnvironmentProblem

FILES: dict[str, bytes | None] = {
    "a.txt": b"1\n",
    "dir/b.txt": b"\xff\x00\r\n",
    "dir/deep/c.txt": b"",
    "directory/d.txt": b"4",
    "ünïcode \u202e.txt": b"5",
}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return hub(tmp_path, FILES)


@pytest.fixture
def files(bare: Path) -> CommitFiles:
    commit = Git(bare).commit("main")
    assert commit is not None
    return CommitFiles(bare, commit)


def test_every_file(files: CommitFiles) -> None:
    assert files.paths("") == tuple(sorted(FILES))
    assert {path: files.read(path) for path in files.paths("")} == FILES


def test_a_folder_is_not_a_prefix(files: CommitFiles) -> None:
    assert files.paths("dir") == files.paths("dir/") == ("dir/b.txt", "dir/deep/c.txt")
    assert files.paths("nothing") == ()


@pytest.mark.parametrize("path", ["dir", "nothing", "", "/a.txt", "./a.txt", "dir/../a.txt", "A.TXT"])
def test_what_is_not_there_is_none(files: CommitFiles, path: str) -> None:
    assert files.read(path) is None
    assert files.blob(path) is None


def test_a_big_file(bare: Path) -> None:
    data = bytes(range(256)) * 2000
    files = CommitFiles(bare, direct_commit(bare, "main", {"dir/big.bin": data}))
    assert files.read("dir/b.txt") == FILES["dir/b.txt"]
    assert files.read("dir/big.bin") == data


def test_links_and_submodules_are_no_files(bare: Path) -> None:
    git = Git(bare)
    blob = write_blob(git, b"a.txt")
    commit = git.commit("main")
    tree = git.line("mktree", "--missing", stdin=f"120000 blob {blob}\tlink\n160000 commit {commit}\tsub\n".encode())
    files = CommitFiles(bare, write_commit(git, tree, (), "x", at=NOON, by="Ada"))
    assert files.paths("") == ()
    assert files.read("link") is None


def test_a_missing_object_is_an_error_not_an_absent_file(bare: Path) -> None:
    git = Git(bare)
    with pytest.raises(EnvironmentProblem, match="git has no object"):
        read_blobs(git, ["0" * 40])
    with pytest.raises(EnvironmentProblem, match="line break"):
        read_blobs(git, ["main:a\nb"])
    assert read_blobs(git, ["main:a.txt", "main:dir/deep/c.txt"]) == [b"1\n", b""]
