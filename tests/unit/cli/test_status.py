"""`towpath status`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN, CLEAN_ID
from support.scratch import ATTEST, Desk, clean_files, desk_at

OTHER = "billing-triage-2026-11"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


def test_planned_and_ready(desk: Desk) -> None:
    ran = desk("status")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"{CLEAN_ID}  Support triage moves from SmolLM2 135M to Qwen2.5-Coder 0.5B",
        "  now    planned, 0 %  internal > canary > half > full",
        "  next   internal, 0 %: everything is there",
    ]
    data = desk.json("status")
    assert data["base"] == desk.place.head()
    assert data["runbooks"][0]["next"] == {"stage": "internal", "percent": "0"}
    assert data["runbooks"][0]["missing"] is None


def test_baking(desk: Desk) -> None:
    desk.climb(1)
    ran = desk.hours(10)("status", CLEAN_ID)
    assert "  now    internal, 0 % and employees  [internal] > canary > half > full" in ran.out
    assert "  baked  10h of 48h, 1d 14h left" in ran.out
    assert "  next   not yet: stage internal has baked 10h of 48h" in ran.out
    data = desk.json("status")["runbooks"][0]
    assert data["bake"] == {
        "required_seconds": 48 * 3600,
        "elapsed_seconds": 10 * 3600,
        "due": "2026-11-25T12:00:00Z",
        "over": False,
    }
    assert (data["missing"]["code"], data["missing"]["due"]) == ("bake", "2026-11-25T12:00:00Z")
    assert data["to_vouch"] == ["review"]


def test_what_people_have_to_vouch_for_does_not_hide_what_comes_after(desk: Desk) -> None:
    desk.climb(1)
    ran = desk.hours(49)("status")
    assert "  next   canary, 5 %: everything is there" in ran.out
    assert "somebody has to vouch for its review: towpath promote --attest review=TEXT" in ran.out
    assert desk("promote", CLEAN_ID).code == 3


def test_an_open_pull_request_and_a_hold(desk: Desk) -> None:
    assert desk("promote", CLEAN_ID).code == 0
    assert f"  open   #1 {CLEAN_ID}: promote to internal (0 %)" in desk("status").out
    assert desk.json("status")["runbooks"][0]["open"] == [1]
    desk.land("hold", CLEAN_ID, "--reason", "wait for legal")
    data = desk.json("status")["runbooks"][0]
    assert data["hold"] == {"by": "Ada <ada@example.org>", "reason": "wait for legal"}
    assert data["open"] == []
    assert "not yet: on hold by Ada <ada@example.org>: wait for legal" in desk("status").out


def test_those_that_ended_are_shown_when_asked_for(desk: Desk) -> None:
    desk.climb(1)
    desk.land("rollback", CLEAN_ID, "--reason", "tickets", "--to", "baseline")
    shown = desk.json("status", "--all")["runbooks"]
    assert [(one["runbook"], one["stage"]) for one in shown] == [(CLEAN_ID, "rolled-back")]


def test_it_writes_nothing(desk: Desk) -> None:
    before = sorted(desk.place.hub.rglob("*"))
    assert desk("status", "--all").code == 0
    assert sorted(desk.place.hub.rglob("*")) == before


def test_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files = clean_files()
    files[f"runbooks/{OTHER}.yaml"] = CLEAN.replace("support-triage", "billing-triage").encode()
    desk = desk_at(tmp_path, monkeypatch, capsys, files)
    assert [one["runbook"] for one in desk.json("status")["runbooks"]] == [OTHER, CLEAN_ID]
    assert [one["runbook"] for one in desk.json("status", CLEAN_ID)["runbooks"]] == [CLEAN_ID]
    data = desk.json("status", CLEAN_ID, "no-such-one", code=2)
    assert [one.get("error", "")[:22] for one in data["runbooks"]] == ["", "there is no runbook 'n"]
    assert "no-such-one: error: there is no runbook" in desk("status", "no-such-one").out


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_at(tmp_path, monkeypatch, capsys, {"towpath.toml": b"simulated = true\n"})
    ran = desk("status")
    assert (ran.code, "start one with: towpath new" in ran.out) == (0, True)
    assert desk.json("status")["runbooks"] == []


def test_the_end(desk: Desk) -> None:
    assert desk("status", *ATTEST).code == 2
    ran = desk("status", "--help")
    assert (ran.code, "now, next, when, and why not" in ran.out) == (0, True)


class TestSurroundings:
    def test_no_hub(self, desk: Desk) -> None:
        desk.place.hub.rename(desk.place.hub.with_name("gone.git"))
        ran = desk("status")
        assert (ran.code, "no folder on this machine" in ran.err) == (2, True)

    def test_a_hub_with_a_work_tree(self, desk: Desk) -> None:
        desk.place.git.run("config", "core.bare", "false")
        ran = desk("status")
        assert ran.code == 2, ran

    def test_no_remote(self, desk: Desk) -> None:
        from towpath.git.running import Git

        Git(desk.place.work).run("remote", "remove", "origin")
        ran = desk("status")
        assert (ran.code, "no remote 'origin'" in ran.err) == (2, True)

    def test_no_base_branch(self, desk: Desk) -> None:
        desk.place.git.run("update-ref", "-d", "refs/heads/main")
        ran = desk("status")
        assert (ran.code, "git push -u origin main" in ran.err) == (2, True)

    def test_a_base_without_settings(self, desk: Desk) -> None:
        desk.place.push({"towpath.toml": None})
        ran = desk("status")
        assert (ran.code, "the branch main has no towpath.toml" in ran.err) == (2, True)

    def test_no_git_repository(self, desk: Desk) -> None:
        (desk.place.work / ".git").rename(desk.place.work.parent / "elsewhere")
        ran = desk("status")
        assert (ran.code, "not the top folder of a git repository" in ran.err) == (2, True)
