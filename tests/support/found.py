"""Findings and the file they are in, for the tests of renderers."""

from __future__ import annotations

from towpath.model.finding import START, Finding, Location, Severity, Span
from towpath.report.findings_text import Summary

PATH = "runbooks/a.yaml"
SOURCE = b"id: a\ntasks:\n  refunds: {margin: 3pp}\nwatch: {task: refnds}\n"

ERROR = Finding(
    rule="stage-sections",
    severity=Severity.ERROR,
    message="the watch task refnds is no task",
    path=PATH,
    span=Span(4, 15, 4, 21),
    help="did you mean refunds?",
    related=(Location(path=PATH, span=Span(3, 3, 3, 10), label="declared here"),),
)
WARNING = Finding(rule="unknown-key", severity=Severity.WARNING, message="100 % odd: a, b", path=PATH, span=START)
NOTE = Finding(
    rule="runbook-deleted",
    severity=Severity.NOTE,
    message="two\nlines",
    path="runbooks/ü b.yaml",
    span=Span(1, 1, 3, 2),
    related=(Location(path=PATH, span=Span(1, 1, 1, 3)),),
)
ALL = (ERROR, WARNING, NOTE)
SUMMARY = Summary(files=3, pack="towpath/recommended", pack_version=1, pack_sha256="ab" * 32)


def read(path: str) -> bytes | None:
    """The one file there is."""
    return SOURCE if path == PATH else None
