"""Generic results: CSV with a header line, or JSON Lines; one row per answer, and per metric where there are several.

Columns: `example_id, task, model, score`, and where known `metric, cluster, repeat, latency_ms, input_tokens,
output_tokens, cached_tokens, cost_usd, refusal, error, tags, measured_at`. A suite may name other columns with
`id_from`, `task_from` and `score_from`; in JSON Lines these may be dotted (`metadata.id`). When the answers were
measured is in the column `measured_at` or is said at import; a file's own date is not believed, since copying and
checking out change it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from towpath.document.suggest import closest
from towpath.evidence.adapters.generic_rows import MalformedRow, rows_of
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
    shortened,
    texts,
    truth,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from towpath.evidence.results import Field, ResultFile

NAME = "generic"
EXPECTS = "generic: CSV with the header example_id,task,model,score or JSON Lines with these keys"

OPTIONAL = (
    "metric",
    "cluster",
    "repeat",
    "latency_ms",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cost_usd",
    "refusal",
    "error",
    "tags",
    "measured_at",
)
_BEGINNING = 64_000

Row = dict[str, Any]


def recognises(file: ResultFile, options: Options) -> bool:
    """Whether the first row has the columns for example, task and model."""
    head = file.data[:_BEGINNING]
    try:
        first = next(iter(rows_of(head if head == file.data else head[: head.rfind(b"\n") + 1])), None)
    except MalformedRow:
        return False
    wanted = [place for place, use in _used(options).items() if use in ("example id", "task", "model")]
    return first is not None and all(_has(first[1], place) for place in wanted)


def fields(file: ResultFile, options: Options) -> tuple[Field, ...]:
    """The columns of the file."""
    optional = {name: name.replace("_", " ") for name in OPTIONAL}
    try:
        rows = [row for _, row in rows_of(file.data)]
    except MalformedRow as problem:
        file.refuse(str(problem), EXPECTS, problem.where)
    here = {name for row in rows for name, _ in flat(row)}
    used = {**_used(options), **{name: use for name, use in optional.items() if name in here}}
    return table_of((flat(row) for row in rows), used)


def read(file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
    """All answers of the file.

    Raises:
        EvidenceRefused: a row that cannot be read, names the line.
    """
    answers: list[Answer] = []
    times: set[object] = set()
    columns: set[str] = set()
    where = ""
    try:
        for where, row in rows_of(file.data):
            # a failed answer in JSON Lines may lack the score; that there is one or the other is checked row by row
            wanted = [place for place, use in _used(options).items() if use != "score" or not row.get("error")]
            if not columns and (missing := [place for place in wanted if not _has(row, place)]):
                raise ValueProblem(f"there is no column {missing[0]}; there are {', '.join(map(shortened, row))}")
            columns.update(row)
            answers.append(_answer(row, options, where))
            if not is_empty(row.get("measured_at")):
                times.add(row["measured_at"])
        measured = _measured_at(times)
    except MalformedRow as problem:
        file.refuse(str(problem), EXPECTS, problem.where)
    except ValueProblem as problem:
        file.refuse(
            str(problem), "look at the columns with --preview; suites say id_from, task_from, score_from", where
        )
    if not answers:
        file.refuse("has no rows: nothing was evaluated", EXPECTS)
    return Samples(
        file=file,
        tool=NAME,
        tool_version="",
        measured_at=measured,
        answers=tuple(answers),
        notes=_misspelt(columns, options),
    )


def _used(options: Options) -> dict[str, str]:
    """The columns every file must have, and what each is read as."""
    return {
        options.id_from or "example_id": "example id",
        options.task_from or "task": "task",
        "model": "model",
        options.score_from or "score": "score",
    }


def _has(row: Row, place: str) -> bool:
    return place in row or value_at(row, place) is not None


def _answer(row: Row, options: Options, where: str) -> Answer:
    task_at, id_at, score_at = (
        options.task_from or "task",
        options.id_from or "example_id",
        options.score_from or "score",
    )
    model = identifier(value_at(row, "model"), "model")
    metric = "" if is_empty(row.get("metric")) else identifier(row["metric"], "metric")
    error, refusal = error_text(row.get("error")), truth(row.get("refusal"), "refusal")
    scores: dict[str, float] = {}
    if not error:
        scores = {"refusal": float(refusal)} if refusal is not None and not metric else {}
        value = value_at(row, score_at)
        if is_empty(value):
            raise ValueProblem(f"there is neither a score at {score_at} nor an error")
        scores[metric or "score"] = number(value, score_at)
    return Answer(
        where=where,
        example=identifier(value_at(row, id_at), f"example id at {id_at}"),
        task=identifier(value_at(row, task_at), f"task at {task_at}"),
        model=model,
        names=frozenset({model}),
        scores=scores,
        only_metric=metric,
        repeat=count(row.get("repeat"), "repeat") or 0,
        error=failure_class(error) if error else "",
        cluster="" if is_empty(row.get("cluster")) else identifier(row["cluster"], "cluster"),
        latency_ms=amount(row.get("latency_ms"), "latency_ms"),
        input_tokens=count(row.get("input_tokens"), "input_tokens"),
        output_tokens=count(row.get("output_tokens"), "output_tokens"),
        cached_tokens=count(row.get("cached_tokens"), "cached_tokens"),
        cost_usd=amount(row.get("cost_usd"), "cost_usd"),
        refusal=refusal,
        tags=texts(_unpacked(row.get("tags"))),
    )


def _unpacked(tags: object) -> object:
    """A CSV cell may hold a JSON list."""
    if isinstance(tags, str) and tags.lstrip().startswith("["):
        try:
            return json.loads(tags)
        except ValueError:
            raise ValueProblem("tags is neither a list nor names with commas") from None
    return tags


def _measured_at(times: set[object]) -> datetime | None:
    """The earliest: evidence is as old as its oldest part."""
    return min((moment(value, "measured_at") for value in times), default=None)


def _misspelt(columns: set[str], options: Options) -> tuple[str, ...]:
    known = {*_used(options), *OPTIONAL}
    return tuple(
        f"column {column!r} is not read; did you mean {meant}?"
        for column in sorted(columns - known)
        if (meant := closest(column, known)) and meant not in columns
    )
