"""The totals that Inspect writes beside its samples, against the samples.

A log that was filtered or edited keeps its totals; so they are the proof that all samples are there.
"""

from __future__ import annotations

from math import fsum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from towpath.evidence.values import ValueProblem, number, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from towpath.evidence.results import ResultFile

GRADES: Mapping[str, float] = MappingProxyType({"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0})
"""Letters of Inspect's scorers: correct, partially correct, incorrect, no answer."""

_TOLERANCE = 1e-6

Row = dict[str, Any]


def check_totals(file: ResultFile, document: dict[str, Any], rows: list[Row]) -> None:
    """Compares `results.total_samples`, `completed_samples` and each plain mean with the samples.

    Raises:
        EvidenceRefused: there are no totals, or they are not what the samples give.
    """
    results = document.get("results")
    if not isinstance(results, dict):
        file.refuse("has no results to compare its samples with", "the log may be cut off; write it again")
    finished = sum(row.get("error") is None for row in rows)
    for name, counted in (("total_samples", len(rows)), ("completed_samples", finished)):
        if results.get(name) != counted:
            _disagree(file, f"results.{name}", results.get(name), counted)
    scores = results.get("scores")
    for index, score in enumerate(scores if isinstance(scores, list) else []):
        said = _plain_mean(score)
        mean = None if said is None else _mean(rows, str(score.get("name")))
        if said is not None and mean is not None and abs(said - mean) > _TOLERANCE:
            _disagree(file, f"results.scores[{index}].metrics.mean", said, round(mean, 6))


def _plain_mean(score: object) -> float | None:
    """The mean of a score whose epochs were averaged, None where it is made in another way."""
    if not isinstance(score, dict) or score.get("reducer") not in (None, "mean"):
        return None
    metrics = score.get("metrics")
    mean = metrics.get("mean") if isinstance(metrics, dict) else None
    value = mean.get("value") if isinstance(mean, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _mean(rows: list[Row], scorer: str) -> float | None:
    """Over examples, of their means over epochs; what has no score is left out, as Inspect does."""
    by_id: dict[str, list[float]] = {}
    for row in rows:
        scores = row.get("scores")
        score = scores.get(scorer) if isinstance(scores, dict) and row.get("error") is None else None
        value = score.get("value") if isinstance(score, dict) else None
        if value is None:
            continue
        try:
            by_id.setdefault(str(row.get("id")), []).append(
                GRADES[value] if isinstance(value, str) and value in GRADES else number(value, "score")
            )
        except ValueProblem:
            return None  # reading the row says what is wrong with it
    means = [fsum(values) / len(values) for values in by_id.values()]
    return fsum(means) / len(means) if means else None


def _disagree(file: ResultFile, where: str, said: object, counted: float) -> None:
    file.refuse(
        f"says {where} = {shortened(said)}, and its samples give {counted}",
        "samples are missing or were changed; use the log as Inspect wrote it",
    )
