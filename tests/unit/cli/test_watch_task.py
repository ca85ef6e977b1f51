"""`towpath watch-task`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN, CLEAN_ID
from support.scratch import RUNBOOK, Desk, clean_files, desk_at


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """The clean repository, level on every task."""
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.place.check_out()
    return desk


def test_level_evidence_agrees_with_the_declared_task(desk: Desk) -> None:
    ran = desk("watch-task", CLEAN_ID)
    assert (ran.code, f"{CLEAN_ID}: watch refund-eligibility\n" in ran.out) == (0, True)
    assert "it is the declared one" in ran.out
    data = desk.json("watch-task", CLEAN_ID)
    assert (data["declared"], data["proposed"], data["contradicted"]) == ("refund-eligibility",) * 2 + (False,)
    assert len(data["tasks"]) == 4


def test_no_evidence_is_no_answer(desk: Desk) -> None:
    for path in (desk.place.work / "evidence").rglob("*.jsonl"):
        path.unlink()
    ran = desk("watch-task", CLEAN_ID)
    assert (ran.code, "cannot tell: there is no evidence of suite offline" in ran.out) == (3, True)
    assert desk.json("watch-task", CLEAN_ID, code=3)["proposed"] is None


def test_evidence_that_points_elsewhere_contradicts(desk: Desk) -> None:
    for path, data in clean_files(lost=80).items():
        if path.startswith("evidence/") and data is not None:
            for old in (desk.place.work / path).parent.glob("*.jsonl"):
                old.unlink()
            (desk.place.work / path).write_bytes(data)
    # 80 of 160 refund questions got worse, and the runbook watches another task
    text = CLEAN.replace("  task: refund-eligibility\n", "  task: order-number\n")
    (desk.place.work / RUNBOOK).write_text(text, encoding="utf-8")
    ran = desk("watch-task", CLEAN_ID)
    assert ran.code == 1, ran.out
    assert f"{CLEAN_ID}: watch refund-eligibility" in ran.out
    assert "declared is order-number: the evidence contradicts the declared one" in ran.out
