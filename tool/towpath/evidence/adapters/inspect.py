"""Inspect's logs, `.json` and `.eval`; tested with inspect-ai 0.3.285. One log holds one model.

Traps of the format, each handled below:

* A sample with an error has no scores and leaves the mean without a word; here it is an errored answer.
* Epochs are repeats of an example; the means of the log are taken after they were averaged.
* Grades are letters: C is 1, P is 0.5, I and N are 0.
* `total_time` holds waiting for rate limits and other samples; `working_time` does not.
* Input tokens are given without those read from the cache; here the cached ones are part of the input.
* A log that was not finished, or that somebody invalidated, looks like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from towpath.evidence.adapters.inspect_archive import MAGIC, log_of
from towpath.evidence.adapters.inspect_totals import GRADES, check_totals
from towpath.evidence.failures import failure_class
from towpath.evidence.fields import flat, table_of, value_at
from towpath.evidence.json_document import json_document
from towpath.evidence.results import Answer, Samples
from towpath.evidence.values import ValueProblem, amount, count, identifier, is_empty, moment, number, texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from towpath.evidence.results import Field, Options, ResultFile

NAME = "inspect"
EXPECTS = "inspect: a finished log of Inspect, .eval or .json, with its samples"

ID_HABIT, TASK_HABIT = "id", "metadata.task"
_BEGINNING = 4_000

Row = dict[str, Any]


def recognises(file: ResultFile, options: Options) -> bool:
    """Whether it is an archive, or begins as Inspect's JSON logs do."""
    if file.data.startswith(MAGIC):
        # a name of the archive's directory, which lies at the end
        return b"header.json" in file.data[-1_000_000:]
    head = file.data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"status"' in head and b'"eval"' in head and b'"eval_id"' in head


def fields(file: ResultFile, options: Options) -> tuple[Field, ...]:
    """The fields of the samples."""
    document = _document(file)
    model = str(value_at(document, "eval.model") or "")
    samples = [_readable(row, model) for row in _samples(file, document)]
    read_as = {
        options.id_from or ID_HABIT: "example id",
        options.task_from or TASK_HABIT: "task",
        "eval.model": "model",
        "epoch": "repeat, from 1",
        **{
            name: "score" if _chosen(options, samples) == name else "score by its own name"
            for name in _score_fields(samples)
        },
        "metadata.cluster": "cluster",
        "metadata.tags": "tags",
        "error.message": "error",
        "working_time": "latency, seconds",
        "usage.input_tokens": "input tokens",
        "usage.output_tokens": "output tokens",
        "usage.input_tokens_cache_read": "cached tokens",
        "usage.total_cost": "cost",
    }
    return table_of((flat(row) for row in samples), read_as)


def read(file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
    """All answers of the log.

    Raises:
        EvidenceRefused: not a finished log, a sample without id, task or score, or totals that the samples do not give.
    """
    document = _document(file)
    rows = _samples(file, document)
    check_totals(file, document, rows)
    model = value_at(document, "eval.model")
    if not isinstance(model, str) or not model:
        file.refuse("does not say which model was evaluated: there is no eval.model", EXPECTS)
    readable = [_readable(row, model) for row in rows]
    chosen = _chosen(options, readable)
    answers = []
    for index, row in enumerate(readable):
        where = f"samples[{index}]"
        try:
            answers.append(_answer(row, options, chosen, model, where))
        except ValueProblem as problem:
            file.refuse(
                str(problem), "look at the fields with --preview; suites say id_from, task_from, score_from", where
            )
    version = value_at(document, "eval.packages.inspect_ai")
    return Samples(
        file=file,
        tool=NAME,
        tool_version=version if isinstance(version, str) else "",
        measured_at=_measured_at(file, document),
        answers=tuple(answers),
    )


def grade(value: object, where: str) -> float:
    """A score's value as a number. Raises ValueProblem: a list or something else that is no grade."""
    if isinstance(value, str) and value in GRADES:
        return GRADES[value]
    return number(value, where)


def _document(file: ResultFile) -> dict[str, Any]:
    archived = file.data.startswith(MAGIC)
    document = log_of(file, EXPECTS) if archived else json_document(file, EXPECTS, nan_is_none=True)
    if not isinstance(document.get("eval"), dict) or "status" not in document:
        file.refuse("is no log of Inspect", EXPECTS)
    if document["status"] != "success":
        file.refuse(f"has the status {str(document['status'])[:40]!r}", "finish the run with: inspect eval-retry")
    if document.get("invalidated"):
        file.refuse("was invalidated", "run the evaluation again")
    return document


def _samples(file: ResultFile, document: dict[str, Any]) -> list[Row]:
    rows = document.get("samples")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        file.refuse("has no samples", "run with --log-samples, and do not read the header alone")
    return rows


def _readable(row: Row, model: str) -> Row:
    """A sample with the fields where suites name them; each scorer's value under `scores`, by its name."""
    usage = row.get("model_usage")
    own = usage.get(model) if isinstance(usage, dict) else None
    kept = ("id", "epoch", "metadata", "error", "working_time", "limit")
    return {
        **{key: row[key] for key in kept if key in row},
        "scores": dict(_values(row.get("scores"))),
        # of a judge's tokens nothing is kept: they are no cost of the model
        "usage": own if isinstance(own, dict) else {},
    }


def _values(scores: object) -> list[tuple[str, object]]:
    """Every score by its scorer's name; a scorer that gives several is `scorer.name`."""
    found: list[tuple[str, object]] = []
    for scorer, score in (scores if isinstance(scores, dict) else {}).items():
        value = score.get("value") if isinstance(score, dict) else None
        if isinstance(value, dict):
            found += [(f"{scorer}.{name}", part) for name, part in value.items()]
        else:
            found.append((str(scorer), value))
    return found


def _score_fields(samples: list[Row]) -> list[str]:
    return sorted({f"scores.{name}" for row in samples for name in row["scores"]})


def _chosen(options: Options, samples: list[Row]) -> str:
    """Which score is `score`: the one the suite names, with or without `scores.`, else the only one."""
    known = _score_fields(samples)
    if options.score_from:
        return options.score_from if options.score_from in known else f"scores.{options.score_from}"
    return known[0] if len(known) == 1 else ""


def _answer(row: Row, options: Options, chosen: str, model: str, where: str) -> Answer:
    usage = row["usage"]
    cached = count(usage.get("input_tokens_cache_read"), "input_tokens_cache_read") or 0
    fresh = count(usage.get("input_tokens"), "input_tokens")
    message = value_at(row, "error.message")
    failed = row.get("error") is not None
    scores, missing = ({}, False) if failed else _scores(row, chosen)
    pieces = model.split("/")
    id_at, task_at = options.id_from or ID_HABIT, options.task_from or TASK_HABIT
    refused = scores.get("refusal", scores.get("refused"))
    return Answer(
        where=where,
        example=identifier(value_at(row, id_at), f"example id at {id_at}"),
        task=identifier(value_at(row, task_at), f"task at {task_at}"),
        model=model,
        names=frozenset("/".join(pieces[start:]) for start in range(len(pieces))),
        scores={} if missing else scores,
        repeat=max(0, (count(row.get("epoch"), "epoch") or 1) - 1),
        error=failure_class(str(message or "error")) if failed else "unscored" if missing else "",
        cluster="" if is_empty(found := value_at(row, "metadata.cluster")) else identifier(found, "cluster"),
        latency_ms=_milliseconds(row.get("working_time")),
        input_tokens=None if fresh is None else fresh + cached,
        output_tokens=count(usage.get("output_tokens"), "output_tokens"),
        cached_tokens=cached or None,
        cost_usd=amount(usage.get("total_cost"), "total_cost") or None,
        refusal=None if refused is None or missing else bool(refused),
        tags=texts(value_at(row, "metadata.tags")),
    )


def _scores(row: Row, chosen: str) -> tuple[dict[str, float], bool]:
    """Every score by its name, the chosen one as `score` too; and whether the scorer gave the chosen one no value."""
    scores = {name: grade(value, f"scores.{name}") for name, value in row["scores"].items() if value is not None}
    name = chosen.removeprefix("scores.")
    if chosen and name not in row["scores"]:
        raise ValueProblem(f"there is no score at {chosen} and no error")
    if not row["scores"]:
        raise ValueProblem("has neither scores nor an error")
    if chosen and name in scores:
        scores["score"] = scores[name]
    return scores, not scores or (bool(chosen) and name not in scores)


def _milliseconds(seconds: object) -> float | None:
    found = amount(seconds, "working_time")
    return None if found is None else round(found * 1000, 3)


def _measured_at(file: ResultFile, document: dict[str, Any]) -> datetime:
    said = [value for place in ("stats.started_at", "eval.created") if not is_empty(value := value_at(document, place))]
    if not said:
        file.refuse("does not say when it was measured: there is no eval.created", EXPECTS)
    try:
        return min(moment(value, "eval.created") for value in said)
    except ValueProblem as problem:
        file.refuse(str(problem))
