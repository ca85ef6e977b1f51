"""`towpath audit`, as a user runs it: an intact history holds, and every way to touch it afterwards is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import ATTEST, HOURS, RUNBOOK, Desk, desk_at

FIRST, SECOND = (f"records/{CLEAN_ID}/00000{number}.json" for number in (1, 2))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Two promotions landed."""
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.climb(2)
    return desk


def test_an_intact_history_holds(desk: Desk) -> None:
    merges = desk.place.git.line("rev-list", "--reverse", "--merges", "--first-parent", "main").split()
    ran = desk("audit")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == f"history of {merges[1][:12]}, first parents"
    assert lines[2].startswith(f"{CLEAN_ID}: 2 transition")
    assert lines[3:7] == [
        "  ok   2026-11-23 12:00 UTC (simulated)  promote: planned 0 % -> internal 0 %  (gate: pass)",
        f"       commit {merges[0][:12]}, {FIRST}, asked for by Ada <ada@example.org>, synthetic evidence",
        "  ok   2026-11-25 13:00 UTC (simulated)  promote: internal 0 % -> canary 5 %  (gate: pass)",
        f"       commit {merges[1][:12]}, {SECOND}, asked for by Ada <ada@example.org>, synthetic evidence",
    ]


def test_json_of_an_intact_history(desk: Desk) -> None:
    data = desk.json("audit")
    assert (data["tip"], data["holds"]) == (desk.place.head(), True)
    (story,) = data["runbooks"]
    assert (story["runbook"], story["path"], story["holds"], story["amends"]) == (CLEAN_ID, RUNBOOK, True, [])
    last = story["transitions"][-1]
    assert (last["commit"], last["landed"], last["simulated"]) == (desk.place.head(), "2026-11-25T13:00:00Z", True)
    assert (last["from"], last["to"]) == (
        {"stage": "internal", "percent": "0"},
        {"stage": "canary", "percent": "5"},
    )
    assert (last["gate"], last["record"], last["synthetic"], last["problems"]) == ("pass", SECOND, True, [])


def test_every_kind_of_transition_holds(desk: Desk) -> None:
    desk.land("hold", CLEAN_ID, "--reason", "wait")
    desk.land("resume", CLEAN_ID)
    desk.land("rollback", CLEAN_ID, "--reason", "tickets")
    desk.land("resume", CLEAN_ID, "--to", "internal", "--reason", "fixed")
    desk.place.edit("title: Support triage", "title: Our support triage")
    data = desk.json("audit")
    actions = [one["action"] for one in data["runbooks"][0]["transitions"]]
    assert actions == ["promote", "promote", "hold", "resume", "rollback", "resume"]
    assert [one["commit"] for one in data["runbooks"][0]["amends"]] == [desk.place.head()]


# tampering; each returns the commit it was done in


def record_edited(desk: Desk) -> str:
    record = json.loads(desk.place.read(FIRST))
    text = json.dumps(record).replace("Ada", "Eve")
    return desk.place.push({FIRST: text.encode()})


def record_edited_by_one_byte(desk: Desk) -> str:
    return desk.place.push({SECOND: desk.place.read(SECOND).replace(b"Ada", b"Eve", 1)})


def record_deleted(desk: Desk) -> str:
    return desk.place.push({SECOND: None})


def percent_changed(desk: Desk) -> str:
    return desk.place.edit("  percent: 5\n  hold", "  percent: 50\n  hold")


def stage_changed(desk: Desk) -> str:
    return desk.place.edit("  stage: canary\n", "  stage: half\n")


def hold_set(desk: Desk) -> str:
    return desk.place.edit("  hold: null", "  hold: {by: eve, reason: x}")


def runbook_deleted(desk: Desk) -> str:
    return desk.place.push({RUNBOOK: None})


def record_without_a_change(desk: Desk) -> str:
    third = SECOND.replace("2.json", "3.json")
    return desk.place.push({third: desk.place.read(SECOND)})


def number_left_out(desk: Desk) -> str:
    fifth = SECOND.replace("2.json", "5.json")
    return desk.place.push({fifth: desk.place.read(SECOND)})


def evidence_changed(desk: Desk) -> str:
    (path,) = desk.place.files().paths("evidence")
    return desk.place.push({path: desk.place.read(path).replace(b"120", b"121", 1)})


def evidence_deleted(desk: Desk) -> str:
    (path,) = desk.place.files().paths("evidence")
    return desk.place.push({path: None})


TAMPERINGS: dict[Callable[[Desk], str], str] = {
    record_edited: f"{FIRST} was changed or taken away",
    record_edited_by_one_byte: f"{SECOND} was changed or taken away",
    record_deleted: f"{SECOND} was changed or taken away",
    evidence_changed: ".jsonl was changed or taken away",
    evidence_deleted: ".jsonl was changed or taken away",
    percent_changed: "the rollout block changed without a record",
    stage_changed: "the rollout block changed without a record",
    hold_set: "the rollout block changed without a record",
    runbook_deleted: "the runbook was deleted",
    record_without_a_change: "the record does not name the one before it",
    number_left_out: "is not the next record, 000003.json",
}


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_named(desk: Desk, tamper: Callable[[Desk], str]) -> None:
    commit = tamper(desk)
    ran = desk("audit")
    assert ran.code == 1
    assert f"commit {commit[:12]}" in ran.out
    assert TAMPERINGS[tamper] in ran.out
    assert ran.out.count("FAIL") == 1
    assert "1 of 3 transitions" in ran.out.splitlines()[-1]
    data = desk.json("audit", code=1)
    assert (data["holds"], data["runbooks"][0]["holds"]) == (False, False)
    (found,) = (one for one in data["runbooks"][0]["transitions"] if one["problems"])
    assert found["commit"] == commit
    assert any(TAMPERINGS[tamper] in problem for problem in found["problems"])


def tampered_merge(desk: Desk, files: dict[str, bytes | None]) -> str:
    """What the last promotion would be had somebody slipped other files into its commit."""
    from support.repositories import NOON
    from towpath.git.writing import move_refs, write_commit, write_tree

    git = desk.place.git
    tip = desk.place.head()
    tree = write_tree(git, tip, files)
    parents = tuple(git.line("rev-parse", "main^1", "main^2").split())
    commit = write_commit(git, tree, parents, "Merge #2", at=NOON, by="Eve")
    move_refs(git, {"refs/heads/main": (tip, commit)})
    return commit


def changed_record(desk: Desk, **claims: object) -> bytes:
    """The second record with other claims, canonical again."""
    from dataclasses import replace

    from towpath.record.statement import read_record, write_record

    return write_record(replace(read_record(desk.place.read(SECOND), SECOND), **claims))  # type: ignore[arg-type]


def test_the_chain_is_broken(desk: Desk) -> None:
    commit = tampered_merge(desk, {SECOND: changed_record(desk, prev="0" * 64)})
    ran = desk("audit")
    assert (ran.code, f"commit {commit[:12]}" in ran.out) == (1, True)
    assert "the record does not name the one before it" in ran.out


def test_evidence_changed_after_the_record(desk: Desk) -> None:
    (path,) = desk.place.files().paths("evidence")
    data = desk.place.read(path).replace(b"120", b"121", 1)
    commit = tampered_merge(desk, {path: data})
    ran = desk("audit")
    assert (ran.code, f"commit {commit[:12]}" in ran.out) == (1, True)
    assert f"{path} is not the evidence the record names" in ran.out


def test_exports_that_are_not_the_recorded_ones(desk: Desk) -> None:
    tampered_merge(desk, {"flags/support-triage.flagd.json": b"{}\n"})
    ran = desk("audit")
    assert (ran.code, "is not the export the record names" in ran.out) == (1, True)


def test_a_runbook_that_is_not_the_recorded_one(desk: Desk) -> None:
    text = desk.place.read(RUNBOOK).replace(b"margin: 5pp", b"margin: 50pp")
    tampered_merge(desk, {RUNBOOK: text})
    ran = desk("audit")
    assert (ran.code, "the runbook after is not the one the record names" in ran.out) == (1, True)


def test_no_gate_that_passed(desk: Desk) -> None:
    tampered_merge(desk, {SECOND: changed_record(desk, gate=None)})
    ran = desk("audit")
    assert (ran.code, "no gate passed for canary" in ran.out) == (1, True)


def test_a_simulated_clock_where_none_is_allowed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.place.push({"towpath.toml": b""})
    (desk.place.work / "towpath.toml").write_bytes(b"")
    monkeypatch.delenv("TOWPATH_NOW")
    ran = desk("audit")
    assert ran.code == 1
    assert ran.out.count("the clock was simulated, in a repository that is not marked as simulated") == 2


def test_a_plain_clone_is_audited_without_times(desk: Desk) -> None:
    desk.place.check_out()
    desk.place.hub.rename(desk.place.hub.with_name("gone.git"))
    ran = desk("audit")
    assert ran.code == 0, ran
    assert "landed at an unknown time  promote" in ran.out
    named = desk("audit", "--rev", "HEAD~1")
    assert (named.code, named.out.count("promote: ")) == (0, 1)
    percent = desk.place.work / RUNBOOK
    percent.write_text("changed in the work tree only\n")
    assert desk("audit").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-one",), f"it has: {CLEAN_ID}"),
        (("--rev", "no-such-rev"), "there is no revision 'no-such-rev'"),
        (("--format", "xml"), "xml"),
    ],
)
def test_usage(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    ran = desk("audit", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran


def test_a_shallow_clone_proves_nothing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from support.repositories import plain_git

    plain_git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{desk.place.hub}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    plain_git(tmp_path / "shallow", "remote", "set-url", "origin", "https://example.org/x.git")
    ran = desk("audit")
    assert (ran.code, "shallow" in ran.err, "--unshallow" in ran.err) == (2, True, True)


def test_the_pull_requests_way_is_the_only_way(desk: Desk) -> None:
    """A promotion that is due, written by hand as the bot would write it, but without its record."""
    assert desk.hours(HOURS[2])("promote", CLEAN_ID, *ATTEST).code == 0
    text = desk.place.read(RUNBOOK, f"towpath/{CLEAN_ID}/000003-promote")
    desk.place.push({RUNBOOK: text})
    assert desk("audit").code == 1


def test_help(desk: Desk) -> None:
    ran = desk("audit", "--help")
    said = " ".join(ran.out.split())
    assert (ran.code, "Exit code 0: everything holds. 1: something does not" in said) == (0, True)
