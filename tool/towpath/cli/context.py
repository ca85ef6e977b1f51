"""What every command needs from the outside: the repository, its settings and the clock.

The clock is read here, once, and handed on as a value. `TOWPATH_NOW` (an RFC 3339 time) simulates it, only in a
repository whose `towpath.toml` says `simulated = true`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from towpath.model.errors import UsageError
from towpath.model.snapshot import Settings, Snapshot

if TYPE_CHECKING:
    from towpath.model.snapshot import Files

SETTINGS_FILE = "towpath.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """The runbook repository a command runs in.

    Attributes:
        root: the folder with `towpath.toml`.
        now: the moment of this run, aware and in UTC.
        simulated: whether `now` came from `TOWPATH_NOW`.
    """

    root: Path
    settings: Settings
    now: datetime
    simulated: bool

    def snapshot(self, files: Files, base: Files | None = None) -> Snapshot:
        """A snapshot of the given tree at this moment."""
        return Snapshot(files=files, base=base, now=self.now, settings=self.settings)


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The files of a work tree. Symbolic links are not followed out of it."""

    root: Path
    _inside: str = field(init=False, repr=False, compare=False)
    """How the real path of every file inside begins; found once, because lint reads thousands of files."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inside", os.path.join(os.path.realpath(self.root), ""))

    def paths(self, prefix: str) -> tuple[str, ...]:
        """Every file under the folder, hidden ones left out."""
        found: list[str] = []
        pending = [self.root / prefix if prefix else self.root]
        while pending:
            try:
                entries = list(os.scandir(pending.pop()))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    found.append(Path(entry.path).relative_to(self.root).as_posix())
        return tuple(sorted(found))

    def read(self, path: str) -> bytes | None:
        """The bytes, or None when there is no such regular file inside the folder."""
        target = self.root / path
        try:
            if not os.path.realpath(target).startswith(self._inside):
                return None
            return target.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def find_root(start: Path) -> Path | None:
    """The nearest folder upward that has a `towpath.toml`."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    return None


def workplace(start: Path | None = None) -> Workplace:
    """The repository around the current folder.

    Raises:
        UsageError: there is none, its settings are malformed, or a simulated clock is not allowed here.
    """
    from towpath.document.settings import read_settings

    folder = (start or Path.cwd()).absolute()
    root = find_root(folder)
    if root is None:
        raise UsageError(
            f"there is no {SETTINGS_FILE} in {folder} or above it", "make a runbook repository with: towpath init"
        )
    settings = read_settings((root / SETTINGS_FILE).read_bytes(), SETTINGS_FILE)
    now, simulated = _clock(settings)
    return Workplace(root=root, settings=settings, now=now, simulated=simulated)


def _clock(settings: Settings) -> tuple[datetime, bool]:
    wanted = os.environ.get("TOWPATH_NOW")
    if not wanted:
        return datetime.now(UTC).replace(microsecond=0), False
    if not settings.simulated:
        raise UsageError(
            "TOWPATH_NOW is set, but this repository does not allow a simulated clock",
            "unset TOWPATH_NOW, or in a scratch repository say `simulated = true` in towpath.toml",
        )
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        raise UsageError(f"TOWPATH_NOW is no time: {wanted!r}", "write for example 2026-11-23T09:00:00Z") from None
    if moment.tzinfo is None:
        raise UsageError(f"TOWPATH_NOW has no time zone: {wanted!r}", "write for example 2026-11-23T09:00:00Z")
    return moment.astimezone(UTC).replace(microsecond=0), True
