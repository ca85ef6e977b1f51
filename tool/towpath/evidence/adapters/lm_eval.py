"""lm-evaluation-harness with `--log_samples`; tested with 0.4.13.

A run is `results_<time>.json` and one `samples_<task>_<time>.jsonl` for each task.

Traps of the format, each handled below:

* A samples file names neither model nor task: the task is in its name, the model in the results file of the same time.
* With several filters a document has several lines; the suite says which one counts (`score_from: exact_match,strict`).
* `doc_id` is only a place in the task; pairs are made by the document's own id, else by its hash.
* One document may be in several tasks, so ids carry the task.
* A model may have no name but a random word; what it was called with tells the models apart.
* Latency, tokens and errors of single answers are not kept: criteria on them have no data.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from towpath.evidence.adapters.generic_rows import MalformedRow, rows_of
from towpath.evidence.adapters.lm_eval_runs import EXPECTS, Run, run_of, run_of_samples
from towpath.evidence.fields import flat, table_of, value_at
from towpath.evidence.results import Answer, Samples
from towpath.evidence.values import ValueProblem, identifier, is_empty, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.evidence.results import Field, Options, ResultFile

NAME = "lm-eval"
__all__ = ["EXPECTS", "NAME", "fields", "read", "recognises"]

ID_HABITS = ("doc.id", "doc_hash")
_SAMPLES = re.compile(r"samples_(?P<task>.+)_(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)\.jsonl")
_RESULTS = re.compile(r"results_(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)\.json")
_BEGINNING = 200_000

Row = dict[str, Any]


def recognises(file: ResultFile, options: Options) -> bool:
    """Whether name and beginning are those of a results or a samples file."""
    name, head = PurePosixPath(file.name).name, file.data[:_BEGINNING]
    if _RESULTS.fullmatch(name):
        return head.lstrip().startswith(b"{") and b'"results"' in head
    return _SAMPLES.fullmatch(name) is not None and b'"doc_id"' in head and b'"filter"' in head


def fields(file: ResultFile, options: Options) -> tuple[Field, ...]:
    """The fields of the lines; none of a results file."""
    if _results_time(file):
        return ()
    rows = [row for _, row in _rows(file)]
    names = {str(name) for row in rows for name in row.get("metrics") or ()}
    metric, _ = _wanted(options)
    read_as = {
        _id_at(options, rows): "example id",
        options.task_from or "task (in the file's name)": "task",
        "model (in the results file)": "model",
        **{name: "score" if name == metric or len(names) == 1 else "score by its own name" for name in sorted(names)},
        "filter": "filter",
    }
    return table_of((flat(row) for row in rows), read_as)


def read(file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
    """All answers of a samples file; none of a results file.

    Args:
        beside: the other files of the import; the results file of the same time must be there.

    Raises:
        EvidenceRefused: no samples or results file, its run is not beside it, several filters and none chosen, a line
            without id or score, or totals that the lines do not give.
    """
    time = _results_time(file)
    if time:
        run = run_of(file, time)
        lone = not any(_samples_of(other, time) for other in beside)
        if lone:
            file.refuse(
                "has no samples file beside it", "run lm_eval with --log_samples, and import its files together"
            )
        return _samples(file, run, ())
    found = _SAMPLES.fullmatch(PurePosixPath(file.name).name)
    if found is None:
        file.refuse("is not named like a file of lm-eval", EXPECTS)
    run = run_of_samples(file, found["time"], [other for other in beside if _results_time(other) == found["time"]])
    rows = list(_rows(file))
    chosen = _one_filter(file, rows, options)
    run.check_totals(file, found["task"], [row for _, row in chosen])
    id_at = _id_at(options, [row for _, row in chosen])
    answers = []
    for where, row in chosen:
        try:
            answers.append(_answer(row, options, id_at, found["task"], run, where))
        except ValueProblem as problem:
            file.refuse(
                str(problem), "look at the fields with --preview; suites say id_from, task_from, score_from", where
            )
    return _samples(file, run, tuple(answers))


def _samples(file: ResultFile, run: Run, answers: tuple[Answer, ...]) -> Samples:
    measured = datetime.fromtimestamp(run.date, UTC)
    return Samples(file=file, tool=NAME, tool_version=run.version, measured_at=measured, answers=answers)


def _results_time(file: ResultFile) -> str:
    found = _RESULTS.fullmatch(PurePosixPath(file.name).name)
    return found["time"] if found else ""


def _samples_of(file: ResultFile, time: str) -> bool:
    found = _SAMPLES.fullmatch(PurePosixPath(file.name).name)
    return found is not None and found["time"] == time


def _rows(file: ResultFile) -> list[tuple[str, Row]]:
    try:
        rows = list(rows_of(file.data))
    except MalformedRow as problem:
        file.refuse(str(problem), EXPECTS, problem.where)
    if not rows or not all("doc_id" in row and "filter" in row for _, row in rows):
        file.refuse("has no lines with doc_id and filter: nothing was logged", EXPECTS)
    return rows


def _wanted(options: Options) -> tuple[str, str]:
    """Metric and filter that the suite names, as lm-eval writes them: `exact_match,strict-match`."""
    metric, _, chosen = options.score_from.partition(",")
    return metric.strip(), chosen.strip()


def _one_filter(file: ResultFile, rows: list[tuple[str, Row]], options: Options) -> list[tuple[str, Row]]:
    _, wanted = _wanted(options)
    known = list(dict.fromkeys(str(row["filter"]) for _, row in rows))
    if wanted and wanted not in known:
        file.refuse(f"has no filter {wanted!r}", f"it has: {', '.join(known)}")
    if not wanted and len(known) > 1:
        file.refuse(
            f"has the filters {', '.join(known)}, each with a score of its own",
            f"say in the suite which one counts: score_from: METRIC,{known[0]}",
        )
    return [(where, row) for where, row in rows if row["filter"] == (wanted or known[0])]


def _id_at(options: Options, rows: list[Row]) -> str:
    usual = (place for place in ID_HABITS if all(not is_empty(value_at(row, place)) for row in rows))
    return options.id_from or next(usual, ID_HABITS[0])


def _answer(row: Row, options: Options, id_at: str, lm_task: str, run: Run, where: str) -> Answer:
    own = identifier(value_at(row, id_at), f"example id at {id_at}")
    names = row.get("metrics")
    if not isinstance(names, list) or not names:
        raise ValueProblem("names no metrics")
    scores = {str(name): number(row.get(name), str(name)) for name in names}
    metric, _ = _wanted(options)
    if metric and metric not in scores:
        raise ValueProblem(f"there is no metric {metric!r}; there are {', '.join(scores)}")
    if metric or len(scores) == 1:
        scores["score"] = scores[metric or next(iter(scores))]
    task_at = options.task_from
    return Answer(
        where=where,
        example=own if options.id_from else f"{lm_task}/{own}",
        task=identifier(value_at(row, task_at), f"task at {task_at}") if task_at else lm_task,
        model=run.model,
        names=run.names,
        scores=scores,
    )
