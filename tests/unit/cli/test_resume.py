"""`towpath resume`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import ATTEST, HOURS, RUNBOOK, Desk, clean_files, desk_at, evidence


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


def test_nothing_to_resume(desk: Desk) -> None:
    ran = desk("resume", CLEAN_ID)
    assert (ran.code, "nothing to resume" in ran.out) == (3, True)
    assert desk.json("pr", "list")["pull_requests"] == []


def test_it_clears_a_hold_and_leaves_the_rest_of_the_file(desk: Desk) -> None:
    before = desk.place.read(RUNBOOK)
    desk.land("hold", CLEAN_ID, "--reason", "wait")
    assert desk.place.read(RUNBOOK) != before
    desk.land("resume", CLEAN_ID)
    assert desk.place.read(RUNBOOK) == before
    assert desk("promote", CLEAN_ID).code == 0


def test_it_unblocks_a_closed_step(desk: Desk) -> None:
    assert desk("promote", CLEAN_ID).code == 0
    assert desk("pr", "close", "1").code == 0
    assert desk("promote", CLEAN_ID).code == 3
    before = desk.place.read(RUNBOOK)
    desk.land("resume", CLEAN_ID, "--reason", "a misunderstanding")
    assert desk.place.read(RUNBOOK) == before, "only a record: the runbook stays as it is"
    assert desk("promote", CLEAN_ID).code == 0
    assert desk.json("audit")["holds"]


class TestAfterARollback:
    @pytest.fixture
    def down(self, desk: Desk) -> Desk:
        desk.climb(2)
        desk.once("down", lambda: desk.land("rollback", CLEAN_ID, "--reason", "tickets doubled"))
        return desk

    def test_it_asks_where_to(self, down: Desk) -> None:
        ran = down("resume", CLEAN_ID, "--reason", "fixed")
        assert (ran.code, "say where to start again" in ran.out) == (2, True)
        assert f"towpath resume {CLEAN_ID} --to planned, or --to internal" in ran.out

    def test_never_higher_than_the_first_stage(self, down: Desk) -> None:
        ran = down("resume", CLEAN_ID, "--to", "canary", "--reason", "fixed")
        assert (ran.code, "it cannot start again at canary" in ran.out) == (2, True)

    def test_old_evidence_needs_a_reason(self, down: Desk) -> None:
        assert down("resume", CLEAN_ID, "--to", "internal").code == 3
        assert down("resume", CLEAN_ID, "--to", "internal", "--reason", "it was the network").code == 0

    def test_newer_evidence_needs_none(self, down: Desk) -> None:
        files = clean_files()
        path, data = evidence(files, measured_hours=HOURS[1] + 1)  # type: ignore[arg-type]
        down.place.push({path: data})
        down.hours(HOURS[1] + 2)
        assert down("resume", CLEAN_ID, "--to", "internal").code == 0

    def test_the_bake_starts_again(self, down: Desk) -> None:
        start = HOURS[1] + 24
        down.land("resume", CLEAN_ID, "--to", "internal", "--reason", "fixed", hours=start)
        early = down.hours(start + 47).json("promote", CLEAN_ID, *ATTEST, code=3)["runbooks"][0]
        assert early["code"] == "bake"
        down.land("promote", CLEAN_ID, *ATTEST, hours=start + 49)
        assert down.json("audit")["holds"]


def test_to_is_for_rollbacks(desk: Desk) -> None:
    desk.land("hold", CLEAN_ID, "--reason", "wait")
    ran = desk("resume", CLEAN_ID, "--to", "full")
    assert (ran.code, "--to is for a migration that was rolled back" in ran.out) == (2, True)


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    desk.land("hold", CLEAN_ID, "--reason", "wait")
    before = sorted(desk.place.hub.rglob("*"))
    assert "+  hold: null" in desk("resume", CLEAN_ID, "--dry-run").out
    assert sorted(desk.place.hub.rglob("*")) == before


@pytest.mark.parametrize("arguments", [(), ("no-such-one",), (CLEAN_ID, "--all")])
def test_usage(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk("resume", *arguments).code == 2


def test_help(desk: Desk) -> None:
    ran = desk("resume", "--help")
    assert (ran.code, "After a rollback" in ran.out) == (0, True)
