"""What the pages' examples cannot show: damaged runbooks crash no rule, and the shipped runbooks are clean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.runbooks import CLEAN, CLEAN_PATH, NOW, snapshot
from towpath.document.parse import parse
from towpath.gate.limits import METRICS
from towpath.model.finding import Finding
from towpath.model.metrics import ADAPTERS, REQUIRED
from towpath.model.snapshot import MappedFiles, Settings, Snapshot
from towpath.policy.engine import lint
from towpath.policy.pack import load_pack
from towpath.shipped import example_root

DOCUMENT, _ = parse(CLEAN.encode(), CLEAN_PATH)
assert DOCUMENT is not None
WHOLE: dict[str, Any] = DOCUMENT.data
DAMAGE: tuple[object, ...] = (None, 0, -3, 1.5, True, "", "x", "9pp", "2x", [], [None], {}, {"x": None})


def places(data: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from places(value, (*at, index))


PLACES = list(places(WHOLE))


def damaged(at: tuple[str | int, ...], value: object, *, cut: bool = False) -> str:
    whole = json.loads(json.dumps(WHOLE))
    parent = whole
    for part in at[:-1]:
        parent = parent[part]
    if cut:
        del parent[at[-1]]
    else:
        parent[at[-1]] = value
    return json.dumps(whole)


def findings(text: str, before: str | None = None) -> tuple[Finding, ...]:
    around = snapshot({CLEAN_PATH: text}, before=None if before is None else {CLEAN_PATH: before})
    return lint(around, load_pack(around))


@settings(max_examples=300, deadline=None)
@given(at=st.sampled_from(PLACES), value=st.sampled_from(DAMAGE), cut=st.booleans(), history=st.booleans())
def test_no_damage_crashes_a_rule(at: tuple[str | int, ...], value: object, cut: bool, history: bool) -> None:
    text = damaged(at, value, cut=cut)
    found = findings(text, CLEAN if history else None) + (findings(CLEAN, text) if history else ())
    assert [finding for finding in found if finding.rule == "rule-crashed"] == []


def test_the_example_repository_is_clean() -> None:
    root = example_root("support-triage")
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("runbooks", "prompts")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    around = Snapshot(files=MappedFiles(files), now=NOW, settings=Settings())
    assert lint(around, load_pack(around)) == ()


def moved(stage: str, percent: int, records: int, hold: str = "null") -> tuple[str, ...]:
    """Rules that speak when the clean runbook moves from planned to a stage with so many new records."""
    text = CLEAN.replace(
        "  stage: planned\n  percent: 0\n  hold: null", f"  stage: {stage}\n  percent: {percent}\n  hold: {hold}"
    )
    files: dict[str, str | bytes] = {CLEAN_PATH: text}
    for seq in range(1, records + 1):
        files[f"records/support-triage-2026-11/{seq:06d}.json"] = "{}"
    around = snapshot(files, before={CLEAN_PATH: CLEAN})
    return tuple(finding.rule for finding in lint(around, load_pack(around)))


def test_a_transition_with_its_record_is_clean() -> None:
    assert moved("internal", 0, 1) == ()
    assert moved("internal", 0, 0) == ("record-carried",)
    assert moved("internal", 0, 2) == ("record-carried",)
    assert moved("canary", 5, 1) == ("direction",)
    assert moved("planned", 0, 1, "{by: ada, reason: wait}") == ()
    assert moved("planned", 0, 1) == ("record-carried",)


def test_old_records_stay_as_they_are() -> None:
    record = "records/support-triage-2026-11/000001.json"
    for now in ({}, {record: "{}"}):
        files: dict[str, str | bytes] = {CLEAN_PATH: CLEAN, **now}
        around = snapshot(files, before={CLEAN_PATH: CLEAN, record: "{ }"})
        assert [finding.rule for finding in lint(around, load_pack(around))] == ["record-carried"]


def test_renaming_a_stage_does_not_hide_a_jump() -> None:
    before = CLEAN.replace("  stage: planned\n", "  stage: internal\n")
    after = CLEAN.replace("name: internal", "name: staff").replace(
        "  stage: planned\n  percent: 0", "  stage: half\n  percent: 50"
    )
    assert "direction" in {finding.rule for finding in findings(after, before)}


def test_stage_and_rollout_lowered_together_are_no_promotion() -> None:
    before = CLEAN.replace("  stage: planned\n  percent: 0", "  stage: half\n  percent: 50")
    after = before.replace("percent: 50", "percent: 25")
    assert "direction" in {finding.rule for finding in findings(after, before)}


def test_a_new_runbook_begins_planned() -> None:
    text = CLEAN.replace("  stage: planned\n  percent: 0", "  stage: canary\n  percent: 5")
    around = snapshot({CLEAN_PATH: text}, before={})
    assert "direction" in {finding.rule for finding in lint(around, load_pack(around))}


def test_a_record_is_called_what_it_is_and_numbered_in_order() -> None:
    text = CLEAN.replace("  stage: planned\n  percent: 0", "  stage: internal\n  percent: 0")
    for name, action, rules in (
        ("000001", "promote", set()),
        ("000001", "rollback", {"record-carried"}),
        ("000007", "promote", {"record-carried"}),
    ):
        record = json.dumps({"predicate": {"action": action}})
        files: dict[str, str | bytes] = {CLEAN_PATH: text, f"records/support-triage-2026-11/{name}.json": record}
        around = snapshot(files, before={CLEAN_PATH: CLEAN})
        assert {finding.rule for finding in lint(around, load_pack(around))} == rules


def test_the_brave_case() -> None:
    """A promotion that lowers: the block says the stage of 75 % and the share of 25 %."""
    lowered = CLEAN.replace("  stage: planned\n  percent: 0", "  stage: half\n  percent: 25")
    half = CLEAN.replace("  stage: planned\n  percent: 0", "  stage: half\n  percent: 50")
    rules = {finding.rule for finding in findings(lowered, half)}
    assert {"rollout-stage", "record-carried"} <= rules


def test_lists_agree_with_what_there_is() -> None:
    from towpath.evidence.adapters import ADAPTERS as READERS

    assert set(REQUIRED) == set(METRICS)
    assert set(ADAPTERS) == set(READERS)


@pytest.mark.parametrize("rule", ["stage-jump", "bake-minimum", "task-margins", "prices", "evidence-age"])
def test_options_of_a_pack_count(rule: str) -> None:
    tight = {
        "stage-jump": "{factor: 5x}",
        "bake-minimum": "{public: 9d}",
        "task-margins": "{widest: 4pp}",
        "prices": "{longest: 7d}",
        "evidence-age": "{longest: 7d}",
    }[rule]
    head = "apiVersion: towpath/v1\nkind: RulePack\nname: acme\nversion: 1\nextends: towpath/recommended\n"
    pack = f"{head}rules:\n  {rule}: {tight}\n"
    around = snapshot({CLEAN_PATH: CLEAN, "policies/acme.yaml": pack}, settings=Settings(pack="acme"))
    assert {finding.rule for finding in lint(around, load_pack(around))} == {rule}
