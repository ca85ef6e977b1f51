"""DeepEval's test runs (`DEEPEVAL_RESULTS_FOLDER`), one file per model; tested with 4.3.1.

Traps of the format, each handled below:

* A metric that failed has no score at all; the other metrics of the case have theirs.
* A case's `success` is about thresholds of all metrics together; only a metric's own score is read.
* `runDuration` is the time of grading; the model's is `completionTime`, where the caller measured it.
* Without names the cases are `test_case_0`, `test_case_1`, ..., which pairs nothing when a case was added.
* No time stands in the file; it is said at import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from towpath.evidence.adapters.deepeval_totals import check_totals
from towpath.evidence.failures import failure_class
from towpath.evidence.fields import flat, table_of, value_at
from towpath.evidence.json_document import json_document
from towpath.evidence.results import Answer, Samples
from towpath.evidence.values import ValueProblem, amount, identifier, is_empty, number, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.evidence.results import Field, Options, ResultFile

NAME = "deepeval"
EXPECTS = "deepeval: the test_run_<time>.json of DeepEval, with hyperparameters={'model': ...}"

ID_HABITS = ("metadata.example_id", "metadata.id", "name")
TASK_HABITS = ("metadata.task",)
_UNNAMED = re.compile(r"test_case_\d+")
_BEGINNING = 200_000

Row = dict[str, Any]


def recognises(file: ResultFile, options: Options) -> bool:
    """Whether the file begins as DeepEval's test runs do."""
    head = file.data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"testCases"' in head and b'"metricsData"' in head


def fields(file: ResultFile, options: Options) -> tuple[Field, ...]:
    """The fields of the test cases."""
    document = _document(file)
    rows = [_readable(row) for row in _cases(file, document)]
    chosen = _chosen(options, rows)
    read_as = {
        _place(options.id_from, rows, ID_HABITS): "example id",
        _place(options.task_from, rows, TASK_HABITS): "task",
        "hyperparameters.model": "model",
        **{f"metrics.{name}": "score" if name == chosen else "score by its own name" for name in _metric_names(rows)},
        "errors": "error of a metric",
        "metadata.cluster": "cluster",
        "tags": "tags",
        "completionTime": "latency, seconds",
        "tokenCost": "cost, unless 0",
    }
    return table_of((flat(row) for row in rows), read_as)


def read(file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
    """All answers of the file.

    Raises:
        EvidenceRefused: not DeepEval's, no model, conversations, a case without id, task or score, or totals that the
            cases do not give.
    """
    document = _document(file)
    cases = _cases(file, document)
    check_totals(file, document, cases)
    rows = [_readable(row) for row in cases]
    model = value_at(document, "hyperparameters.model")
    if not isinstance(model, str) or not model.strip():
        file.refuse(
            "does not say which model answered: there is no hyperparameters.model",
            "run it with evaluate(..., hyperparameters={'model': NAME})",
        )
    id_at, task_at = _place(options.id_from, rows, ID_HABITS), _place(options.task_from, rows, TASK_HABITS)
    chosen = _chosen(options, rows)
    answers = []
    for index, row in enumerate(rows):
        where = f"testCases[{index}]"
        try:
            answers.append(_answer(row, id_at, task_at, chosen, model.strip(), where))
        except ValueProblem as problem:
            file.refuse(
                str(problem), "look at the fields with --preview; suites say id_from, task_from, score_from", where
            )
    return Samples(file=file, tool=NAME, tool_version="", measured_at=None, answers=tuple(answers))


def _document(file: ResultFile) -> dict[str, Any]:
    document = json_document(file, EXPECTS)
    if not isinstance(document.get("testCases"), list):
        file.refuse("is no test run of DeepEval", EXPECTS)
    if document.get("conversationalTestCases"):
        file.refuse(
            "has conversational test cases, which are not read",
            "export one row per judged answer as generic JSON Lines",
        )
    return document


def _cases(file: ResultFile, document: dict[str, Any]) -> list[Row]:
    cases: list[Row] = document["testCases"]
    if not cases or not all(isinstance(case, dict) for case in cases):
        file.refuse("has no test cases: nothing was evaluated", EXPECTS)
    return cases


def _readable(case: Row) -> Row:
    """A test case with each metric's score under `metrics`, by its name, and its failure under `errors`."""
    kept = ("name", "tags", "metadata", "completionTime", "tokenCost", "success")
    metrics, errors = {}, {}
    for metric in case.get("metricsData") or ():
        if isinstance(metric, dict) and isinstance(metric.get("name"), str):
            metrics[metric["name"]] = metric.get("score")
            if metric.get("error"):
                errors[metric["name"]] = str(metric["error"])
    return {**{key: case[key] for key in kept if key in case}, "metrics": metrics, "errors": errors}


def _metric_names(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row["metrics"]))


def _chosen(options: Options, rows: list[Row]) -> str:
    """The metric whose score is `score`: the one the suite names, else the only one."""
    known = _metric_names(rows)
    if options.score_from:
        return options.score_from.removeprefix("metrics.")
    return known[0] if len(known) == 1 else ""


def _place(said: str, rows: list[Row], habits: tuple[str, ...]) -> str:
    """Where the suite says, or the first of the usual places that every row has."""
    usual = (place for place in habits if all(not is_empty(value_at(row, place)) for row in rows))
    return said or next(usual, habits[0])


def _answer(row: Row, id_at: str, task_at: str, chosen: str, model: str, where: str) -> Answer:
    example = identifier(value_at(row, id_at), f"example id at {id_at}")
    if _UNNAMED.fullmatch(example):
        raise ValueProblem(f"the example is called {example}, which is only its place; give test cases names")
    if chosen and chosen not in row["metrics"]:
        raise ValueProblem(f"there is no metric {chosen!r}; there are {', '.join(row['metrics']) or 'none'}")
    if not row["metrics"]:
        raise ValueProblem("has no metrics")
    scores = {name: number(value, name) for name, value in row["metrics"].items() if value is not None}
    # with one metric chosen, another one's failure is no matter of this answer
    missing = chosen not in scores if chosen else len(scores) < len(row["metrics"])
    if chosen and not missing:
        scores["score"] = scores[chosen]
    failure = row["errors"].get(chosen) or next(iter(row["errors"].values()), "")
    seconds = amount(row.get("completionTime"), "completionTime")
    return Answer(
        where=where,
        example=example,
        task=identifier(value_at(row, task_at), f"task at {task_at}"),
        model=model,
        names=frozenset({model}),
        scores={} if missing else scores,
        error="" if not missing else failure_class(failure) if failure else "unscored",
        cluster="" if is_empty(found := value_at(row, "metadata.cluster")) else identifier(found, "cluster"),
        latency_ms=None if seconds is None else round(seconds * 1000, 3),
        cost_usd=amount(row.get("tokenCost"), "tokenCost") or None,
        tags=texts(row.get("tags")),
    )
