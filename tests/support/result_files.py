"""Real result files of evaluation tools, and ways to change one thing in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from towpath.evidence.results import Options, ResultFile

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[1] / "data" / "evidence"
PROMPTFOO = Options(id_from="metadata.example_id", task_from="metadata.task", score_from="namedScores.exact")
PLAIN = Options()

_REAL: dict[str, Any] = json.loads((DATA / "promptfoo" / "results.json").read_bytes())


def real(name: str) -> ResultFile:
    """A file of tests/data/evidence as it is."""
    return ResultFile(name=name, data=(DATA / name).read_bytes())


def promptfoo(change: Callable[[dict[str, Any]], object] | None = None) -> ResultFile:
    """The real promptfoo file, after one change of its document."""
    document = copy.deepcopy(_REAL)
    if change:
        change(document)
    return ResultFile(name="results.json", data=json.dumps(document).encode())


def row(document: dict[str, Any], example: str, model: str) -> dict[str, Any]:
    """One result row of a promptfoo document."""
    return next(
        item
        for item in document["results"]["results"]
        if item["vars"]["id"] == example and item["provider"]["label"] == model
    )


def csv(*lines: str, header: str = "example_id,task,model,score") -> ResultFile:
    """A generic CSV file."""
    return ResultFile(name="results.csv", data="\n".join([header, *lines, ""]).encode())


def jsonl(*rows: dict[str, object]) -> ResultFile:
    """A generic JSON Lines file."""
    return ResultFile(name="results.jsonl", data="".join(json.dumps(item) + "\n" for item in rows).encode())
