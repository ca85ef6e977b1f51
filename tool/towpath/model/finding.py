"""A finding: what is wrong in a file, where exactly, and what to do about it. Rendering is somebody else's work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is. Errors and warnings make lint exit 1; notes only inform."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)
"""The first character of a file: where a finding about a whole file points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A second place a finding speaks of, with a label such as "first declared here"."""

    path: str
    span: Span
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem in one file.

    Attributes:
        rule: the kebab-case id of the rule; `docs/rules/<id>.md` explains it.
        message: what is wrong, in one sentence, naming the thing.
        path: the file, relative to the repository, with forward slashes.
        help: what to do about it.
        related: other places that explain the finding.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    span: Span = START
    help: str = ""
    related: tuple[Location, ...] = ()

    def sort_key(self) -> tuple[str, Span, str, str]:
        """Findings are shown by file, then place, then rule."""
        return (self.path, self.span, self.rule, self.message)
