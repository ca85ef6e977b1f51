"""A gate's report as JSON: the promised shape, the same bytes each time, and back."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gates import HOSTILE_REPORT, reports
from support.golden import as_recorded
from towpath.model.verdict import Criterion, GateReport, Verdict
from towpath.report.gate_json import gate_data, gate_json, read_gate
from towpath.shipped import schema_text

REPORTS = reports()
SCHEMA = jsonschema.Draft202012Validator(json.loads(schema_text("gate.v1")))


@pytest.mark.parametrize("name", REPORTS)
def test_json_is_as_recorded(name: str) -> None:
    as_recorded(f"gate/{name}.json", gate_json(replace(REPORTS[name], seed=7)).decode())


@pytest.mark.parametrize("report", [*REPORTS.values(), HOSTILE_REPORT], ids=[*REPORTS, "hostile"])
def test_json_follows_its_schema(report: GateReport) -> None:
    SCHEMA.validate(json.loads(gate_json(report)))


def test_the_schema_is_strict() -> None:
    data = gate_data(REPORTS["pass"])
    for broken in (
        data | {"verdict": "probably"},
        data | {"more": 1},
        {key: data[key] for key in data if key != "seed"},
    ):
        assert not SCHEMA.is_valid(broken)


def test_judging_again_gives_the_same_bytes() -> None:
    assert {name: gate_json(report) for name, report in reports().items()} == {
        name: gate_json(report) for name, report in REPORTS.items()
    }


@pytest.mark.parametrize("name", REPORTS)
def test_reading_gives_back_what_was_written(name: str) -> None:
    written = gate_json(REPORTS[name])
    assert gate_json(read_gate(written)) == written
    assert read_gate(written).verdict is REPORTS[name].verdict


@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b'"x"', b"\xff"])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_gate(data)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(NUMBERS, NUMBERS)
def test_the_last_bits_of_a_number_are_no_part_of_the_bytes(estimate: float, p: float) -> None:
    def written(estimate: float, p: float) -> bytes:
        one = Criterion(id="x", metric="score", test="t", verdict=Verdict.PASS, estimate=estimate, p=p)
        return gate_json(GateReport(runbook="r", stage="s", verdict=Verdict.PASS, criteria=(one,)))

    whole = written(estimate, p)
    again = read_gate(whole).criteria[0]
    assert again.estimate is not None
    assert again.p is not None
    assert written(again.estimate, again.p) == whole
    assert b"-0.0," not in whole
    assert again.estimate == pytest.approx(estimate, rel=1e-8)
    SCHEMA.validate(json.loads(whole))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    one = Criterion(id="x", metric="score", test="t", verdict=Verdict.PASS, estimate=value)
    with pytest.raises(ValueError, match="not JSON compliant"):
        gate_json(GateReport(runbook="r", stage="s", verdict=Verdict.PASS, criteria=(one,)))
