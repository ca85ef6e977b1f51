"""Totals that the rows do not give: rows were lost, added or changed."""

from __future__ import annotations

from typing import Any

import pytest

from support.result_files import PROMPTFOO, promptfoo, row
from towpath.evidence.adapters.promptfoo import read
from towpath.model.errors import EvidenceRefused


def _turned(document: dict[str, Any]) -> None:
    """A wrong answer made right by hand."""
    row(document, "refund-01", "new-model").update(failureReason=0, success=True)


def _improved(document: dict[str, Any]) -> None:
    row(document, "refund-01", "new-model").update(score=0.75)


def _swapped(document: dict[str, Any]) -> None:
    """A success given to the other model: the sums over both stay."""
    row(document, "refund-01", "old-model")["promptIdx"] = 1
    row(document, "refund-01", "new-model")["promptIdx"] = 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d["results"]["results"].pop(0), r"results.stats.failures = 9, and its rows give 8"),
        (
            lambda d: d["results"]["results"].append(d["results"]["results"][0]),
            r"results.stats.failures = 9, .* give 10",
        ),
        (_turned, r"results.stats.successes = 22, and its rows give 23"),
        (_improved, r"results.prompts\[1\].metrics.score = 10.5, and its rows give 11"),
        (_swapped, r"results.prompts\[0\].metrics.testPassCount = 13, and its rows give 12"),
        (lambda d: d["results"].pop("stats"), "has no results.stats"),
        (lambda d: d["results"]["stats"].pop("errors"), "results.stats.errors = null, and its rows give 1"),
    ],
)
def test_totals_that_disagree_are_refused(change: Any, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(promptfoo(change), PROMPTFOO)
