"""The normal form: the same results give the same bytes, and nothing but those bytes is read."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.measured import binding, pair
from towpath import shipped
from towpath.gate import normal_form
from towpath.gate.normal_form import evidence_for, evidence_path, read_evidence, write_evidence
from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import ArmName, Binding, Sample
from towpath.model.snapshot import MappedFiles

BINDING = binding()
DATA = write_evidence(BINDING, [*pair("a"), *pair("b", candidate=0.0), *pair("c", task="invoice", baseline=0.25)])
PATH = "evidence/support/offline-0.jsonl"

ARMS: list[tuple[ArmName, ...]] = [("baseline", "candidate"), ("candidate",)]
ids = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
amounts = st.none() | st.floats(0, 1e9, allow_nan=False)
counts = st.none() | st.integers(0, 10**9)


@st.composite
def measured(draw: st.DrawFn) -> list[Sample]:
    """Results of both arms, with errors, repeats and every optional field."""
    samples = []
    for example in draw(st.lists(ids, min_size=1, max_size=6, unique=True)):
        task = draw(st.sampled_from(["refund", "invoice", "smalltalk"]))
        for repeat in range(draw(st.integers(1, 2))):
            for arm in draw(st.sampled_from(ARMS)):
                error = draw(st.sampled_from(["", "", "rate_limit"]))
                samples.append(
                    Sample(
                        example=example,
                        task=task,
                        arm=arm,
                        repeat=repeat,
                        error=error,
                        score=None if error else draw(st.floats(0, 1)),
                        cluster=draw(st.just("") | ids),
                        latency_ms=draw(amounts),
                        input_tokens=draw(counts),
                        output_tokens=draw(counts),
                        cached_tokens=draw(counts),
                        cost_usd=draw(amounts),
                        refusal=draw(st.none() | st.booleans()),
                        tags=tuple(draw(st.lists(ids, max_size=2))),
                    )
                )
    return samples


@given(measured(), st.randoms(use_true_random=False))
def test_written_and_read_is_the_same_in_any_order(samples: list[Sample], shuffler: random.Random) -> None:
    data = write_evidence(BINDING, samples)
    shuffler.shuffle(samples)
    assert write_evidence(BINDING, samples) == data
    evidence = read_evidence(data, PATH)
    assert evidence.binding == BINDING
    assert set(evidence.samples) == set(samples)
    assert write_evidence(evidence.binding, evidence.samples) == data
    schema = Draft202012Validator(json.loads(shipped.schema_text("evidence.v1")))
    for line in data.decode().splitlines():
        schema.validate(json.loads(line))


def test_numbers_are_written_in_one_way() -> None:
    (line,) = write_evidence(BINDING, [Sample(example="a", task="refund", arm="baseline", score=-0.0)]).splitlines()[1:]
    assert line == b'{"task":"refund","example":"a","arm":"baseline","score":0}'


def test_unprintable_characters_are_no_part_of_an_id() -> None:
    with pytest.raises(EvidenceRefused, match="unprintable"):
        write_evidence(BINDING, pair("a\u2028b"))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (b'"score":0.25', b'"score":NaN', ":2: is not JSON: NaN is not a number"),
        (b'"score":0.25', b'"score":1.25', ":2: example 'c': score 1.25 is outside 0 to 1"),
        (b'"score":0.25', b'"score":"0.25"', ":2: score is not a number"),
        (b'"score":0.25', b'"score":true', ":2: score is not a number"),
        (b'"score":0.25', b'"score":0.250', ":2: is not written in the normal form"),
        (b'"score":0.25', b'"score":0.25,"score":0.25', ":2: is not written in the normal form"),
        (b'"score":0.25', b'"score":null', ":2: example 'c': there must be either a score or an error"),
        (b'"score":0.25', b'"score":0.25,"answer":"x"', ":2: has an unknown key 'answer'"),
        (b',"score":0.25', b"", ":2: has no score"),
        (b'"score":0.25', b'"score":0.25,"repeat":-1', ":2: example 'c': repeat is -1"),
        (b'"score":0.25', b'"score":0.25,"metric":"f1"', ":2: example 'c': metric 'f1' is not the one"),
        (b'"score":0.25', b'"score":' + b"9" * 400, ":2: score is too large"),
        (b'"score":0.25', b'"score":' + b"[" * 100_000, ":2: is not JSON"),
        (b'"example":"c"', b'"example":""', ":2: an example id or tag is empty"),
        (b'"arm":"baseline","score":0.25', b'"arm":"control","score":0.25', ":2: example 'c': arm is 'control'"),
        (b'"task":"invoice"', b'"task":"refunds"', ":2: example 'c': task 'refunds' is not one of the runbook's"),
        (b'"synthetic":false', b'"synthetic":"no"', ":1: synthetic is not true or false"),
        (b"acme new-model", b"acme newer-model", ":1: the digest of candidate is not that of the parts it lists"),
        (b'"refund":"3pp"', b'"refund":"3"', ":1: '3' is not a number of percentage points"),
        (b'"synthetic":false,', b"", ":1: is not written in the normal form"),
        (b"evidence/v1", b"evidence/v2", ":1: is not evidence of the format"),
        (
            b'"measured_at":"2026-11-20T09:30:00Z"',
            b'"measured_at":"2026-11-20T09:30:00"',
            ":1: '2026-11-20T09:30:00' has",
        ),
    ],
)
def test_an_edited_line_is_refused_where_it_is(old: bytes, new: bytes, where: str) -> None:
    assert old in DATA
    edited = DATA.replace(old, new, 1)
    with pytest.raises(EvidenceRefused) as refused:
        read_evidence(edited, PATH)
    assert f"{PATH}{where}" in str(refused.value)


def rows(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (DATA[:-1], "cut off"),
        (rows(DATA)[0], "no samples"),
        (DATA + rows(DATA)[-1], "repeats a measurement or stands out of order"),
        (b"".join([rows(DATA)[0], *rows(DATA)[:0:-1]]), "out of order"),
        (DATA + b"\xff\n", "not UTF-8"),
        (DATA.replace(b"\n", b"\r\n"), "not written in the normal form"),
        (DATA.replace(b"}\n", b"}\n\n", 1), "not JSON"),
    ],
    ids=["empty", "cut off", "no samples", "twice", "reversed", "bytes", "carriage returns", "blank line"],
)
def test_another_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read_evidence(data, PATH)


def test_one_measurement_twice_or_in_two_tasks_cannot_be_written() -> None:
    with pytest.raises(EvidenceRefused, match="example 'a' of task refund is there twice for the baseline"):
        write_evidence(BINDING, [*pair("a"), *pair("a", candidate=0)])
    with pytest.raises(EvidenceRefused, match="'a' belongs to two tasks: invoice and refund"):
        write_evidence(BINDING, [*pair("a"), *pair("a", task="invoice")])


@pytest.mark.parametrize(
    "unsound",
    [
        replace(BINDING, labels={"baseline": "old\x1b[2J", "candidate": "new"}),
        replace(BINDING, labels={"baseline": "old"}),
        replace(BINDING, sources=()),
        replace(BINDING, suite_digest="0" * 64),
    ],
)
def test_an_unsound_binding_cannot_be_written(unsound: Binding) -> None:
    with pytest.raises(EvidenceRefused):
        write_evidence(unsound, pair("a"))


def test_a_prompt_cannot_be_an_id() -> None:
    with pytest.raises(EvidenceRefused, match="it must be an id, not a text"):
        write_evidence(BINDING, pair("You are a support agent. " * 20))


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal_form, "MAX_BYTES", 1000)
    with pytest.raises(EvidenceRefused, match="the most that is committed"):
        write_evidence(BINDING, pair("a"))
    with pytest.raises(EvidenceRefused, match="larger than"):
        read_evidence(DATA, PATH)


def test_files_are_found_by_suite_and_believed_only_under_their_digest() -> None:
    later = write_evidence(replace(BINDING, measured_at=BINDING.measured_at.replace(day=21)), pair("a"))
    other = write_evidence(replace(BINDING, suite="nightly"), pair("a"))
    named = {
        evidence_path("support", suite, data): data
        for suite, data in (("offline", later), ("offline", DATA), ("nightly", other))
    }
    files = MappedFiles({**named, "evidence/support/sources/raw.jsonl": b"{}", "evidence/support/note.md": b""})
    assert [item.binding.measured_at.day for item in evidence_for(files, "support", "offline")] == [20, 21]
    assert evidence_for(files, "support2", "offline") == ()
    with pytest.raises(EvidenceRefused, match="does not end in its digest"):
        evidence_for(MappedFiles({"evidence/support/offline-000000000000.jsonl": DATA}), "support", "offline")


def test_a_name_cannot_leave_the_folder() -> None:
    with pytest.raises(EvidenceRefused, match="cannot be part of a file name"):
        evidence_path("../records", "offline", DATA)
