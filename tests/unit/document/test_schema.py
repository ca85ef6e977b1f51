"""What the schema refuses is said at the exact node, in words that help, all of it in one run."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.documents import PATH, RUNBOOK, changed, cut, document, loaded, places
from towpath.document.parse import parse
from towpath.document.schema import SCHEMA_RULES, validate
from towpath.model.finding import Finding
from towpath.model.runbook import Pointer
from towpath.shipped import schema_text

SCHEMA = json.loads(schema_text("runbook.v1"))


def only(text: str) -> Finding:
    """The one finding of a text."""
    findings, _ = validate(document(text))
    assert len(findings) == 1, findings
    return findings[0]


def test_a_complete_runbook_is_valid() -> None:
    assert validate(document(RUNBOOK)) == ((), frozenset())


CASES = [
    # what is swapped, rule, covered text, words of the message, words of the help
    (("reason: upgrade", "reason: upgrad"), "wrong-value", "upgrad", "one of upgrade, cost", "did you mean upgrade?"),
    (("unit: user", "unit: null"), "wrong-value", "null", "cohort.unit", "remove the key"),
    (("salt: support", "slat: support"), "unknown-key", "slat", "slat in cohort", "did you mean salt?"),
    (("users_per_month: 42000, ", ""), "missing-key", "feature", "no users_per_month", "whole number of at least 1"),
    (("users_per_month: 42000", "users_per_month: 0"), "wrong-value", "0", "at least 1", ""),
    (('["@acme/support-ai"]', '"@acme"'), "wrong-type", '"@acme"', "owners must be a list", ""),
    (("retires: 2027-06-30", "retires: 2027-02-30"), "wrong-value", "2027-02-30", "a date such as", ""),
    (("{margin: 3pp}", "{margin: 3}"), "unit-missing", "3", "tasks.refund-eligibility.margin", "such as 5pp"),
    (("{margin: 3pp}", "{margin: 0.03}"), "unit-missing", "0.03", "no unit", "percentage points"),
    (("{margin: 3pp}", '{margin: "3"}'), "unit-missing", '"3"', "no unit", "percentage points"),
    (("{margin: 3pp}", "{margin: 3 %}"), "wrong-value", "3 %", "percentage points", ""),
    (("{margin: 3pp}", "{margin: -3pp}"), "wrong-value", "-3pp", "percentage points", ""),
    (("  smalltalk:", "  Small Talk:"), "wrong-value", "Small Talk", "small letters", ""),
    (("{load_bearing: false}", "{load_bearing: no}"), "wrong-type", "no", "true or false", ""),
    (("bake: 48h", "bake: 48"), "unit-missing", "48", "stages.internal.bake", "such as 72h or 7d"),
    (("percent: 5\n", "percent: 5%\n"), "wrong-type", "5%", "from 0 to 100", ""),
    (("percent: 5\n", "percent: 101\n"), "wrong-value", "101", "from 0 to 100", ""),
    (("percent: 5\n", "percnt: 5\n"), "unknown-key", "percnt", "stages.canary", "did you mean percent?"),
    (("- name: half", "- name: done"), "wrong-value", "done", "not planned, rolled-back or done", ""),
    (("owners:", "bake: 1d\nowners:"), "unknown-key", "bake", "in the runbook", "belongs in a stage"),
    (("{at_most: 1.5x}", "{at_most: 1.5}"), "unit-missing", "1.5", "latency_p50.at_most", "2x (ratio)"),
    (("{at_most: 1.5x}", "1.5x"), "wrong-value", "1.5x", "{at_most: 1.5x}", ""),
    (("quality: non_inferior", "quality: non-inferior"), "wrong-value", "non-inferior", "", "mean non_inferior?"),
    (("tasks: load_bearing", "tasks: load_baring"), "wrong-value", "load_baring", "", "did you mean load_bearing?"),
    (("tasks: load_bearing", "tasks: 5"), "wrong-type", "5", "list of task ids", ""),
    (("500 expected calls", "500"), "unit-missing", "500", "no_data.after", "500 expected calls"),
    (("alpha: 5%", "alpha: 0.05"), "unit-missing", "0.05", "rollback.standard.alpha", "such as 10%"),
    (("budget: 20000 USD/month", "budget: 20000"), "unit-missing", "20000", "cost.standard.budget", "USD/month"),
    (("volumes: [1x, 2x]", "volumes: [1x, 2]"), "unit-missing", "2", "volumes.1", "such as 2x"),
    (("hold: null", "hold: {by: x}"), "missing-key", "hold", "rollout.hold has no reason", ""),
    (("hold: null", "hold: stop"), "wrong-type", "stop", "null, or {by:", ""),
    (("path: evals/results.json", "path: ../secrets"), "wrong-value", "../secrets", "inside the repository", ""),
    (("page: env:PAGER_URL", "page: https://x"), "wrong-value", "https://x", "env:PAGER_URL", ""),
    (("{input: 0.12 USD/Mtok,", "{inptu: 0.12 USD/Mtok,"), "unknown-key", "inptu", "price", "did you mean input?"),
    (("towpath/v1", "towpath/v2"), "wrong-value", "towpath/v2", "must be towpath/v1", ""),
    (("      suite: offline", "      use: other"), "wrong-value", "other", "stands on its own", ""),
]  # fmt: skip


@pytest.mark.parametrize(("swap", "rule", "covered", "message", "advice"), CASES)
def test_a_mistake_is_found_at_its_place(
    swap: tuple[str, str], rule: str, covered: str, message: str, advice: str
) -> None:
    text = changed(swap)
    finding = only(text)
    assert (finding.rule, cut(text, finding.span)) == (rule, covered)
    assert message in finding.message
    assert advice in finding.help


def test_every_mistake_at_once_is_found_in_one_run() -> None:
    text = RUNBOOK
    expected = set()
    for swap, rule, covered, _, _ in CASES:
        if swap[0] in text:
            text = changed(swap, text=text)
            expected.add((rule, covered))
    assert expected <= set(places(text, validate(document(text))[0]))
    assert len(expected) > 20


def test_malformed_nodes_are_named() -> None:
    text = changed(("percent: 5\n", "percnt: 5\n"), ("bake: 48h", "bake: 48"), ("{margin: 3pp}", "{margin: 3}"))
    _, malformed = validate(document(text))
    assert malformed == {
        ("stages", 1, "percnt"),
        ("stages", 0, "bake"),
        ("tasks", "refund-eligibility", "margin"),
    }


def test_a_missing_key_is_malformed_too() -> None:
    _, malformed = validate(document(changed(("    percent: 5\n", ""))))
    assert malformed == {("stages", 1, "percent")}


@pytest.mark.parametrize(
    ("section", "users"),
    [("eval", ["canary", "half"]), ("cost", ["canary", "half"]), ("rollback", ["canary", "half"])],
)
def test_an_error_in_a_named_section_points_at_the_stages_that_use_it(section: str, users: list[str]) -> None:
    read = copy.deepcopy(document(RUNBOOK).data)
    for stage in read["stages"]:
        if stage["name"] == "half":
            stage[section] = {"use": "standard"}
        elif stage["name"] != "canary":
            del stage[section]
    read["checks"][section]["standard"]["wrong"] = 1
    text = yaml.safe_dump(read, sort_keys=False)
    finding = only(text)
    assert cut(text, finding.span) == "wrong"
    assert [place.label for place in finding.related] == [f"used by stages.{name}" for name in users]
    assert [cut(text, place.span) for place in finding.related] == ["standard", "standard"]


def test_the_price_branch_that_was_meant_is_reported() -> None:
    pinned = "price: {input: 0.12 USD/Mtok, output: 0.45 USD/Mtok, source: illustrative, as_of: 2026-11-01}"
    assert only(changed((pinned, "price: {catalgo: 2026-11-01}"))).help == "did you mean catalog?"
    assert only(changed((pinned, "price: {input: 0.12 USD/Mtok}"))).message.endswith("price has no output")
    assert only(changed((pinned, "price: cheap"))).rule == "wrong-type"
    mixed = "price: {catalog: 2026-11-01, output: 0.45 USD/Mtok, cached_input: 0.01 USD/Mtok}"
    assert {finding.rule for finding in validate(document(changed((pinned, mixed))))[0]} == {
        "unknown-key",
        "missing-key",
    }


def test_what_the_parser_refused_is_not_reported_again() -> None:
    read, _ = parse(changed(("calls_per_day: 120000", "calls_per_day: .inf")).encode(), PATH)
    assert read is not None
    findings, malformed = validate(read)
    assert findings == ()
    assert malformed == {("feature", "calls_per_day")}


@pytest.mark.parametrize("text", ["5\n", "- a\n", "text\n", "null\n", "{}\n"])
def test_what_is_no_runbook_at_all(text: str) -> None:
    read = loaded(text)
    assert read.findings
    assert read.runbook is None


@pytest.mark.parametrize("rule", SCHEMA_RULES)
def test_the_examples_on_a_page_show_what_the_page_says(rule: str) -> None:
    bad, good = re.findall(r"```yaml\n(.*?)\n```", SCHEMA_RULES[rule], re.DOTALL)
    base = document(RUNBOOK).data
    found = [
        validate(document(yaml.safe_dump({**base, **document(f"{part}\n").data}, sort_keys=False)))[0]
        for part in (bad, good)
    ]
    assert {finding.rule for finding in found[0]} == {rule}
    assert "wrong-type" not in {finding.rule for finding in found[1]}
    assert rule not in {finding.rule for finding in found[1]}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of the schema."""
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from nodes(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from nodes(part)


def test_the_schema_itself_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_form_and_choice_says_what_is_expected() -> None:
    for node in nodes(SCHEMA):
        if isinstance(node.get("pattern"), str) and "type" in node:
            assert "x-expected" in node, node
        if "oneOf" in node and "x-expected" not in node:
            # the branches of a price are told apart by their keys; an end of a hold is a time or null
            assert {"catalog"} <= set(json.dumps(node).split('"')) or "null" in json.dumps(node)


def pointers(data: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """Every node below the root."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in children:
        yield (*at, step)
        yield from pointers(value, (*at, step))


BASE = document(RUNBOOK).data
POINTERS = sorted(pointers(BASE), key=str)
WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    5,
    0.05,
    101,
    "",
    "x",
    "5pp",
    "2x",
    "10%",
    "72h",
    "a..b",
    "x.lock",
    "é",
    [],
    ["x"],
    {},
]
WRONG += [
    {"use": "standard"},
    {"at_most": 5},
    {"by": "x", "reason": "y"},
    "2026-13-01",
    "1 USD/month",
    "9" * 5000 + "x",
]


@given(st.sampled_from(POINTERS), st.sampled_from([*WRONG, "remove", "rename"]))
def test_agrees_with_the_reference_validator_and_no_mistake_is_lost(pointer: Pointer, wrong: Any) -> None:
    data = copy.deepcopy(BASE)
    parent: Any = data
    for step in pointer[:-1]:
        parent = parent[step]
    if wrong == "remove":
        del parent[pointer[-1]]
    elif wrong == "rename" and isinstance(parent, dict):
        parent[f"{pointer[-1]}x"] = parent.pop(pointer[-1])
    else:
        parent[pointer[-1]] = wrong
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    read = loaded(text)
    reference = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert bool(read.findings) == any(True for _ in reference.iter_errors(data))
    assert read.findings or read.runbook is not None
    for finding in read.findings:
        assert finding.rule in SCHEMA_RULES
        assert "\n" not in finding.message
        cut(text, finding.span)
