"""Findings as GitHub workflow commands, which show them beside the line in a pull request.

Escaping as in the runner's own toolkit: `%`, carriage return and line feed in the message; colon and comma too in the
properties. Otherwise a title in a runbook could end the command and begin another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from towpath.model.finding import Finding

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_annotations(findings: Iterable[Finding], *, prefix: str = "") -> Iterator[str]:
    """One command per finding.

    Args:
        prefix: put before every path, so that it is relative to the top of the git repository.
    """
    for finding in findings:
        span = finding.span
        properties = {"file": prefix + finding.path, "line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:
            # the platform refuses columns on an annotation of several lines
            properties |= {"col": str(span.column), "endColumn": str(max(span.end_column, span.column))}
        properties["title"] = f"towpath {finding.rule}"
        message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
        written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{_COMMAND[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
