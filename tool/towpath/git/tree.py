"""The files of a commit, without a work tree."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from towpath.git.running import Git
from towpath.model.errors import EnvironmentProblem

if TYPE_CHECKING:
    from pathlib import Path

_SMALL = 256 * 1024
_REGULAR = ("100644", "100755")


class CommitFiles:
    """Implements `towpath.model.snapshot.Files` for one commit. Symbolic links and submodules are no files.

    Small files of a folder are read together, the first time one of them is asked for.
    """

    def __init__(self, repository: Path, commit: str) -> None:
        self._git = Git(repository)
        self.commit = commit
        self._contents: dict[str, bytes] = {}

    @cached_property
    def _entries(self) -> dict[str, tuple[str, int]]:
        """Path -> blob id and size."""
        listing = self._git.run("ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", self.commit)
        entries = {}
        for row in listing.split(b"\0"):
            if not row:
                continue
            meta, _, path = row.partition(b"\t")
            mode, kind, blob, size = meta.split()
            if kind == b"blob" and mode.decode() in _REGULAR:
                entries[path.decode("utf-8", "surrogateescape")] = (blob.decode(), int(size))
        return entries

    def paths(self, prefix: str) -> tuple[str, ...]:
        """Every file under the folder, sorted."""
        folder = prefix.rstrip("/") + "/" if prefix else ""
        return tuple(sorted(path for path in self._entries if path.startswith(folder)))

    def read(self, path: str) -> bytes | None:
        """The bytes of one file, or None."""
        if path not in self._entries:
            return None
        if path not in self._contents:
            self._fetch(path)
        return self._contents[path]

    def blob(self, path: str) -> str | None:
        """The blob id of one file, or None."""
        entry = self._entries.get(path)
        return entry[0] if entry else None

    def _fetch(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        wanted = [path]
        if self._entries[path][1] <= _SMALL:
            wanted = [one for one in self.paths(folder) if self._entries[one][1] <= _SMALL] if folder else [path]
        blobs = [self._entries[one][0] for one in wanted]
        for one, content in zip(wanted, read_blobs(self._git, blobs), strict=True):
            self._contents[one] = content


def read_blobs(git: Git, names: list[str]) -> list[bytes]:
    """The contents of objects by id or `commit:path`, in one git process.

    Raises:
        EnvironmentProblem: an object is missing, as in a partial clone.
    """
    if any("\n" in name for name in names):
        raise EnvironmentProblem("a path with a line break cannot be read")
    output = git.run("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())
    contents, at = [], 0
    for name in names:
        end = output.index(b"\n", at)
        header = output[at:end].split()
        if len(header) != 3:
            raise EnvironmentProblem(f"git has no object {name}", "fetch the whole history: git fetch --unshallow")
        size = int(header[2])
        contents.append(output[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return contents
