"""A gate's report as JSON and back, described by `schema/gate.v1.json`.

The same report always gives the same bytes: keys in one order, and every float rounded to nine significant digits, so
that the last bits of a library's arithmetic are no part of a decision's record.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from towpath.model.verdict import Criterion, EvidenceUse, GateReport, TaskResult, Verdict

DIGITS = 9


def gate_data(report: GateReport) -> dict[str, Any]:
    """The report as plain data, floats rounded."""
    return {
        "runbook": report.runbook,
        "stage": report.stage,
        "verdict": report.verdict.value,
        "reasons": list(report.reasons),
        "criteria": [_flat(criterion) for criterion in report.criteria],
        "tasks": [_flat(task) for task in report.tasks],
        "evidence": [_flat(use) for use in report.evidence],
        "confidence": _rounded(report.confidence),
        "seed": report.seed,
        "notes": list(report.notes),
    }


def gate_json(report: GateReport) -> bytes:
    """The canonical bytes; their sha256 goes into records."""
    return (json.dumps(gate_data(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_gate(data: bytes) -> GateReport:
    """A report from its JSON.

    Raises:
        ValueError: it is not a report.
    """
    try:
        plain = json.loads(data)
        return GateReport(
            runbook=plain["runbook"],
            stage=plain["stage"],
            verdict=Verdict(plain["verdict"]),
            reasons=tuple(plain["reasons"]),
            criteria=tuple(Criterion(**{**one, "verdict": Verdict(one["verdict"])}) for one in plain["criteria"]),
            tasks=tuple(TaskResult(**one) for one in plain["tasks"]),
            evidence=tuple(EvidenceUse(**one) for one in plain["evidence"]),
            confidence=plain["confidence"],
            seed=plain["seed"],
            notes=tuple(plain["notes"]),
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"not a gate report: {problem}") from None


def _flat(value: Criterion | TaskResult | EvidenceUse) -> dict[str, Any]:
    return {item.name: _rounded(getattr(value, item.name)) for item in fields(value)}


def _rounded(value: object) -> object:
    if isinstance(value, Verdict):
        return value.value
    if isinstance(value, float):
        rounded = float(f"{value:.{DIGITS}g}")
        # no minus zero: it says nothing and would be another byte
        return rounded + 0.0 if rounded else 0.0
    return value
