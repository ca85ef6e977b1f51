"""`towpath rollback`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import ATTEST, FLAGS, HOURS, RUNBOOK, Desk, desk_at

SECOND = f"towpath/{CLEAN_ID}/000002-rollback"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """One stage up already."""
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.climb(1)
    return desk


def rollout(desk: Desk) -> str:
    return desk.place.read(RUNBOOK).decode().partition("rollout:")[2]


def test_it_opens_the_way_down_and_sets_a_hold(desk: Desk) -> None:
    assert "employees" in desk.place.read(FLAGS).decode()
    ran = desk.hours(1)("rollback", CLEAN_ID, "--reason", "tickets doubled")
    assert ran.code == 0
    assert ran.out.startswith(f"{CLEAN_ID}: internal (0 %) -> rolled-back (0 %): pull request #2 opened\n")
    assert desk("pr", "merge", "2").code == 0
    assert rollout(desk).splitlines()[1:] == [
        "  stage: rolled-back",
        "  percent: 0",
        '  hold: {by: "Ada <ada@example.org>", reason: tickets doubled, since: "2026-11-23T13:00:00Z"}',
    ]
    flag = json.loads(desk.place.read(FLAGS))["flags"]["support-triage"]
    assert flag["defaultVariant"] == "baseline"
    assert "employees" not in json.dumps(flag["targeting"]), "the segments are out, and 0 % of the others are in"


def test_the_fast_lane_asks_neither_bake_nor_gate_nor_lint(desk: Desk) -> None:
    """Minutes after the promotion, with evidence gone and a finding in the file."""
    for path in desk.place.files().paths("evidence"):
        desk.place.push({path: None})
    desk.place.edit("    bake: 48h", "    bake: 1h")
    assert desk.json("promote", CLEAN_ID, *ATTEST, code=1)["runbooks"][0]["code"] == "lint"
    assert desk.hours(0.1)("rollback", CLEAN_ID, "--reason", "tickets doubled").code == 0


@pytest.mark.parametrize(
    "change",
    [
        ("alpha: 5%", "alpha: 0.05"),  # a unit is missing
        ("    bake: 48h", "    bake: soon"),
        ("title: ", "titel: "),
        ("  - name: internal", "  - name: inside"),  # the stage it stands at is gone
    ],
)
def test_a_broken_runbook_does_not_keep_anybody_from_going_back(desk: Desk, change: tuple[str, str]) -> None:
    desk.place.edit(*change)
    ran = desk("rollback", CLEAN_ID, "--reason", "tickets doubled")
    assert ran.code == 0, ran.out + ran.err
    assert desk("pr", "merge", "2").code == 0
    assert "stage: rolled-back" in rollout(desk)
    assert json.loads(desk.place.read(FLAGS))["flags"]["support-triage"]["defaultVariant"] == "baseline"


@pytest.mark.parametrize("change", [("salt: support-triage-2026-11", "salt: [1]"), ("  percent: 0\n  hold", "  hold")])
def test_what_says_who_gets_which_model_must_be_readable(desk: Desk, change: tuple[str, str]) -> None:
    desk.place.edit(*change)
    assert desk("rollback", CLEAN_ID, "--reason", "tickets doubled").code == 2


@pytest.mark.parametrize(("to", "stage", "percent"), [("previous", "internal", 0), ("baseline", "rolled-back", 0)])
def test_where_to(desk: Desk, to: str, stage: str, percent: int) -> None:
    desk.land("promote", CLEAN_ID, *ATTEST, hours=HOURS[1])
    answer = desk.json("rollback", CLEAN_ID, "--reason", "tickets", "--to", to)["runbooks"][0]
    assert answer["from"] == {"stage": "canary", "percent": "5"}
    assert answer["to"] == {"stage": stage, "percent": str(percent)}
    assert desk("pr", "merge", str(answer["number"])).code == 0
    assert desk.json("audit")["holds"]


def test_it_closes_an_open_promotion(desk: Desk) -> None:
    assert desk.hours(HOURS[1])("promote", CLEAN_ID, *ATTEST).code == 0
    ran = desk("rollback", CLEAN_ID, "--reason", "tickets doubled")
    assert "  closed #2, which this one contradicts" in ran.out.splitlines()
    shown = desk.json("pr", "show", "2")
    assert (shown["state"], shown["reason"].startswith("superseded by #3")) == ("closed", True)


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    before = sorted(desk.place.hub.rglob("*"))
    ran = desk("rollback", CLEAN_ID, "--reason", "tickets doubled", "--dry-run")
    assert (ran.code, "would open a pull request" in ran.out) == (0, True)
    assert "+  stage: rolled-back" in ran.out
    assert sorted(desk.place.hub.rglob("*")) == before


def test_what_is_down_is_not_rolled_back(desk: Desk) -> None:
    desk.land("rollback", CLEAN_ID, "--reason", "tickets doubled")
    answer = desk.json("rollback", CLEAN_ID, "--reason", "again", code=1)["runbooks"][0]
    assert (answer["code"], "never rolled back" in answer["message"]) == ("nothing-to-roll-back", True)


def test_untrusted_words_stay_words(desk: Desk) -> None:
    reason = "a: {b} # c\n- d ${e} 'f' \"g\""
    desk.land("rollback", CLEAN_ID, "--reason", reason)
    record = json.loads(desk.place.read(f"records/{CLEAN_ID}/000002.json"))
    assert reason in _strings(record)
    assert desk.json("status", CLEAN_ID)["runbooks"][0]["hold"]["reason"] == reason


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


def test_all_with_a_runbook_that_is_not_up(desk: Desk) -> None:
    desk.land("rollback", CLEAN_ID, "--reason", "tickets doubled")
    ran = desk("rollback", "--all", "--reason", "everything down")
    assert (ran.code, ran.out) == (0, "no live runbook\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((CLEAN_ID,), "--reason"),
        (("--reason", "x"), "name a runbook"),
        (("no-such-one", "--reason", "x"), "no-such-one"),
        ((CLEAN_ID, "--reason", "x", "--to", "full"), "--to"),
    ],
)
def test_usage(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    ran = desk("rollback", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran


def test_planned_has_nothing_to_go_back_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_at(tmp_path / "planned", monkeypatch, capsys)
    ran = desk("rollback", CLEAN_ID, "--reason", "x")
    assert (ran.code, "no traffic has moved yet" in ran.out) == (1, True)


def test_help(desk: Desk) -> None:
    ran = desk("rollback", "--help")
    assert (ran.code, "fast lane" in ran.out, "--reason" in ran.out) == (0, True, True)
