"""The totals that promptfoo writes beside its rows, against the rows.

A file that was cut, filtered or edited by hand keeps its totals; so they are the proof that all rows are there.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from towpath.evidence.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from towpath.evidence.results import ResultFile

_STATS = {"successes": "passed", "failures": "failed", "errors": "error"}
_METRICS = {"testPassCount": "passed", "testFailCount": "failed", "testErrorCount": "error"}
_TOLERANCE = 1e-6

Row = dict[str, Any]


def check_totals(file: ResultFile, results: dict[str, Any], rows: list[Row]) -> None:
    """Compares `results.stats` and the metrics of each prompt with the rows.

    Raises:
        EvidenceRefused: there are no totals, or they are not what the rows give.
    """
    stats = results.get("stats")
    if not isinstance(stats, dict):
        file.refuse("has no results.stats to compare its rows with", "the file may be cut off; write it again")
    _compare(file, "results.stats", {key: stats.get(key) for key in _STATS}, _counted(rows, _STATS))
    prompts = results.get("prompts")
    for index, prompt in enumerate(prompts if isinstance(prompts, list) else []):
        metrics = prompt.get("metrics") if isinstance(prompt, dict) else None
        if not isinstance(metrics, dict):
            continue
        own = [row for row in rows if row.get("promptIdx") == index]
        where = f"results.prompts[{index}].metrics"
        _compare(file, where, {key: metrics.get(key) for key in _METRICS}, _counted(own, _METRICS))
        said, summed = metrics.get("score"), sum(_score(row) for row in own)
        if isinstance(said, int | float) and abs(said - summed) > _TOLERANCE * max(1, len(own)):
            _disagree(file, f"{where}.score", said, round(summed, 6))


def _counted(rows: Iterable[Row], names: dict[str, str]) -> dict[str, int]:
    outcomes = Counter(
        "error" if row.get("failureReason") == 2 else "passed" if row.get("success") is True else "failed"
        for row in rows
    )
    return {name: outcomes[outcome] for name, outcome in names.items()}


def _score(row: Row) -> float:
    score = row.get("score")
    return float(score) if isinstance(score, int | float) else 0.0


def _compare(file: ResultFile, where: str, said: dict[str, object], counted: dict[str, int]) -> None:
    for name, number in counted.items():
        if said[name] != number:
            _disagree(file, f"{where}.{name}", said[name], number)


def _disagree(file: ResultFile, where: str, said: object, counted: float) -> None:
    file.refuse(
        f"says {where} = {shortened(said)}, and its rows give {counted}",
        "rows are missing or were changed; use the file as promptfoo wrote it",
    )
