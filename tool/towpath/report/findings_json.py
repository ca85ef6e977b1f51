"""Findings for programs: one JSON object, its shape promised to stay."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from towpath.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.model.finding import Finding
    from towpath.report.findings_text import Summary


def render_json(findings: Sequence[Finding], summary: Summary) -> str:
    """`{"findings": [...], "summary": {...}}`, with lines and columns from 1, the end exclusive."""
    count = Counter(finding.severity for finding in findings)
    whole = {
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": finding.message,
                "path": finding.path,
                "line": finding.span.line,
                "column": finding.span.column,
                "end_line": finding.span.end_line,
                "end_column": finding.span.end_column,
                "help": finding.help,
            }
            for finding in findings
        ],
        "summary": {
            "files": summary.files,
            "errors": count[Severity.ERROR],
            "warnings": count[Severity.WARNING],
            "notes": count[Severity.NOTE],
            "pack": {"name": summary.pack, "version": summary.pack_version, "sha256": summary.pack_sha256},
            "base": summary.base or None,
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)
