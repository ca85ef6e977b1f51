"""Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), which code-scanning pages read.

Columns count Unicode characters, as ours do. A fingerprint is made of rule, file, message and the text of the line,
and of a count for repeated ones, never of the line's number: an edit above a finding does not make it a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import towpath
from towpath.policy.catalogue import RULES, pages
from towpath.report.pages import page_markdown, page_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from towpath.model.finding import Finding, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def render_sarif(findings: Sequence[Finding], read: Callable[[str], bytes | None], *, prefix: str = "") -> str:
    """A SARIF log with one run.

    Args:
        read: the bytes of a file by its path, for the fingerprints.
        prefix: put before every path, so that it is relative to the top of the git repository.
    """
    rules = list(pages())
    seen: Counter[str] = Counter()
    sources: dict[str, list[str]] = {}
    results: list[dict[str, Any]] = []
    for finding in findings:
        if finding.path not in sources:
            sources[finding.path] = (read(finding.path) or b"").decode("utf-8", "replace").split("\n")
        key = _key(finding, sources[finding.path])
        seen[key] += 1
        results.append(_result(finding, rules, prefix, f"{key}:{seen[key]}"))
    run = {
        "tool": {
            "driver": {
                "name": "Towpath",
                "version": towpath.__version__,
                "semanticVersion": towpath.__version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the git repository."}}},
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(rule: str) -> dict[str, Any]:
    page = pages()[rule]
    level = RULES[rule].severity.value if rule in RULES else "error"
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("-")),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.prose.partition("\n\n")[0].replace("\n", " ") or page.title},
        "help": {"text": page_text(page), "markdown": page_markdown(page)},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding, rules: list[str], prefix: str, fingerprint: str) -> dict[str, Any]:
    message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.severity.value,
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(prefix + finding.path, finding.span)}],
        "partialFingerprints": {"towpath/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(prefix + item.path, item.span),
                "message": {"text": item.label or "see also"},
            }
            for number, item in enumerate(finding.related, 1)
        ]
    return result


def _place(path: str, span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(path), "uriBaseId": "SRCROOT"},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _key(finding: Finding, lines: list[str]) -> str:
    line = lines[finding.span.line - 1].strip() if finding.span.line <= len(lines) else ""
    whole = "\0".join((finding.rule, finding.path, finding.message, line))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _uri(path: str) -> str:
    """A relative reference by RFC 3986: everything but unreserved characters and slashes as %XX."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path.encode())
