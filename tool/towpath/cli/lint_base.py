"""The base revision of a lint run. Imported only with `--base`: nothing else in lint needs git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.cli.lint_target import git_top
from towpath.git.history import require_whole_history
from towpath.git.running import Git
from towpath.git.tree import CommitFiles
from towpath.model.errors import EnvironmentProblem, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from towpath.model.snapshot import Files


@dataclass(frozen=True, slots=True)
class Below:
    """The files below one folder of a tree, by their paths from there."""

    inner: Files
    folder: str

    def paths(self, prefix: str) -> tuple[str, ...]:
        """Every file under the prefix."""
        found = self.inner.paths(self.folder + prefix)
        return tuple(path.removeprefix(self.folder) for path in found)

    def read(self, path: str) -> bytes | None:
        """The bytes of one file, or None."""
        return self.inner.read(self.folder + path)


def base_files(root: Path, revision: str) -> Files:
    """The tree of a revision, as seen from the runbook repository's folder.

    Raises:
        EnvironmentProblem: no git repository here, or a shallow clone: its history is cut off, and rules about
            history must never pass because there was none.
        UsageError: there is no such revision.
    """
    top = git_top(root)
    if top is None:
        raise EnvironmentProblem(f"{root} is in no git repository, so there is no base revision", "leave out --base")
    git = Git(top)
    require_whole_history(git)
    commit = git.commit(revision)
    if commit is None:
        raise UsageError(f"git knows no revision {revision!r}", "name a branch, tag or commit, such as origin/main")
    files = CommitFiles(top, commit)
    below = root.relative_to(top).as_posix()
    return files if below == "." else Below(files, f"{below}/")
