"""Expected failures. Each says who must act and what helps; the command line turns them into exit codes."""

from __future__ import annotations


class TowpathError(Exception):
    """An expected failure, shown as one line without a traceback.

    Attributes:
        hint: what the reader can do about it.
        exit_code: 2 unless a subclass says otherwise.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(TowpathError):
    """The user asked for something that is not there or makes no sense."""


class EnvironmentProblem(TowpathError):
    """The surroundings are not as needed: no repository, a git that is too old, a shallow clone."""


class EvidenceRefused(TowpathError):
    """Evidence that is malformed, stale, foreign or changed. Names file, row or id."""


class TryAgain(TowpathError):
    """Something moved or was unreachable; nothing was changed, and the same command may work later."""

    exit_code = 75
