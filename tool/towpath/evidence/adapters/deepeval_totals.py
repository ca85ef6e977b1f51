"""The totals that DeepEval writes beside its cases, against the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from towpath.evidence.values import shortened

if TYPE_CHECKING:
    from towpath.evidence.results import ResultFile

Row = dict[str, Any]


def check_totals(file: ResultFile, document: dict[str, Any], cases: list[Row]) -> None:
    """Compares the numbers of passed and failed cases, and each metric's scores, with the cases.

    Raises:
        EvidenceRefused: there are no totals, or they are not what the cases give.
    """
    passed = sum(case.get("success") is True for case in cases)
    for name, counted in (("testPassed", passed), ("testFailed", len(cases) - passed)):
        if document.get(name) != counted:
            _disagree(file, name, document.get(name), counted)
    totals = document.get("metricsScores")
    for index, total in enumerate(totals if isinstance(totals, list) else []):
        if not isinstance(total, dict):
            continue
        own = [
            metric
            for case in cases
            for metric in case.get("metricsData") or ()
            if isinstance(metric, dict) and metric.get("name") == total.get("metric")
        ]
        where = f"metricsScores[{index}]"
        scores = [metric["score"] for metric in own if metric.get("score") is not None]
        if total.get("scores") != scores:
            _disagree(file, f"{where}.scores", total.get("scores"), shortened(scores))
        errors = sum(metric.get("score") is None for metric in own)
        if total.get("errors") != errors:
            _disagree(file, f"{where}.errors", total.get("errors"), errors)


def _disagree(file: ResultFile, where: str, said: object, counted: object) -> None:
    file.refuse(
        f"says {where} = {shortened(said)}, and its test cases give {counted}",
        "cases are missing or were changed; use the file as DeepEval wrote it",
    )
