"""One git command: fixed environment, no shell, no hooks, no configuration but the repository's own."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.model.errors import EnvironmentProblem, TowpathError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ZERO = "0" * 40
"""The object id that means "no such ref"."""

_ISOLATED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ADVICE": "0",
    "LC_ALL": "C",
}
# the repository's own configuration may name programs: none of them runs
_HARMLESS = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "gc.auto=0")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OLDEST = (2, 38)
_SECONDS = 120


class GitFailed(TowpathError):
    """A git command that did not work; `status` is its exit code."""

    def __init__(self, command: str, status: int, stderr: str) -> None:
        super().__init__(f"git {command} failed ({status}): {stderr.strip() or 'no message'}", _hint(stderr))
        self.status = status
        self.stderr = stderr


def _hint(stderr: str) -> str:
    if "dubious ownership" in stderr:
        return "the repository belongs to another user; give it to the user who runs towpath"
    if ".lock" in stderr:
        return "another git command is running, or one was killed: if none runs, remove the .lock file named above"
    return ""


@dataclass(frozen=True, slots=True)
class Git:
    """Runs git in one repository.

    Attributes:
        folder: the repository: a bare one, or the folder of a work tree.
    """

    folder: Path

    def run(self, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
        """The output of one command.

        Raises:
            GitFailed: it exited with another code than 0.
            EnvironmentProblem: git is missing, or did not end.
        """
        status, output, errors = self.ask(*arguments, stdin=stdin, extra=extra)
        if status != 0:
            raise GitFailed(arguments[0], status, errors)
        return output

    def line(self, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> str:
        """The output of one command as text without the last line feed."""
        return self.run(*arguments, stdin=stdin, extra=extra).decode("utf-8", "replace").rstrip("\n")

    def ask(
        self, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Exit code, output and error text of one command."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        try:
            done = subprocess.run(
                ["git", "-C", str(self.folder), *_HARMLESS, *arguments],
                input=stdin,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
                env={**inherited, **_ISOLATED, **(extra or {})},
            )
        except FileNotFoundError:
            raise EnvironmentProblem("git is not installed", "install git 2.38 or newer") from None
        except subprocess.TimeoutExpired:
            raise EnvironmentProblem(f"git {arguments[0]} did not end in {_SECONDS} seconds") from None
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def commit(self, revision: str) -> str | None:
        """The full id of the commit a branch, tag or id names, or None."""
        status, output, _ = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        found = output.decode().strip()
        return found if status == 0 and _ID.fullmatch(found) else None


def require_merge_tree(git: Git) -> None:
    """Refuse a git without `merge-tree --write-tree`.

    Raises:
        EnvironmentProblem: git is older than 2.38.
    """
    found = re.search(r"(\d+)\.(\d+)", git.line("version"))
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        raise EnvironmentProblem("this git is too old to merge without a work tree", "install git 2.38 or newer")
