"""Records: one byte string each, refused when anything is not exactly as written."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.records import RECORD
from towpath.model.record import Position
from towpath.record.statement import RecordRefused, read_record, record_path, write_record
from towpath.shipped import schema_text


def test_path() -> None:
    assert record_path("records", "triage", 12) == "records/triage/000012.json"


def test_what_is_written_is_read() -> None:
    data = write_record(RECORD)
    assert read_record(data, "x") == RECORD
    assert write_record(read_record(data, "x")) == data


def test_shape_is_an_intoto_statement() -> None:
    statement = json.loads(write_record(RECORD))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert [subject["name"] for subject in statement["subject"]] == [RECORD.path, RECORD.evidence[0].path]
    assert set(statement["subject"][0]["digest"]) == {"sha256", "gitBlob"}


def test_schema_accepts_it_and_refuses_one_more_key() -> None:
    schema = json.loads(schema_text("record.v1"))
    statement = json.loads(write_record(RECORD))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(statement, schema, cls=jsonschema.Draft202012Validator)
    statement["predicate"]["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(statement, schema, cls=jsonschema.Draft202012Validator)


@given(reason=st.text(max_size=40), percent=st.decimals(0, 100, places=2), rows=st.integers(0, 3))
def test_any_record_comes_back(reason: str, percent: Decimal, rows: int) -> None:
    record = replace(
        RECORD, reason=reason, to=Position(stage="canary", percent=percent), evidence=RECORD.evidence * rows
    )
    assert read_record(write_record(record), "x") == record


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"seq":1', '"seq": 1'),
        lambda text: text.replace('"seq":1', '"seq":"1"'),
        lambda text: text.replace('"seq":1', '"seq":1,"seq":1'),
        lambda text: text.replace('"simulated":false', '"simulated":0'),
        lambda text: text.replace('"action":"promote"', '"action":"raise"'),
        lambda text: text.replace("a" * 64, "A" * 64),
        lambda text: text.replace('"percent":"0"', '"percent":"101"'),
        lambda text: text.replace('"reason":"",', ""),
        lambda text: text.replace("urn:towpath:record:v1", "urn:towpath:record:v2"),
        lambda text: text.replace("2026-11-23T12:00:00Z", "yesterday"),
        lambda text: text + "\n",
        lambda text: "[" * 100_000,
        lambda text: "",
        lambda text: "null",
    ],
)
def test_anything_else_is_refused(spoil: object) -> None:
    text = write_record(RECORD).decode()
    spoiled = spoil(text)  # type: ignore[operator]
    assert spoiled != text
    with pytest.raises(RecordRefused) as refused:
        read_record(spoiled.encode(), "records/triage/000001.json")
    assert "records/triage/000001.json" in str(refused.value)
    assert refused.value.hint


def test_schema_names_every_action() -> None:
    from typing import get_args

    from towpath.model.record import Action

    schema = json.loads(schema_text("record.v1"))
    assert set(schema["properties"]["predicate"]["properties"]["action"]["enum"]) == set(get_args(Action))
    assert schema["$id"] == "urn:towpath:schema:record.v1"
