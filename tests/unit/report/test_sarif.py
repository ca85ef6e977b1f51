"""SARIF 2.1.0: what the standard requires, and fingerprints that survive edits elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from support.found import ALL, ERROR, PATH, SOURCE, read
from towpath.model.finding import Span
from towpath.policy.catalogue import pages
from towpath.report.sarif import render_sarif


def run_of(*findings: Any, **more: Any) -> Any:
    whole = json.loads(render_sarif(findings, more.pop("read", read), **more))
    assert whole["version"] == "2.1.0"
    assert whole["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = whole["runs"]
    return run


def test_results_have_exact_places() -> None:
    run = run_of(*ALL, prefix="sub/")
    assert run["columnKind"] == "unicodeCodePoints"
    error, warning, note = run["results"]
    assert error["level"] == "error"
    assert error["message"]["text"] == "the watch task refnds is no task\ndid you mean refunds?"
    assert error["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "sub/runbooks/a.yaml", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 21},
            }
        }
    ]
    (related,) = error["relatedLocations"]
    assert related["id"] == 1
    assert related["message"] == {"text": "declared here"}
    assert related["physicalLocation"]["region"]["startLine"] == 3
    assert warning["level"] == "warning"
    assert "relatedLocations" not in warning
    assert note["level"] == "note"
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sub/runbooks/%C3%BC%20b.yaml"


def test_every_rule_is_described_and_results_name_theirs() -> None:
    run = run_of(*ALL)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(pages())
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n")
        assert "`" not in rule["name"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_fingerprints_do_not_depend_on_the_line() -> None:
    def fingerprints(*findings: Any, **more: Any) -> list[str]:
        return [result["partialFingerprints"]["towpath/v1"] for result in run_of(*findings, **more)["results"]]

    moved = replace(ERROR, span=Span(6, 15, 6, 21))
    later = {PATH: b"# one\n# two\n" + SOURCE}
    assert fingerprints(ERROR) == fingerprints(moved, read=later.get)
    assert fingerprints(ERROR) != fingerprints(replace(ERROR, message="another"))
    assert fingerprints(ERROR) != fingerprints(replace(ERROR, path="runbooks/b.yaml"))
    assert len(set(fingerprints(ERROR, ERROR, *ALL[1:]))) == 4


def test_no_findings_is_a_run_without_results() -> None:
    run = run_of()
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]
