"""The gate as commands ask for it: which stage, which evidence, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from support.judged import EVAL, STAGES, judged_runbook, level, margin, snapshot
from towpath.gate.entering import gate_for
from towpath.model.errors import UsageError
from towpath.model.runbook import Arm, Rollout, Task
from towpath.model.snapshot import MappedFiles
from towpath.model.verdict import Verdict

SAMPLES = level(300)


def at(stage: str, percent: int) -> Rollout:
    return Rollout(stage=stage, percent=Decimal(percent))


@pytest.mark.parametrize(
    ("rollout", "stage"),
    [(at("planned", 0), "internal"), (at("internal", 0), "canary"), (at("rolled-back", 0), "internal")],
)
def test_the_next_stage(rollout: Rollout, stage: str) -> None:
    report = gate_for(snapshot(SAMPLES), replace(judged_runbook(), rollout=rollout))
    assert (report.stage, report.verdict) == (stage, Verdict.PASS)
    assert report.evidence[0].path.startswith("evidence/support/offline-")


def test_another_stage_by_name_and_no_such_stage() -> None:
    assert gate_for(snapshot(SAMPLES), judged_runbook(), "full").stage == "full"
    with pytest.raises(UsageError, match="no stage 'fulll'") as problem:
        gate_for(snapshot(SAMPLES), judged_runbook(), "fulll")
    assert "internal, canary, full" in problem.value.hint


@pytest.mark.parametrize("rollout", [at("full", 100), at("done", 100), at("elsewhere", 3)])
def test_no_next_stage(rollout: Rollout) -> None:
    with pytest.raises(UsageError):
        gate_for(snapshot(SAMPLES), replace(judged_runbook(), rollout=rollout))


def test_without_evidence_there_is_no_data_and_the_way_to_it() -> None:
    report = gate_for(snapshot(None), judged_runbook())
    assert report.verdict is Verdict.NO_DATA
    assert "towpath evidence import support --suite offline" in report.reasons[-1]


def test_evidence_of_another_model_is_refused_with_the_reason() -> None:
    other = replace(
        judged_runbook(), candidate=Arm(provider="acme", model="newer-model", prompts=("prompts/support.md",))
    )
    report = gate_for(snapshot(SAMPLES), other)
    assert report.verdict is Verdict.NO_DATA
    assert "another candidate" in report.reasons[0]


def test_a_changed_prompt_makes_evidence_stale() -> None:
    tree = snapshot(SAMPLES)
    files = MappedFiles({**dict(tree.files.contents), "prompts/support.md": b"Be rude.\n"})  # type: ignore[attr-defined]
    report = gate_for(replace(tree, files=files), judged_runbook())
    assert report.verdict is Verdict.NO_DATA


def test_old_evidence_is_refused() -> None:
    tree = snapshot(SAMPLES)
    report = gate_for(replace(tree, now=tree.now + timedelta(days=40)), judged_runbook())
    assert report.verdict is Verdict.NO_DATA
    assert "day" in report.reasons[0]


def test_a_changed_file_is_an_error() -> None:
    tree = snapshot(SAMPLES)
    contents = dict(tree.files.contents)  # type: ignore[attr-defined]
    (path,) = (name for name in contents if name.startswith("evidence/"))
    contents[path] = contents[path].replace(b'"score":1', b'"score":0', 1)
    report = gate_for(replace(tree, files=MappedFiles(contents)), judged_runbook())
    assert report.verdict is Verdict.ERROR
    assert path in report.reasons[0]


def test_a_loosened_margin_is_noted_and_left_to_lint() -> None:
    tree = snapshot(SAMPLES)
    tasks = (Task(id="refund", margin=margin("0.10")), *judged_runbook().tasks[1:])
    report = gate_for(tree, replace(judged_runbook(), tasks=tasks))
    assert report.verdict is Verdict.PASS
    assert "loosened" in report.notes[0]
    assert "refund from 3pp to 10pp" in report.notes[0]


def test_what_is_missing_from_a_stage_is_an_error() -> None:
    for stage in (
        replace(STAGES[0], eval=None),
        replace(STAGES[0], cost=None),
        replace(STAGES[0], eval=replace(EVAL, suite="nowhere")),
    ):
        runbook = replace(judged_runbook(), stages=(stage, *STAGES[1:]))
        assert gate_for(snapshot(SAMPLES), runbook).verdict is Verdict.ERROR
    assert gate_for(snapshot(SAMPLES), replace(judged_runbook(), draft=True)).verdict is Verdict.ERROR
