"""Findings for programs: exactly the promised keys."""

from __future__ import annotations

import json

from support.found import ALL, SUMMARY
from towpath.report.findings_json import render_json


def test_shape_is_as_promised() -> None:
    whole = json.loads(render_json(ALL, SUMMARY))
    assert whole["findings"][0] == {
        "rule": "stage-sections",
        "severity": "error",
        "message": "the watch task refnds is no task",
        "path": "runbooks/a.yaml",
        "line": 4,
        "column": 15,
        "end_line": 4,
        "end_column": 21,
        "help": "did you mean refunds?",
    }
    assert whole["summary"] == {
        "files": 3,
        "errors": 1,
        "warnings": 1,
        "notes": 1,
        "pack": {"name": "towpath/recommended", "version": 1, "sha256": "ab" * 32},
        "base": None,
    }
    assert set(whole) == {"findings", "summary"}
    assert render_json(ALL, SUMMARY) == render_json(ALL, SUMMARY)
