"""The engine: what is read, what is run, where it is placed, and that nothing passes in silence."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from support.runbooks import CLEAN, CLEAN_PATH, laid_over, snapshot
from towpath.model.finding import START, Finding, Severity, Span
from towpath.model.snapshot import Snapshot
from towpath.policy.catalogue import RULES
from towpath.policy.engine import lint
from towpath.policy.pack import Pack, Setting, load_pack
from towpath.policy.rule import Problem, Rule, Subject

ONE_STAGE = "stages:\n  - {name: all, percent: 100, bake: 48h, eval: standard, rollback: standard}\n"


def linted(around: Snapshot, paths: tuple[str, ...] | None = None) -> tuple[Finding, ...]:
    return lint(around, load_pack(around), paths)


def of(rule: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.rule == rule)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes one rule the only one there is; returns the pack for it."""

    def listed(rule: Rule, severity: Severity = Severity.ERROR) -> Pack:
        monkeypatch.setattr("towpath.policy.engine.RULES", {rule.id: rule})
        setting = Setting(severity=severity, options={name: default for name, (default, _) in rule.options.items()})
        return Pack(name="test", version=1, sha256="", rules={rule.id: setting})

    return listed


def saying(*problems: Problem, **more: Any) -> Rule:
    def check(subject: Subject) -> Iterator[Problem]:
        yield from problems

    return Rule(id="said", check=check, **more)


def test_parser_schema_and_rules_speak_in_one_run() -> None:
    text = laid_over("reason: upgrade\nreason: cost\nkind: Runbok\n" + ONE_STAGE)
    rules = {finding.rule for finding in linted(snapshot({CLEAN_PATH: text}))}
    assert {"yaml-duplicate-key", "wrong-value", "stage-sections"} <= rules


def test_findings_are_in_order_and_each_once() -> None:
    text = laid_over("titel: x\n" + ONE_STAGE)
    found = linted(snapshot({CLEAN_PATH: text, "runbooks/another.yaml": text}))
    assert list(found) == sorted(found, key=Finding.sort_key)
    assert len(set(found)) == len(found)


def test_problem_is_placed_at_its_node_with_its_related_places(only: Any) -> None:
    problem = Problem(message="m", at=("watch", "task"), help="h", related=((("tasks", "smalltalk"), "declared here"),))
    (found,) = lint(around := snapshot(), only(saying(problem)))
    lines = CLEAN.split("\n")
    line = lines.index("  task: refund-eligibility") + 1
    assert (found.rule, found.message, found.help, found.path) == ("said", "m", "h", CLEAN_PATH)
    assert found.span == Span(line, 9, line, 27)
    assert [(item.label, item.span.line) for item in found.related] == [
        ("declared here", lines.index("  smalltalk: {load_bearing: false}") + 1)
    ]
    (key,) = lint(around, only(saying(replace(problem, on_key=True, related=()))))
    assert key.span == Span(line, 3, line, 7)


def test_problem_in_a_named_section_points_at_the_stages_that_use_it(only: Any) -> None:
    (found,) = lint(snapshot(), only(saying(Problem(message="m", at=("checks", "cost", "standard", "budget")))))
    assert [item.label for item in found.related] == [
        f"used by stage {name}" for name in ("internal", "canary", "half", "full")
    ]
    stages = 'stages: [{name: a, percent: 1, cost: {use: standard, budget: "5 USD/month"}}, {name: b, percent: 2}]\n'
    around = snapshot({CLEAN_PATH: laid_over(stages)})
    (found,) = lint(around, only(saying(Problem(message="m", at=("checks", "cost", "standard")))))
    assert [(item.label, item.span.line) for item in found.related] == [("used by stage a", 1)]


def test_problems_at_and_below_malformed_nodes_are_dropped(only: Any) -> None:
    around = snapshot({CLEAN_PATH: laid_over("watch: {task: [refunds], why: x}\n")})
    at = [("watch", "task"), ("watch", "task", 0), ("watch",), ("watch", "why")]
    found = lint(around, only(saying(*(Problem(message=f"at {pointer}", at=pointer) for pointer in at))))
    assert [item.message for item in of("said", found)] == ["at ('watch',)", "at ('watch', 'why')"]
    assert of("wrong-type", found)


def test_a_rule_that_fails_is_an_error(only: Any) -> None:
    def check(subject: Subject) -> Iterator[Problem]:
        yield Problem(message="before", at=("id",))
        raise KeyError("stages")

    found = lint(snapshot(), only(Rule(id="broken", check=check), Severity.NOTE))
    assert [item.rule for item in found] == ["rule-crashed", "broken"]
    assert found[0].severity is Severity.ERROR
    assert "the rule broken failed on this file: KeyError: 'stages'" in found[0].message


def test_severity_and_options_come_from_the_pack(only: Any) -> None:
    def check(subject: Subject) -> Iterator[Problem]:
        yield Problem(message=str(subject.options["least"]), at=("id",))

    rule = Rule(id="said", check=check, options={"least": ("48h", "shortest bake")})
    pack = only(rule, Severity.NOTE)
    (found,) = lint(snapshot(), pack)
    assert (found.severity, found.message) == (Severity.NOTE, "48h")
    off = replace(pack, rules={"said": Setting(severity=None, options={})})
    assert lint(snapshot(), off) == ()


def test_rules_see_every_runbook_even_when_few_are_reported(only: Any) -> None:
    def check(subject: Subject) -> Iterator[Problem]:
        yield Problem(message=",".join(subject.neighbours.by_id), at=("id",))

    files: dict[str, str | bytes] = {
        "runbooks/a.yaml": laid_over("id: first\n"),
        "runbooks/below/b.yml": laid_over("id: second\n"),
        "runbooks/broken.yaml": "a: [",
    }
    pack = only(Rule(id="said", check=check, cross_file=True))
    found = lint(snapshot(files), pack, ("runbooks/below",))
    assert [(item.path, item.message) for item in found] == [("runbooks/below/b.yml", "first,second")]
    assert {item.path for item in lint(snapshot(files), pack)} == set(files)
    assert lint(snapshot(files), pack, ("runbooks/broken.yaml",))[0].rule == "yaml-syntax"


def test_rules_about_history_need_a_base(only: Any) -> None:
    def check(subject: Subject) -> Iterator[Problem]:
        yield Problem(message=subject.before.salt if subject.before else "new", at=("id",))

    pack = only(Rule(id="said", check=check, needs_base=True))
    assert lint(snapshot(), pack) == ()
    before: dict[str, str | bytes] = {"runbooks/old-name.yaml": laid_over("cohort: {unit: user, salt: old}\n")}
    assert [item.message for item in lint(snapshot(before=before), pack)] == ["old"]
    assert [item.message for item in lint(snapshot(before={}), pack)] == ["new"]


@pytest.mark.parametrize(("stage", "percent", "gone"), [("canary", 5, 1), ("planned", 0, 0), ("done", 100, 0)])
def test_a_runbook_that_moves_traffic_may_not_vanish(stage: str, percent: int, gone: int) -> None:
    rollout = f"rollout: {{stage: {stage}, percent: {percent}, hold: null}}\n"
    before: dict[str, str | bytes] = {CLEAN_PATH: laid_over(rollout)}
    other = "id: x\nfeature: {name: x, users_per_month: 1, calls_per_day: 1}\n"
    found = linted(snapshot({"runbooks/x.yaml": laid_over(other)}, before=before))
    said = of("runbook-deleted", found)
    assert len(said) == gone
    for finding in said:
        assert (finding.path, finding.span, finding.severity) == (CLEAN_PATH, START, Severity.ERROR)
        assert "stands at stage canary" in finding.message


def test_a_renamed_or_broken_file_is_not_a_deleted_runbook() -> None:
    moving = laid_over("rollout: {stage: canary, percent: 5, hold: null}\n")
    before: dict[str, str | bytes] = {CLEAN_PATH: moving}
    assert not of("runbook-deleted", linted(snapshot({"runbooks/renamed.yaml": moving}, before=before)))
    broken = linted(snapshot({CLEAN_PATH: "a: ["}, before=before))
    assert [finding.rule for finding in broken] == ["yaml-syntax"]


def test_a_runbook_replaced_by_another_is_reported_at_the_new_id() -> None:
    moving = laid_over("rollout: {stage: canary, percent: 5, hold: null}\n")
    found = linted(snapshot({CLEAN_PATH: laid_over("id: other\n")}, before={CLEAN_PATH: moving}))
    (said,) = of("runbook-deleted", found)
    assert said.span == Span(1, 5, 1, 10)
    assert not of("runbook-deleted", linted(snapshot(before={CLEAN_PATH: moving}), ("runbooks/none.yaml",)))


def test_gaps_of_a_draft_are_warnings_until_it_moves() -> None:
    (gap, *_) = of("stage-sections", linted(snapshot({CLEAN_PATH: laid_over("draft: true\n" + ONE_STAGE)})))
    assert gap.severity is Severity.WARNING
    moving = "draft: true\nrollout: {stage: all, percent: 100, hold: null}\n" + ONE_STAGE
    (gap, *_) = of("stage-sections", linted(snapshot({CLEAN_PATH: laid_over(moving)})))
    assert gap.severity is Severity.ERROR
    (shape, *_) = of("unknown-key", linted(snapshot({CLEAN_PATH: laid_over("draft: true\ntitel: x\n")})))
    assert shape.severity is Severity.ERROR


def test_comparing_with_the_base_stays_an_error_in_a_draft(only: Any) -> None:
    around = snapshot({CLEAN_PATH: laid_over("draft: true\n")}, before={})
    (found,) = lint(around, only(saying(Problem(message="m", at=("id",)), needs_base=True)))
    assert found.severity is Severity.ERROR


def test_progress_is_told() -> None:
    told: list[int] = []
    around = snapshot({"runbooks/a.yaml": CLEAN, "runbooks/b.yaml": CLEAN})
    lint(around, load_pack(around), ("runbooks/a.yaml",), progress=told.append)
    assert told == [1, 2]


JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 3.5, "", "standard", "5pp", "2x", [], ["a"], [[]], {}, {"a": 1}, {"use": "no"},
)  # fmt: skip
DATA = yaml.safe_load(CLEAN.replace("2026-11-01", '"2026-11-01"').replace("2027-06-30", '"2027-06-30"'))


def nodes(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = list(data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ())
    return [at, *(pointer for key, value in items for pointer in nodes(value, (*at, key)))][0 if at else 1 :]


def changed(pointer: tuple[Any, ...], value: Any, remove: bool) -> Any:
    whole = copy.deepcopy(DATA)
    inner = whole
    for step in pointer[:-1]:
        inner = inner[step]
    if remove:
        del inner[pointer[-1]]
    else:
        inner[pointer[-1]] = value
    return whole


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(nodes(DATA)), st.sampled_from(JUNK), st.booleans())
def test_no_rule_fails_on_a_damaged_runbook(pointer: tuple[Any, ...], value: Any, remove: bool) -> None:
    text = yaml.safe_dump(changed(pointer, value, remove), sort_keys=False)
    files: dict[str, str | bytes] = {CLEAN_PATH: text}
    around = snapshot(files, before={CLEAN_PATH: CLEAN})
    assert not of("rule-crashed", linted(around)), text
    around = snapshot({CLEAN_PATH: CLEAN}, before=files)
    assert not of("rule-crashed", linted(around)), text


def test_there_are_rules() -> None:
    assert RULES
