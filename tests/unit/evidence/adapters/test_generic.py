"""Generic CSV and JSON Lines: what is read, and what is refused at which line."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.result_files import PLAIN, csv, jsonl, real
from towpath.evidence.adapters.generic import fields, read
from towpath.evidence.results import Options, ResultFile
from towpath.model.errors import EvidenceRefused

FULL = (
    "example_id,task,model,score,metric,cluster,repeat,latency_ms,input_tokens,output_tokens,"
    "cached_tokens,cost_usd,refusal,error,tags,measured_at"
)


def test_csv_and_json_lines_say_the_same() -> None:
    from_csv, from_jsonl = (read(real(f"generic/results.{kind}"), PLAIN) for kind in ("csv", "jsonl"))

    def told(samples: object) -> list[tuple[object, ...]]:
        return [(a.example, a.task, a.model, a.scores, a.error, a.latency_ms, a.cost_usd) for a in samples.answers]  # type: ignore[attr-defined]

    assert told(from_csv) == told(from_jsonl)
    assert from_csv.measured_at == from_jsonl.measured_at == datetime(2026, 11, 23, 6, 35, 58, tzinfo=UTC)


def test_every_column_is_read() -> None:
    line = 'r-1,refund,m,0.5,f1,doc-1,2,120.5,10,20,3,0.001,false,,"INC-1;INC-2",2026-11-20T10:00:00+01:00'
    (one,) = read(csv(line, header=FULL), PLAIN).answers
    assert (one.example, one.task, one.model, one.scores, one.only_metric) == ("r-1", "refund", "m", {"f1": 0.5}, "f1")
    assert (one.cluster, one.repeat, one.latency_ms) == ("doc-1", 2, 120.5)
    assert (one.input_tokens, one.output_tokens, one.cached_tokens, one.cost_usd) == (10, 20, 3, 0.001)
    assert (one.refusal, one.error, one.tags) == (False, "", ("INC-1", "INC-2"))


def test_the_suite_may_name_other_columns_and_nested_ones() -> None:
    options = Options(id_from="meta.id", task_from="kind", score_from="f1")
    (one,) = read(jsonl({"meta": {"id": 7}, "kind": "refund", "model": "m", "f1": True}), options).answers
    assert (one.example, one.task, one.scores) == ("7", "refund", {"score": 1.0})


def test_the_oldest_row_dates_the_file_and_no_date_is_none() -> None:
    header = "example_id,task,model,score,measured_at"
    file = csv("a,t,m,1,2026-11-20T10:00:00Z", "b,t,m,1,2026-11-19T10:00:00Z", header=header)
    assert read(file, PLAIN).measured_at == datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert read(csv("a,t,m,1"), PLAIN).measured_at is None


@pytest.mark.parametrize("error", ["false", "0", "none", "null", "NaN", " ", "No"])
def test_an_error_column_that_says_no_is_no_error(error: str) -> None:
    (one,) = read(csv(f"a,t,m,1,{error}", header="example_id,task,model,score,error"), PLAIN).answers
    assert (one.error, one.scores) == ("", {"score": 1})


@pytest.mark.parametrize(
    ("error", "kind"), [("HTTP 429", "rate_limit"), ("true", "error"), ("tool_crash", "tool_crash")]
)
def test_an_error_has_no_score_even_where_one_is_written(error: str, kind: str) -> None:
    (one,) = read(csv(f"a,t,m,0,{error}", header="example_id,task,model,score,error"), PLAIN).answers
    assert (one.error, one.scores) == (kind, {})


def test_a_refusal_is_a_metric_of_its_own() -> None:
    (one,) = read(csv("a,t,m,1,yes", header="example_id,task,model,score,refusal"), PLAIN).answers
    assert (one.refusal, one.scores) == (True, {"refusal": 1, "score": 1})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,t,m,nan", "line 3: score is 'nan'"),
        ("a,t,m,inf", "line 3: score is 'inf'"),
        ("a,t,m,1e999", "line 3: score is inf"),
        ("a,t,m,1_0", "line 3: score is '1_0'"),
        ('a,t,m,"0,5"', "decimals are written with a point"),
        ("a,t,m,", "line 3: there is neither a score at score nor an error"),
        (",t,m,1", "line 3: there is no example id at example_id"),
        ("a,,m,1", "line 3: there is no task at task"),
        ("a,t,,1", "line 3: there is no model"),
        ("a,t,m", "line 3: has 3 fields where the header has 4"),
        ("a,t,m,1,5", "line 3: has 5 fields where the header has 4"),
        ('a,t,m,"1', "line 3: is not CSV"),
    ],
)
def test_a_bad_row_is_refused_at_its_line(line: str, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason) as refused:
        read(csv("ok,t,m,1", line), PLAIN)
    assert "results.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("latency_ms", "-1", "latency_ms is -1.0, below zero"),
        ("input_tokens", "1.5", "input_tokens is 1.5, which is no whole number"),
        ("repeat", "x", "repeat is 'x'"),
        ("refusal", "maybe", "refusal is 'maybe', not true or false"),
        ("measured_at", "2026-11-20", "without a time zone"),
        ("tags", "[1", "tags is neither a list nor names"),
    ],
)
def test_a_bad_optional_value_is_refused(column: str, value: str, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(csv(f"a,t,m,1,{value}", header=f"example_id,task,model,score,{column}"), PLAIN)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("example,task,model,score", "there is no column example_id; there are example, task, model, score"),
        ("example_id;task;model;score", "something else than commas"),
        ("example_id,task,task,score", "one name twice"),
        ("example_id,task,,score", "an empty name"),
    ],
)
def test_a_bad_header_is_refused(header: str, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(csv("a,t,m,1" if ";" not in header else "a;t;m;1", header=header), PLAIN)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"example_id": "a", "task": "t", "model": "m", "score": NaN}\n', "line 1: NaN is not a number"),
        (b'{"example_id": "a"\n', "line 1: is not JSON"),
        (b"{}\n[1]\n", "there is no column example_id"),
        (b'{"example_id": ' + b"[" * 100_000 + b"\n", "line 1: is not JSON"),
        (b'{"example_id": "' + b"x" * 1_000_001 + b'"}\n', "line 1: is longer than"),
        (b"example_id,task,model,score\n", "has no rows"),
        (b"example_id,task,model,score\na,t,m,\xff\n", "is not UTF-8"),
    ],
)
def test_a_bad_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(ResultFile(name="r", data=data), PLAIN)


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    data = b"\xef\xbb\xbfexample_id,task,model,score\r\na,t,m,1\r\n"
    assert len(read(ResultFile(name="r.csv", data=data), PLAIN).answers) == 1


def test_a_column_that_looks_misspelt_is_noted() -> None:
    header = "example_id,task,model,score,latencyms,question"
    assert read(csv("a,t,m,1,5,Why?", header=header), PLAIN).notes == (
        "column 'latencyms' is not read; did you mean latency_ms?",
    )


def test_the_preview_works_where_reading_does_not() -> None:
    (first, *_), *_ = [fields(csv("a,t,m,1", header="example,task,model,score"), PLAIN)]
    assert (first.name, first.read_as, first.rows) == ("example_id", "example id", 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(EvidenceRefused):
        read(ResultFile(name="r", data=b"example_id,task,model,score\n" + data), PLAIN)
