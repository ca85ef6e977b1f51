"""promptfoo's JSON results (`promptfoo eval -o results.json`), results version 3; tested with 0.121.20.

Traps of the format, each handled below:

* `error` is also filled when an assertion failed; only `failureReason` 2 is an error of the call.
* `id` is new in every run; pairs are made by an id of the test case (`metadata.id`, `vars.id` unless the suite says).
* The order of rows depends on concurrency; nothing is taken from it.
* A cached answer has the latency of the cache; it is left out. So is a `cost` of 0, which means unknown.
* With several prompts per provider a model stands there once per prompt; `promptfoo_models.py` keeps them apart.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from towpath.evidence.adapters.promptfoo_models import Models
from towpath.evidence.adapters.promptfoo_totals import check_totals
from towpath.evidence.failures import failure_class
from towpath.evidence.fields import flat, table_of, value_at
from towpath.evidence.results import Answer, Options, Samples
from towpath.evidence.values import (
    ValueProblem,
    amount,
    count,
    error_text,
    identifier,
    is_empty,
    moment,
    number,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from towpath.evidence.results import Field, ResultFile

NAME = "promptfoo"
EXPECTS = "promptfoo: the JSON file of `promptfoo eval -o results.json` (not its .jsonl, .csv or .yaml)"

ID_HABITS = ("metadata.id", "vars.id")
TASK_HABITS = ("metadata.task", "vars.task")
_VERSIONS = (3, 4)
_NONE, _ASSERTION, _ERROR = 0, 1, 2
_BEGINNING = 200_000

Row = dict[str, Any]


def recognises(file: ResultFile, options: Options) -> bool:
    """Whether the file begins as promptfoo's JSON output does."""
    head = file.data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and bool(
        re.search(rb'"results"\s*:\s*\{', head)
        and re.search(rb'"(evalId|promptId|promptIdx|failureReason|testIdx)"\s*:', head)
    )


def fields(file: ResultFile, options: Options) -> tuple[Field, ...]:
    """The fields of the result rows."""
    rows = [_readable(row) for row in _rows(file, _document(file))]
    read_as = {
        options.id_from or _habit(rows, ID_HABITS): "example id",
        options.task_from or _habit(rows, TASK_HABITS): "task",
        options.score_from or "score": "score",
        "provider.label": "model",
        "provider.id": "model",
        "metadata.cluster": "cluster",
        "metadata.tags": "tags",
        "failureReason": "error (2), failed assertion (1)",
        "latencyMs": "latency, unless cached",
        "response.cached": "whether cached",
        "response.tokenUsage.prompt": "input tokens",
        "response.tokenUsage.completion": "output tokens",
        "response.tokenUsage.completionDetails.cacheReadInputTokens": "cached tokens",
        "response.isRefusal": "refusal",
        "cost": "cost, unless 0",
    }
    return table_of((flat(row) for row in rows), read_as)


def read(file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
    """All answers of the file.

    Raises:
        EvidenceRefused: not promptfoo's JSON, of another version, cut off, a row without id, task or score, or totals
            that the rows do not give.
    """
    document = _document(file)
    rows = _rows(file, document)
    check_totals(file, document["results"], rows)
    readable = [_readable(row) for row in rows]
    chosen = Options(
        id_from=options.id_from or _habit(readable, ID_HABITS),
        task_from=options.task_from or _habit(readable, TASK_HABITS),
        score_from=options.score_from or "score",
    )
    models = Models.of(rows)
    answers = []
    for index, (row, values) in enumerate(zip(rows, readable, strict=True)):
        where = f"results[{index}]"
        try:
            answers.append(_answer(row, values, chosen, models, where))
        except ValueProblem as problem:
            file.refuse(
                str(problem), "look at the fields with --preview; suites say id_from, task_from, score_from", where
            )
    version = value_at(document, "metadata.promptfooVersion")
    return Samples(
        file=file,
        tool=NAME,
        tool_version=version if isinstance(version, str) else "",
        measured_at=_measured_at(file, document),
        answers=tuple(_with_repeats(document, rows, answers)),
    )


def _document(file: ResultFile) -> dict[str, Any]:
    def refuse(constant: str) -> float:
        file.refuse(f"{constant} is not a number", "a score could not be computed; look for it in the file")

    try:
        document = json.loads(file.data.decode("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as problem:
        file.refuse(f"is not UTF-8 at byte {problem.start}")
    except (json.JSONDecodeError, RecursionError) as problem:
        file.refuse(f"is not JSON: {problem}", "the file may be cut off; write it again with promptfoo eval -o")
    if not isinstance(document, dict) or not isinstance(document.get("results"), dict):
        file.refuse("is not promptfoo's JSON output", EXPECTS)
    version = document["results"].get("version")
    if version not in _VERSIONS:
        file.refuse(
            f"has results version {version!r}; this adapter reads version 3", "run it with a promptfoo of 2025 or later"
        )
    return document


def _rows(file: ResultFile, document: dict[str, Any]) -> list[Row]:
    rows = document["results"].get("results")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        file.refuse("has no list of results", EXPECTS)
    if not rows:
        file.refuse("has no results: nothing was evaluated", "look at the filters of promptfoo eval")
    return rows


def _readable(row: Row) -> Row:
    """A row with the fields where suites name them: `metadata` and `vars` are those of the test case."""
    case = _inner(row, "testCase")
    variables = _inner(row, "vars") or _inner(case, "vars")
    kept = ("score", "success", "namedScores", "provider", "prompt", "failureReason", "latencyMs", "response", "cost")
    return {
        "description": case.get("description"),
        "metadata": _inner(case, "metadata"),
        "vars": variables,
        **{key: row[key] for key in kept if key in row},
    }


def _habit(rows: list[Row], habits: Iterable[str]) -> str:
    """The first of the usual places that every row has; the first one when none is, so that the error names it."""
    first, *others = habits
    return next((place for place in (first, *others) if all(not is_empty(value_at(row, place)) for row in rows)), first)


def _answer(row: Row, values: Row, options: Options, models: Models, where: str) -> Answer:
    reason, response = row.get("failureReason"), row.get("response") or {}
    if reason not in (_NONE, _ASSERTION, _ERROR) or not isinstance(response, dict):
        raise ValueProblem("has no failureReason, so errors cannot be told from wrong answers; run a newer promptfoo")
    if row.get("success") is True and reason != _NONE:
        raise ValueProblem(f"success is {row.get('success')} although failureReason is {reason}")
    failed = reason == _ERROR
    usage = _inner(response, "tokenUsage")
    model, names = models.of_row(row)
    cached = response.get("cached") is True
    return Answer(
        where=where,
        example=identifier(value_at(values, options.id_from), f"example id at {options.id_from}"),
        task=identifier(value_at(values, options.task_from), f"task at {options.task_from}"),
        model=model,
        names=names,
        scores={} if failed else _scores(values, options.score_from),
        error=failure_class(error_text(row.get("error")) or "error") if failed else "",
        cluster=_optional_id(value_at(values, "metadata.cluster")),
        latency_ms=None if cached or failed else amount(row.get("latencyMs"), "latencyMs"),
        input_tokens=count(usage.get("prompt"), "tokenUsage.prompt") or None,
        output_tokens=None if not usage.get("prompt") else count(usage.get("completion"), "tokenUsage.completion"),
        cached_tokens=count(value_at(usage, "completionDetails.cacheReadInputTokens"), "cacheReadInputTokens") or None,
        cost_usd=amount(row.get("cost"), "cost") or None,
        refusal=response.get("isRefusal") if isinstance(response.get("isRefusal"), bool) else None,
        tags=texts(value_at(values, "metadata.tags")),
    )


def _scores(values: Row, score_from: str) -> dict[str, float]:
    """Every named score by its name, and as `score` the one the suite wants."""
    found: dict[str, float] = {}
    refusal = value_at(values, "response.isRefusal")
    if isinstance(refusal, bool):
        found["refusal"] = float(refusal)
    named = values.get("namedScores")
    for name, value in (named if isinstance(named, dict) else {}).items():
        found[str(name)] = number(value, f"namedScores.{name}")
    wanted = value_at(values, score_from)
    if is_empty(wanted):
        raise ValueProblem(f"there is no score at {score_from}")
    found["score"] = number(wanted, score_from)
    return found


def _inner(row: Row, key: str) -> Row:
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def _optional_id(value: object) -> str:
    return "" if is_empty(value) else identifier(value, "cluster")


def _measured_at(file: ResultFile, document: dict[str, Any]) -> datetime:
    said = [
        value
        for place in ("results.timestamp", "metadata.evaluationCreatedAt")
        if not is_empty(value := value_at(document, place))
    ]
    if not said:
        file.refuse("does not say when it was measured: there is no results.timestamp")
    try:
        return min(moment(value, "results.timestamp") for value in said)
    except ValueProblem as problem:
        file.refuse(str(problem))


def _with_repeats(document: Mapping[str, object], rows: list[Row], answers: list[Answer]) -> Iterator[Answer]:
    """Numbers the repeats of `--repeat`: the same test case again, under another `testIdx` (or, in versions that keep
    it, another random id).

    Only as many as the file declares are repeats; what comes on top stays a duplicate and is refused later. The order
    of rows depends on concurrency and is not used; any order by score would pair the arms' lucky repeats.
    """
    places = ("runtimeOptions.repeat", "config.evaluateOptions.repeat", "config.commandLineOptions.repeat")
    said = (value_at(document, place) for place in places)
    declared = max((value for value in said if isinstance(value, int)), default=1)
    order = sorted(
        range(len(rows)), key=lambda index: (str(rows[index].get("testIdx")).zfill(9), str(rows[index].get("id")))
    )
    seen: dict[tuple[str, str], int] = {}
    repeats: dict[int, int] = {}
    for index in order:
        key = (answers[index].model, answers[index].example)
        repeats[index] = min(seen.get(key, 0), max(0, declared - 1))
        seen[key] = seen.get(key, 0) + 1
    return (replace(answer, repeat=repeats[index]) for index, answer in enumerate(answers))
