"""The repository at one moment, as the pure stages see it: files by path, never a work tree or git itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Files(Protocol):
    """Read-only files of a repository: a work tree, a commit, or a mapping in a test.

    Paths are relative to the repository's root, with forward slashes.
    """

    def paths(self, prefix: str) -> tuple[str, ...]:
        """Every file under the folder `prefix`, sorted; empty when there is none."""
        ...

    def read(self, path: str) -> bytes | None:
        """The bytes of one file, or None when it does not exist."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`towpath.toml`: where things lie in a runbook repository.

    Attributes:
        base: the branch whose tree is the state.
        simulated: whether this repository is marked as one whose clock may be simulated (demos, tests).
    """

    runbooks: str = "runbooks"
    evidence: str = "evidence"
    records: str = "records"
    policies: str = "policies"
    base: str = "main"
    remote: str = "origin"
    forge: str = "local"
    pack: str = "towpath/recommended"
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The repository as one question is asked of it.

    Attributes:
        files: the tree in question.
        base: the tree to compare with (history rules), or None when the question has no history.
        now: the moment the question is asked, aware and in UTC.
    """

    files: Files
    now: datetime
    base: Files | None = None
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class MappedFiles:
    """Files held in memory."""

    contents: dict[str, bytes]

    def paths(self, prefix: str) -> tuple[str, ...]:
        """Every path under the folder."""
        folder = prefix.rstrip("/") + "/" if prefix else ""
        return tuple(sorted(path for path in self.contents if path.startswith(folder)))

    def read(self, path: str) -> bytes | None:
        """The bytes, or None."""
        return self.contents.get(path)
