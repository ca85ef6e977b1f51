"""`towpath pr`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import FLAGS, PROMOTION, RECORD, RUNBOOK, Desk, desk_at
from towpath.cli.pr import visible

TITLE = f"{CLEAN_ID}: promote to internal (0 %)"
BEA = "Bea <bea@example.org>"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


@pytest.fixture
def desk(empty: Desk) -> Desk:
    """With one open promotion, by Ada."""
    empty.once("open", lambda: empty("promote", CLEAN_ID))
    return empty


def test_an_empty_list(empty: Desk) -> None:
    assert empty("pr", "list").out == "no open pull requests (--all shows those that ended)\n"
    assert empty("pr", "list", "--all").out == "no pull requests\n"
    assert empty.json("pr", "list") == {"pull_requests": []}


def test_the_list(desk: Desk) -> None:
    assert desk("pr", "list").out.splitlines() == [
        f"#1    open     {TITLE}",
        f"      {PROMOTION}, by Ada <ada@example.org>",
    ]
    (pull,) = desk.json("pr", "list")["pull_requests"]
    assert (pull["number"], pull["state"], pull["branch"], pull["base"]) == (1, "open", PROMOTION, "main")
    assert pull["head"] == desk.place.head(PROMOTION)
    assert pull["opened"] == {"at": "2026-11-23T12:00:00Z", "simulated": True}


def test_ended_ones_are_in_the_list_of_all(desk: Desk) -> None:
    assert desk("pr", "close", "1", "--reason", "not now").code == 0
    assert desk.json("pr", "list")["pull_requests"] == []
    assert desk("pr", "list", "--all").out.startswith(f"#1    closed   {TITLE}\n")


@pytest.mark.parametrize("name", ["1", "#1", PROMOTION])
def test_show(desk: Desk, name: str) -> None:
    ran = desk("pr", "show", name)
    assert ran.code == 0
    assert ran.out.startswith(f"#1 {TITLE}  [open]\n{PROMOTION} ({desk.place.head(PROMOTION)[:12]}) into main\n")
    assert "opened by Ada <ada@example.org> at 2026-11-23 12:00 UTC (simulated)" in ran.out
    body = desk.json("pr", "show", name)["body"]
    for said in ("internal", "refund-eligibility", "100"):
        assert said in body
        assert said in ran.out


def test_diff(desk: Desk) -> None:
    ran = desk("pr", "diff", "1")
    assert f"--- a/{RUNBOOK}\n+++ b/{RUNBOOK}\n" in ran.out
    assert "-  stage: planned\n+  stage: internal\n" in ran.out
    assert "--- /dev/null\n" in ran.out
    assert [one["path"] for one in desk.json("pr", "diff", "1")] == sorted([FLAGS, RECORD, RUNBOOK])


def test_merge(desk: Desk) -> None:
    tip = desk.place.head()
    ran = desk.hours(3).actor(BEA)("pr", "merge", "1")
    merged = desk.place.head()
    assert (ran.code, ran.out) == (0, f"merged #1 as {merged[:12]} into main\n")
    assert desk.place.git.line("rev-parse", "main^1", "main^2").split() == [tip, desk.place.head(PROMOTION)]
    assert desk.place.read(RECORD)
    shown = desk.json("pr", "show", "1")
    assert (shown["state"], shown["ended_by"], shown["merge_commit"]) == ("merged", BEA, merged)
    assert f"merged by {BEA} at 2026-11-23 15:00 UTC (simulated)" in desk("pr", "show", "1").out
    again = desk("pr", "merge", "1")
    assert (again.code, "pull request 1 is merged already" in again.err) == (2, True)
    assert desk.place.head() == merged


def test_close(desk: Desk) -> None:
    ran = desk.actor(BEA)("pr", "close", "1", "--reason", "not before Christmas")
    assert (ran.code, ran.out) == (0, "closed #1\n")
    assert f"closed by {BEA} at 2026-11-23 12:00 UTC (simulated): not before Christmas" in desk("pr", "show", "1").out
    assert desk("pr", "merge", "1").code == 2
    assert b"stage: planned" in desk.place.read(RUNBOOK)


def test_comment(desk: Desk) -> None:
    ran = desk.actor(BEA)("pr", "comment", "1", "looks good\nto me")
    assert (ran.code, ran.out) == (0, "commented on #1\n")
    assert f"\n{BEA} at 2026-11-23 12:00 UTC (simulated):\nlooks good\nto me\n" in desk("pr", "show", "1").out


def test_approve_by_somebody_else(desk: Desk) -> None:
    own = desk("pr", "approve", "1")
    assert (own.code, "nobody approves their own pull request" in own.err) == (2, True)
    head = desk.place.head(PROMOTION)
    ran = desk.actor(BEA)("pr", "approve", "1")
    assert (ran.code, ran.out) == (0, f"approved #1 at {head[:12]}\n")
    assert desk.json("pr", "show", "1")["approved_by"] == [BEA]
    assert f", approved by {BEA}" in desk("pr", "list").out


def test_an_approval_ends_with_the_next_commit(desk: Desk) -> None:
    assert desk.actor(BEA)("pr", "approve", "1").code == 0
    desk.place.edit("title: Support triage", "title: Our support triage")
    assert desk.actor("Ada <ada@example.org>")("promote", CLEAN_ID).code == 0
    assert desk.json("pr", "show", "1")["approved_by"] == []


def test_a_persons_commit_is_told(desk: Desk) -> None:
    desk.place.push({"prompts/triage.md": b"mine\n"}, PROMOTION)
    assert "holds 1 commit(s) that a person pushed" in desk("pr", "show", "1").out


@pytest.mark.parametrize("verb", ["show", "diff", "merge", "close", "approve"])
@pytest.mark.parametrize("name", ["7", "towpath/nobody/000001-hold"])
def test_no_such_pull_request(empty: Desk, verb: str, name: str) -> None:
    ran = empty("pr", verb, name)
    assert (ran.code, "there is no pull request" in ran.err, "towpath pr list --all" in ran.err) == (2, True, True)


def test_untrusted_text_does_not_reach_the_terminal(desk: Desk) -> None:
    assert desk.actor("Eve\x1b[31m <e@x>")("pr", "comment", "1", "a\x1b]0;b\x07\u202ec").code == 0
    shown = desk("pr", "show", "1").out
    assert not any(sign in shown for sign in ("\x1b", "\x07", "\u202e"))
    assert visible("a\tb\nc\x00") == "a b c"
    assert visible("a\nb\x1bc", lines=True) == "a\nb c"


def test_help(desk: Desk) -> None:
    ran = desk("pr", "--help")
    assert ran.code == 0
    for verb in ("list", "show", "diff", "merge", "close", "comment", "approve"):
        assert verb in ran.out
        assert desk("pr", verb, "--help").code == 0
