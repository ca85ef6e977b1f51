"""`towpath close`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import FLAGS, HOURS, RUNBOOK, Desk, desk_at

FULL = 14 * 24


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


def test_the_end_of_a_migration(desk: Desk) -> None:
    last = desk.climb(4)
    early = desk.hours(last + FULL - 1).json("close", CLEAN_ID, code=3)["runbooks"][0]
    assert (early["code"], early["due"]) == ("bake", "2026-12-19T15:00:00Z")
    desk.hours(HOURS[3] + FULL)
    before = sorted(desk.place.hub.rglob("*"))
    assert "+  stage: done" in desk("close", CLEAN_ID, "--dry-run").out
    assert sorted(desk.place.hub.rglob("*")) == before
    assert desk("close", CLEAN_ID, "--reason", "all well").out.startswith(
        f"{CLEAN_ID}: full (100 %) -> done (100 %): pull request #5 opened\n"
    )
    assert desk("pr", "merge", "5").code == 0
    assert "stage: done" in desk.place.read(RUNBOOK).decode()
    flag = json.loads(desk.place.read(FLAGS))["flags"]["support-triage"]
    assert flag["defaultVariant"] == "candidate"
    assert "baseline" not in json.dumps(flag.get("targeting", {})), "everybody keeps the candidate"
    assert desk.json("audit")["holds"]
    over = desk("close", CLEAN_ID)
    assert (over.code, over.out) == (0, f"{CLEAN_ID}: nothing to do: the migration is done already\n")
    assert desk("promote", CLEAN_ID).code == 0
    assert desk("close", "--all").out == "no live runbook\n"


def test_only_after_the_last_stage(desk: Desk) -> None:
    desk.climb(1)
    refs = desk.place.refs()
    ran = desk.hours(1000)("close", CLEAN_ID)
    assert (ran.code, "it stands at internal; only full can be closed" in ran.out) == (3, True)
    assert desk.place.refs() == refs


@pytest.mark.parametrize("arguments", [(), ("no-such-one",), (CLEAN_ID, "--all")])
def test_usage(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk("close", *arguments).code == 2


def test_help(desk: Desk) -> None:
    ran = desk("close", "--help")
    assert (ran.code, "finishes RUNBOOK" in ran.out) == (0, True)
