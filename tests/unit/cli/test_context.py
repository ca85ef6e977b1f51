"""The files of a work tree, as commands read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from towpath.cli.context import FolderFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A work tree that is reached through a link, beside a folder that is not part of it."""
    real = tmp_path / "real"
    (real / "runbooks" / ".hidden").mkdir(parents=True)
    (real / "runbooks" / "a.yaml").write_bytes(b"a")
    (real / "runbooks" / ".hidden" / "b.yaml").write_bytes(b"b")
    (tmp_path / "real-secrets").mkdir()
    (tmp_path / "real-secrets" / "key").write_bytes(b"secret")
    (tmp_path / "work").symlink_to(real)
    return tmp_path / "work"


def test_files_inside_are_read(folder: Path) -> None:
    files = FolderFiles(folder)
    assert files.paths("") == files.paths("runbooks") == ("runbooks/a.yaml",)
    assert files.read("runbooks/a.yaml") == b"a"
    assert files.read("runbooks") is None
    assert files.read("runbooks/none.yaml") is None
    assert files.read("runbooks/a.yaml/below") is None
    assert files.paths("nothing") == ()


@pytest.mark.parametrize("way", ["../real-secrets/key", "runbooks/../../real-secrets/key", "runbooks/link", "door/key"])
def test_nothing_outside_is_read(folder: Path, way: str) -> None:
    """Not even where the other folder's name begins as this one's."""
    (folder / "runbooks" / "link").symlink_to(folder.resolve().parent / "real-secrets" / "key")
    (folder / "door").symlink_to(folder.resolve().parent / "real-secrets")
    assert (folder.resolve() / way).exists()
    assert FolderFiles(folder).read(way) is None
    assert FolderFiles(folder).paths("") == ("runbooks/a.yaml",)


def test_absolute_paths_are_outside(folder: Path) -> None:
    assert FolderFiles(folder).read(str(folder.resolve().parent / "real-secrets" / "key")) is None
    assert FolderFiles(folder).read(str(folder / "runbooks" / "a.yaml")) == b"a"


def test_a_link_within_the_work_tree_is_followed(folder: Path) -> None:
    (folder / "runbooks" / "same.yaml").symlink_to("a.yaml")
    assert FolderFiles(folder).read("runbooks/same.yaml") == b"a"
