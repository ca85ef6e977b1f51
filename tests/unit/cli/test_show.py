"""`towpath show`: as written, and as understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import Ran, runner
from support.repositories import plain_git
from support.runbooks import CLEAN, CLEAN_ID, CLEAN_PATH
from towpath.document.parse import parse
from towpath.document.runbook_reading import read_runbook
from towpath.document.schema import validate


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Commands in a repository with the clean runbook."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / CLEAN_PATH).write_text(CLEAN, encoding="utf-8")
    (tmp_path / "towpath.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOWPATH_NOW", raising=False)
    return runner(monkeypatch, capsys)


@pytest.mark.parametrize("name", [CLEAN_ID, CLEAN_PATH, f"./{CLEAN_PATH}"])
def test_the_text_is_the_file(run: Callable[..., Ran], name: str) -> None:
    shown = run("show", name)
    assert (shown.code, shown.out) == (0, CLEAN)


def test_resolved_is_a_valid_runbook_that_means_the_same(run: Callable[..., Ran]) -> None:
    text = run("show", CLEAN_ID, "--resolved").out
    document, findings = parse(text.encode(), CLEAN_PATH)
    assert document
    assert not findings
    refused, _ = validate(document)
    assert not refused
    written = parse(CLEAN.encode(), CLEAN_PATH)[0]
    assert written
    before, after = read_runbook(written.data, CLEAN_PATH), read_runbook(document.data, CLEAN_PATH)
    assert before
    assert after
    assert "checks" not in document.data
    for old, new in zip(before.stages, after.stages, strict=True):
        assert old.eval
        assert new.eval
        assert (old.eval.suite, old.eval.confidence, old.eval.max_errors) == (
            new.eval.suite,
            new.eval.confidence,
            new.eval.max_errors,
        )
        assert old.rollback
        assert new.rollback
        triggers = [
            [(one.name, one.over, one.worse_by) for one in stage.when] for stage in (old.rollback, new.rollback)
        ]
        assert triggers[0] == triggers[1]
    assert (before.tasks, before.watch, before.rollout) == (after.tasks, after.watch, after.rollout)


def test_resolved_shows_what_a_stage_adds_and_what_was_left_out(run: Callable[..., Ran]) -> None:
    path = Path(CLEAN_PATH)
    text = CLEAN.replace("    eval: standard\n", "    eval: {use: standard, confidence: 99%}\n", 1)
    path.write_text(text.replace("      confidence: 95%\n", ""), encoding="utf-8")
    stages = json.loads(run("show", CLEAN_ID, "--resolved", "--format", "json").out)["stages"]
    assert [stage["eval"]["confidence"] for stage in stages] == ["99%", "95%", "95%", "95%"]
    assert {stage["eval"]["max_errors"] for stage in stages} == {"5%"}
    assert {stage["mode"] for stage in stages} == {"serve"}
    assert {stage["cost"]["budget"] for stage in stages} == {"20000 USD/month"}


def test_an_earlier_revision(run: Callable[..., Ran], tmp_path: Path) -> None:
    plain_git(tmp_path, "init", "--quiet")
    plain_git(tmp_path, "add", ".")
    plain_git(tmp_path, "commit", "--quiet", "-m", "one")
    Path(CLEAN_PATH).write_text(CLEAN.replace("margin: 3pp", "margin: 2pp"), encoding="utf-8")
    assert "margin: 3pp" in run("show", CLEAN_ID, "--at", "HEAD").out
    assert "margin: 2pp" in run("show", CLEAN_ID).out
    assert run("show", CLEAN_ID, "--at", "nowhere").code == 2


def test_unknown_and_broken_runbooks_are_errors(run: Callable[..., Ran]) -> None:
    unknown = run("show", "support-triage-2026-12")
    assert (unknown.code, f"did you mean {CLEAN_ID}?" in unknown.err) == (2, True)
    Path(CLEAN_PATH).write_text(CLEAN.replace("margin: 3pp", "margin: 0.03"), encoding="utf-8")
    broken = run("show", CLEAN_ID)
    assert (broken.code, f"{CLEAN_PATH}:" in broken.err) == (2, True)
