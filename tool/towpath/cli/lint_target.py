"""What `towpath lint` looks at: the repository around the paths named, or files that lie in none."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from towpath.cli.context import FolderFiles, find_root, workplace
from towpath.document.loading import SUFFIXES, runbook_paths
from towpath.model.errors import UsageError
from towpath.model.snapshot import Settings, Snapshot
from towpath.policy.engine import wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.model.snapshot import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The files of a lint run.

    Attributes:
        root: the folder that paths of findings are relative to.
        paths: files and folders to report on, relative to the root; None for every runbook.
        matched: how many runbooks that is.
        files: how many are read; the others are there to be compared with.
    """

    root: Path
    snapshot: Snapshot
    paths: tuple[str, ...] | None
    matched: int
    files: int = 0


@dataclass(frozen=True, slots=True)
class WithNamed:
    """A folder's files, with further files among its runbooks because somebody named them."""

    inner: FolderFiles
    runbooks: str
    named: tuple[str, ...]
    alone: bool

    def paths(self, prefix: str) -> tuple[str, ...]:
        """As the folder says; asked for the runbooks, the named files too, or they alone."""
        if prefix != self.runbooks:
            return self.inner.paths(prefix)
        own = () if self.alone else self.inner.paths(prefix)
        return tuple(sorted({*own, *self.named}))

    def read(self, path: str) -> bytes | None:
        """As the folder says."""
        return self.inner.read(path)


def find_target(paths: Sequence[Path]) -> Target:
    """Decide what to lint.

    Args:
        paths: what the user named; nothing means every runbook of the repository around the current folder.

    Raises:
        UsageError: a path does not exist, paths of several repositories, or nothing to lint in them.
    """
    if not paths:
        place = workplace()
        snapshot = place.snapshot(FolderFiles(place.root))
        return _checked(Target(root=place.root, snapshot=snapshot, paths=None, matched=0), place.settings.runbooks)
    whole = [_existing(path) for path in paths]
    roots = {find_root(path if path.is_dir() else path.parent) for path in whole}
    if len(roots) > 1:
        named = " and ".join(sorted(str(root or "no repository") for root in roots))
        raise UsageError(f"these paths lie in {named}", "lint one repository at a time")
    root = roots.pop()
    return _loose(whole) if root is None else _in_repository(root, whole)


def _in_repository(root: Path, whole: list[Path]) -> Target:
    place = workplace(root)
    settings, folder = place.settings, FolderFiles(root)
    named = tuple(path.relative_to(root).as_posix() for path in whole)
    home = f"{settings.runbooks}/"
    outside = tuple(
        name for name, path in zip(named, whole, strict=True) if path.is_file() and not name.startswith(home)
    )
    files: Files = WithNamed(folder, settings.runbooks, outside, False) if outside else folder
    everything = any(name == "." for name in named)
    target = Target(root=root, snapshot=place.snapshot(files), paths=None if everything else named, matched=0)
    return _checked(target, ", ".join(named))


def _loose(whole: list[Path]) -> Target:
    """Files outside a repository, checked on their own with the default settings."""
    files = sorted({file for path in whole for file in (_yaml_below(path) if path.is_dir() else (path,))})
    root = Path(os.path.commonpath([path.parent for path in files])) if files else Path.cwd()
    named = tuple(path.relative_to(root).as_posix() for path in files)
    settings = Settings()
    snapshot = Snapshot(
        files=WithNamed(FolderFiles(root), settings.runbooks, named, True),
        now=datetime.now(UTC).replace(microsecond=0),
        settings=settings,
    )
    shown = ", ".join(map(str, whole))
    return _checked(Target(root=root, snapshot=snapshot, paths=named, matched=0), shown)


def _yaml_below(folder: Path) -> list[Path]:
    return [folder / path for path in FolderFiles(folder).paths("") if path.lower().endswith(SUFFIXES)]


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"there is no {path}", "name runbooks or folders that exist, or nothing for all of them")
    whole = Path(os.path.normpath(path.absolute()))
    if whole.is_file() and not whole.name.lower().endswith(SUFFIXES):
        raise UsageError(f"{path} is no YAML file", f"runbooks end in {' or '.join(SUFFIXES)}")
    return whole


def _checked(target: Target, where: str) -> Target:
    """The target with its runbooks counted; none is an error, because nothing would have been checked."""
    every = runbook_paths(target.snapshot)
    matched = sum(1 for path in every if wanted(path, target.paths))
    if not matched:
        raise UsageError(f"there is no runbook in {where}", "write one with: towpath new")
    return replace(target, matched=matched, files=len(every))


def path_prefix(root: Path, start: Path) -> str:
    """What to put before a path relative to `root` to open it from `start`: nothing, a relative or the whole path."""
    relative = Path(os.path.relpath(root, start)).as_posix()
    if relative == ".":
        return ""
    return f"{min(relative, root.as_posix(), key=len)}/"


def git_top(root: Path) -> Path | None:
    """The nearest folder upward that is the top of a git work tree."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
