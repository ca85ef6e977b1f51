"""`towpath hold`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import ATTEST, HOURS, RUNBOOK, Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


def test_it_opens_the_pull_request_that_holds(desk: Desk) -> None:
    ran = desk("hold", CLEAN_ID, "--reason", "team offsite", "--until", "2026-12-01T10:00:00+01:00")
    assert ran.code == 0
    assert ran.out.startswith(f"{CLEAN_ID}: planned (0 %) -> planned (0 %): pull request #1 opened\n")
    assert desk("pr", "merge", "1").code == 0
    assert desk.place.read(RUNBOOK).decode().splitlines()[-1] == (
        '  hold: {by: "Ada <ada@example.org>", reason: team offsite, since: "2026-11-23T12:00:00Z", '
        'until: "2026-12-01T09:00:00Z"}'
    )


def test_traffic_stays_and_the_bake_stands_still(desk: Desk) -> None:
    desk.climb(1)
    desk.land("hold", CLEAN_ID, "--reason", "flaky", hours=10)
    held = desk.hours(500).json("status", CLEAN_ID)["runbooks"][0]
    assert (held["stage"], held["percent"]) == ("internal", "0")
    assert (held["bake"]["elapsed_seconds"], held["bake"]["over"], held["bake"]["due"]) == (36000, False, None)
    desk.land("resume", CLEAN_ID, "--reason", "fixed")
    assert desk.hours(500 + 37).json("promote", CLEAN_ID, *ATTEST, code=3)["runbooks"][0]["code"] == "bake"
    assert desk.hours(500 + 39)("promote", CLEAN_ID, *ATTEST).code == 0


def test_it_closes_an_open_promotion(desk: Desk) -> None:
    desk.climb(1)
    assert desk.hours(HOURS[1])("promote", CLEAN_ID, *ATTEST).code == 0
    answer = desk.json("hold", CLEAN_ID, "--reason", "wait")["runbooks"][0]
    assert answer["superseded"] == [2]
    assert desk.json("pr", "show", "2")["state"] == "closed"


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    before = sorted(desk.place.hub.rglob("*"))
    ran = desk("hold", "--all", "--reason", "wait", "--dry-run")
    assert (ran.code, "-  hold: null" in ran.out) == (0, True)
    assert sorted(desk.place.hub.rglob("*")) == before


def test_one_hold_is_enough(desk: Desk) -> None:
    desk.land("hold", CLEAN_ID, "--reason", "wait")
    ran = desk("hold", CLEAN_ID, "--reason", "wait more")
    assert (ran.code, "on hold already, by Ada" in ran.out) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((CLEAN_ID,), "--reason"),
        ((CLEAN_ID, "--reason", "x", "--until", "tomorrow"), "no time with a time zone"),
        ((CLEAN_ID, "--reason", "x", "--until", "2026-12-01T09:00:00"), "no time with a time zone"),
        (("--reason", "x"), "name a runbook"),
        (("no-such-one", "--reason", "x"), "no-such-one"),
    ],
)
def test_usage(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    ran = desk("hold", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran


def test_a_moment_that_has_passed(desk: Desk) -> None:
    ran = desk("hold", CLEAN_ID, "--reason", "x", "--until", "2026-11-01T00:00:00Z")
    assert (ran.code, "has passed already" in ran.out) == (2, True)


def test_help(desk: Desk) -> None:
    ran = desk("hold", "--help")
    assert (ran.code, "bake clock stands still" in ran.out) == (0, True)
