"""`towpath gate`, as a user runs it, on the files of a work tree."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import RUNBOOK, Desk, clean_files, desk_at
from towpath.shipped import schema_text

WATCHED = "refund-eligibility"


class Places:
    """Makes desks whose work tree is checked out."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._made = (folder, monkeypatch, capsys)

    def losing(self, lost: int) -> Desk:
        desk = desk_at(*self._made, clean_files(lost=lost))
        desk.place.check_out()
        return desk


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Places:
    return Places(tmp_path, monkeypatch, capsys)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.place.check_out()
    return desk


@pytest.mark.parametrize(("lost", "verdict", "code"), [(0, "pass", 0), (3, "inconclusive", 3), (40, "fail", 1)])
def test_verdicts_and_exit_codes(places: Places, lost: int, verdict: str, code: int) -> None:
    import jsonschema_rs

    desk = places.losing(lost)
    data = desk.json("gate", CLEAN_ID, code=code)
    jsonschema_rs.validator_for(json.loads(schema_text("gate.v1"))).validate(data)
    assert (data["runbook"], data["stage"], data["verdict"]) == (CLEAN_ID, "internal", verdict)
    watched = data["criteria"][0]
    assert (watched["task"], watched["verdict"], watched["lost"], watched["n"]) == (WATCHED, verdict, lost, 160)
    assert (data["tasks"][0]["task"], data["tasks"][0]["watch"]) == (WATCHED, True)
    assert [task["watch"] for task in data["tasks"]].count(True) == 1


@pytest.mark.parametrize("lost", [0, 3, 40])
def test_the_same_question_has_byte_for_byte_the_same_answer(places: Places, lost: int) -> None:
    desk = places.losing(lost)
    first = desk("gate", CLEAN_ID, "--format", "json").out
    assert desk.hours(5)("gate", CLEAN_ID, "--format", "json").out == first
    assert desk("gate", CLEAN_ID, "--stage", "half", "--format", "json").out != first


def test_the_record_keeps_the_digest_of_this_very_answer(desk: Desk) -> None:
    said = desk("gate", CLEAN_ID, "--format", "json").out
    record = desk.json("promote", CLEAN_ID)["runbooks"][0]["record"]
    assert hashlib.sha256(said.encode()).hexdigest() in json.dumps(record)


def test_cannot_tell_says_how_many_examples_would_tell(places: Places) -> None:
    desk = places.losing(3)
    ran = desk("gate", CLEAN_ID)
    assert ran.code == 3
    assert ran.out.startswith("cannot tell  ")
    told = re.search(rf"What would decide:\n  {WATCHED}: about (\d+) examples would decide \(there are 160\)", ran.out)
    assert told is not None
    data = desk.json("gate", CLEAN_ID, code=3)
    assert data["criteria"][0]["needed"] == int(told[1]) > 160
    assert all(one["needed"] is None for one in data["criteria"][1:])


@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("text", "watch task refund-eligibility: 25.0 points worse (40 lost, 0 won of 160)"),
        ("markdown", "| refund-eligibility (watch task) | 100.0% | 75.0% | worse |"),
    ],
)
def test_the_watch_task_comes_first(places: Places, form: str, row: str) -> None:
    ran = places.losing(40)("gate", CLEAN_ID, "--format", form)
    assert ran.code == 1
    first = min((ran.out.index(task), task) for task in (WATCHED, "ticket-routing", "order-number", "harmful-request"))
    assert first[1] == WATCHED
    assert row in ran.out


def test_a_worse_task_fails_although_the_average_is_fine(places: Places) -> None:
    data = places.losing(40).json("gate", CLEAN_ID, code=1)
    changes = {task["task"]: task["change"] for task in data["tasks"]}
    assert changes.pop(WATCHED) == "worse"
    assert set(changes.values()) == {"noisy"}


def test_cost_is_judged_at_the_share_entered_and_at_all_of_it(desk: Desk) -> None:
    ids = [one["id"] for one in desk.json("gate", CLEAN_ID, "--stage", "canary")["criteria"]]
    assert {"cost/total-increase@5", "cost/total-increase@100", "cost/budget@5x2", "cost/budget@100x2"} <= set(ids)


def test_made_up_evidence_is_called_so(desk: Desk) -> None:
    assert "SYNTHETIC evidence" in desk("gate", CLEAN_ID).out
    assert desk.json("gate", CLEAN_ID)["evidence"][0]["synthetic"] is True
    assert desk("gate", CLEAN_ID, "--format", "markdown").out.startswith("> **Synthetic evidence**")


def evidence_file(desk: Desk) -> Path:
    (found,) = (desk.place.work / "evidence" / CLEAN_ID).iterdir()
    return found


def test_no_evidence(desk: Desk) -> None:
    evidence_file(desk).unlink()
    ran = desk("gate", CLEAN_ID)
    assert ran.code == 3
    assert f"towpath evidence import {CLEAN_ID} --suite offline" in ran.out
    assert desk.json("gate", CLEAN_ID, code=3)["verdict"] == "no-data"


def test_old_evidence(desk: Desk) -> None:
    data = desk.hours(24 * 30).json("gate", CLEAN_ID, code=3)
    assert data["verdict"] == "no-data"
    assert any("31" in reason or "30d" in reason for reason in data["reasons"])


def test_changed_evidence(desk: Desk) -> None:
    file = evidence_file(desk)
    text = file.read_text()
    file.write_text(text.replace('"score":0', '"score":1', 1) if '"score":0' in text else text.replace("120", "121", 1))
    assert file.read_text() != text
    data = desk.json("gate", CLEAN_ID, code=2)
    assert data["verdict"] == "error"
    assert file.name in " ".join(data["reasons"])


def test_evidence_of_another_prompt(desk: Desk) -> None:
    (desk.place.work / "prompts" / "triage.md").write_text("Sort the ticket well.\n")
    data = desk.json("gate", CLEAN_ID, code=3)
    assert data["verdict"] == "no-data"
    assert "prompt" in " ".join(data["reasons"])


def test_it_reads_the_work_tree(desk: Desk) -> None:
    runbook = desk.place.work / RUNBOOK
    runbook.write_text(runbook.read_text().replace("refund-eligibility: {margin: 3pp}", WATCHED + ": {margin: 1pp}"))
    assert desk.json("gate", CLEAN_ID, code=3)["criteria"][0]["margin"] == 0.01


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "RUNBOOK"),
        (("suport-triage-2026-11",), CLEAN_ID),
        ((CLEAN_ID, "--stage", "canry"), "its stages: internal, canary, half, full"),
        ((CLEAN_ID, "--format", "xml"), "xml"),
    ],
)
def test_usage(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    ran = desk("gate", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran


def test_help(desk: Desk) -> None:
    ran = desk("gate", "--help")
    said = " ".join(ran.out.split())
    assert (ran.code, "the watch task first" in said, "Exit code 0: pass" in said) == (0, True, True)
