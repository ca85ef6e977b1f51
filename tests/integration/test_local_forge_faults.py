"""The embedded forge when things go wrong: killed anywhere, two at once, checked-out branches, people in between."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.faults import Faulty, How, Run, is_sound, leftovers
from support.repositories import plain_git
from support.runbooks import CLEAN_ID
from support.scratch import ATTEST, HOURS, PROMOTION, RUNBOOK, Desk, Scratch, desk_at, scratch

SECOND = f"towpath/{CLEAN_ID}/000002-promote"
PROMOTE = ("promote", CLEAN_ID, *ATTEST)
MERGE = ("pr", "merge", "2")
WRITING = (
    "hash-object",
    "mktree",
    "update-index",
    "write-tree",
    "commit-tree",
    "update-ref",
    "merge-tree",
    "read-tree",
)
PARTS = 4
"""The calls are dealt out to so many tests, so that they can run side by side."""


@dataclass(frozen=True)
class Undisturbed:
    """A command that nothing happened to.

    Attributes:
        start: the repository before it.
        refs: every ref of the hub after it.
        run: its process.
    """

    start: Scratch
    arguments: tuple[str, ...]
    refs: dict[str, str]
    run: Run

    def writing(self) -> list[int]:
        """Numbers of the calls that write."""
        return [number for number, call in enumerate(self.run.calls, 1) if set(call.split()) & set(WRITING)]

    def moving(self) -> list[int]:
        """Numbers of the calls that move refs."""
        return [number for number, call in enumerate(self.run.calls, 1) if "update-ref" in call.split()]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Undisturbed]:
    """`promote` and `pr merge` of the second stage, each on a repository that has one merged promotion."""
    folder = tmp_path_factory.mktemp("undisturbed")
    place = scratch(folder / "start")
    for arguments in (PROMOTE, ("pr", "merge", "1")):
        process = place.start(*arguments, hours=0)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, out
    found = {}
    for name, arguments in (("promote", PROMOTE), ("merge", MERGE)):
        start = place.copy(folder / f"before-{name}")
        run = Faulty(place, folder / name, *arguments, hours=HOURS[1]).end()
        assert run.code == 0, run
        found[name] = Undisturbed(start=start, arguments=arguments, refs=place.refs(), run=run)
    assert f"refs/forge/open/{SECOND}" in found["promote"].refs
    assert f"refs/forge/open/{SECOND}" not in found["merge"].refs
    return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path / "desk", monkeypatch, capsys)


class Survivor:
    """Kills a command at one point, runs it again, and compares with the command that nobody killed."""

    def __init__(self, wanted: Undisturbed, folder: Path, desk: Desk) -> None:
        self.wanted = wanted
        self.folder = folder
        self.desk = desk

    def strike(self, at: int, how: How, lines: int = 0) -> bool:
        """Returns whether the process was killed."""
        name = f"{how}-{at}-{lines}"
        place = self.wanted.start.copy(self.folder / name)
        fault = self.folder / f"{name}-git"
        run = Faulty(place, fault, *self.wanted.arguments, hours=HOURS[1], how=how, at=at, lines=lines).end()
        assert run.code == (-9 if run.struck else 0), (name, run)
        self._recover(place, name)
        return run.struck

    def _recover(self, place: Scratch, name: str) -> None:
        refs = place.refs()
        again = self.desk.at(place).hours(HOURS[1]).actor("Bot")(*self.wanted.arguments)
        merged_already = again.code == 2 and "is merged already" in again.err and refs == self.wanted.refs
        assert again.code == 0 or merged_already, (name, again)
        assert place.refs() == self.wanted.refs, name
        assert leftovers(place.hub) == [], name
        assert is_sound(place.hub), name
        # every ref is the same commit as in the undisturbed run, so all that holds there holds here
        if self.wanted.arguments == PROMOTE:
            opened = self.desk.json("pr", "list")["pull_requests"]
            assert [pull["branch"] for pull in opened] == [SECOND], name
        else:
            prove(self.desk)


def prove(desk: Desk) -> None:
    """The audit knows both promotions and nothing else."""
    audit = desk.json("audit")
    assert audit["holds"], audit
    assert [one["to"]["stage"] for one in audit["runbooks"][0]["transitions"]] == ["internal", "canary"]


@pytest.fixture(params=["promote", "merge"])
def survivor(request: pytest.FixtureRequest, commands: dict[str, Undisturbed], tmp_path: Path, desk: Desk) -> Survivor:
    return Survivor(commands[request.param], tmp_path, desk)


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_before_any_call_of_git(survivor: Survivor, part: int) -> None:
    at = part + 1
    while survivor.strike(at, "before"):
        at += PARTS
    assert len(survivor.wanted.run.calls) < at <= len(survivor.wanted.run.calls) + PARTS


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_after_any_call_of_git_that_writes(survivor: Survivor, part: int) -> None:
    """For one that only reads it is the same as before the next."""
    points = survivor.wanted.writing()[part::PARTS]
    assert points
    for at in points:
        assert survivor.strike(at, "after")


def test_killed_while_it_tells_git_what_to_move(survivor: Survivor) -> None:
    """Git has some lines of the transaction and then no more: nothing may have moved."""
    for at in survivor.wanted.moving():
        for lines in (1, 2, 3):
            assert survivor.strike(at, "torn", lines)


def test_a_git_that_died_with_its_locks_is_named(survivor: Survivor) -> None:
    """Power cut: git's own lock stays. No git program removes somebody's lock; the message says which one it is."""
    wanted = survivor.wanted
    at = wanted.moving()[-1]
    place = wanted.start.copy(survivor.folder / "crashed")
    run = Faulty(place, survivor.folder / "git", *wanted.arguments, hours=HOURS[1], how="crashed", at=at).end()
    assert run.struck
    locks = leftovers(place.hub)
    assert locks
    desk = survivor.desk.at(place).hours(HOURS[1]).actor("Bot")
    refused = desk(*wanted.arguments)
    assert refused.code == 75
    assert any(lock in refused.err for lock in locks), refused
    assert "remove the .lock file" in refused.err
    for lock in locks:
        (place.hub / lock).unlink()
    assert desk(*wanted.arguments).code == 0
    assert place.refs() == wanted.refs
    if wanted.arguments == PROMOTE:
        assert desk(*MERGE).code == 0
    prove(desk)


# two at once


def meet(place: Scratch, folder: Path, moving: str, *arguments: str, actors: tuple[str, str]) -> list[Run]:
    """Two processes of one command; before they move the ref each waits for the other."""
    meeting = folder / "meeting"
    meeting.mkdir()
    pair = [
        Faulty(
            place,
            folder / f"git-{index}",
            *arguments,
            hours=0,
            how="meet",
            moving=moving,
            meeting=meeting,
            actor=actor,
        )
        for index, actor in enumerate(actors)
    ]
    runs = [one.end() for one in pair]
    assert len(list(meeting.iterdir())) == (2 if moving else 0), "they did not meet"
    return runs


@pytest.mark.parametrize("actors", [("Bot", "Bot"), ("Bot", "Bea <bea@example.org>")], ids=["same", "different"])
@pytest.mark.parametrize("moving", ["", "refs/forge/pushed/", "refs/forge/open/"], ids=["free", "push", "open"])
def test_two_promotions_at_once_are_one_pull_request(
    desk: Desk, tmp_path: Path, moving: str, actors: tuple[str, str]
) -> None:
    runs = meet(desk.place, tmp_path, moving, *PROMOTE, actors=actors)
    assert {run.code for run in runs} <= {0, 75}, runs
    assert any(run.code == 0 for run in runs)
    assert [pull["branch"] for pull in desk.json("pr", "list", "--all")["pull_requests"]] == [PROMOTION]
    assert set(desk.place.refs()) == {
        "refs/heads/main",
        f"refs/heads/{PROMOTION}",
        "refs/forge/pulls/1",
        f"refs/forge/open/{PROMOTION}",
        f"refs/forge/pushed/{PROMOTION}",
    }
    assert leftovers(desk.place.hub) == []
    assert is_sound(desk.place.hub)
    assert desk("pr", "merge", "1").code == 0
    assert desk.json("audit")["holds"]


@pytest.mark.parametrize("moving", ["", "refs/forge/pushed/"], ids=["free", "push"])
def test_two_that_bring_it_up_to_date_at_once(desk: Desk, tmp_path: Path, moving: str) -> None:
    assert desk.actor("Bot")(*PROMOTE).code == 0
    tip = desk.place.edit("title: Support triage", "title: Our support triage")
    runs = meet(desk.place, tmp_path, moving, *PROMOTE, actors=("Bot", "Bea <bea@example.org>"))
    assert {run.code for run in runs} <= {0, 75}, runs
    assert any(run.code == 0 for run in runs)
    assert [pull["branch"] for pull in desk.json("pr", "list", "--all")["pull_requests"]] == [PROMOTION]
    assert desk.place.git.line("rev-parse", f"{PROMOTION}^") == tip
    assert desk("pr", "merge", "1").code == 0
    assert desk.json("audit")["holds"]


@pytest.mark.parametrize("moving", ["", "refs/heads/main"], ids=["free", "together"])
def test_two_merges_at_once_are_one_merge(desk: Desk, tmp_path: Path, moving: str) -> None:
    assert desk(*PROMOTE).code == 0
    tip = desk.place.head()
    runs = meet(desk.place, tmp_path, moving, "pr", "merge", "1", actors=("Bot", "Bea"))
    assert sorted(run.code for run in runs)[0] == 0
    # who comes later is told that it moved, or, still later, that it is merged
    assert sorted(run.code for run in runs)[1] in (2, 75), runs
    line = desk.place.git.line("rev-list", "--first-parent", f"{tip}..main").split()
    assert len(line) == 1
    assert desk.json("audit")["holds"]
    assert leftovers(desk.place.hub) == []


# branches that are checked out


def everything(folder: Path) -> dict[str, str]:
    """Every file of a clone, its git directory included."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(params=["main", PROMOTION], ids=["main", "bot"])
def untidy(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Desk]:
    """An open promotion, a clone with a branch checked out, and a person's changes in every state in it."""
    assert desk(*PROMOTE).code == 0
    work = desk.place.work
    desk.place.check_out(request.param)
    for name, text in (("prompts/triage.md", "staged\n"), ("staged.txt", "new\n")):
        (work / name).write_text(text)
        plain_git(work, "add", name)
    (work / "prompts" / "triage.md").write_text("staged, then changed\n")
    (work / "untracked.txt").write_text("untracked\n")
    runbook = work / RUNBOOK
    changed = runbook.read_text().replace("percent: 0\n  hold: null", "percent: 99\n  hold: null")
    assert changed != runbook.read_text()
    runbook.write_text(changed)
    before = everything(work)
    assert {".git/HEAD", ".git/index", f".git/refs/heads/{request.param}"} <= set(before)
    yield desk
    assert everything(work) == before


def test_a_clones_work_is_never_touched(untidy: Desk) -> None:
    """Not its files, index, HEAD, branches; and none of it gets into the change."""
    desk = untidy
    desk.place.edit("title: Support triage", "title: Our support triage")
    assert desk.json(*PROMOTE)["runbooks"][0]["done"] == "updated"
    paths = [one["path"] for one in desk.json("pr", "diff", "1")]
    assert sorted(paths) == ["flags/support-triage.flagd.json", f"records/{CLEAN_ID}/000001.json", RUNBOOK]
    assert b"percent: 99" not in desk.place.read(RUNBOOK, PROMOTION)
    assert desk("pr", "merge", "1").code == 0
    desk.land("rollback", CLEAN_ID, "--reason", "tickets doubled")
    assert desk("status", "--all").code == 0
    assert desk.json("audit")["holds"]


def worktree(place: Scratch, folder: Path, branch: str) -> dict[str, str]:
    """The branch checked out in a work tree of the hub itself, with something half-done in it."""
    plain_git(place.hub, "worktree", "add", "--quiet", str(folder), branch)
    (folder / "prompts" / "triage.md").write_text("half-done\n")
    return everything(folder)


def test_a_base_checked_out_beside_the_hub_is_not_moved(desk: Desk, tmp_path: Path) -> None:
    assert desk(*PROMOTE).code == 0
    folder = tmp_path / "beside"
    before, refs = worktree(desk.place, folder, "main"), desk.place.refs()
    refused = desk("pr", "merge", "1")
    assert refused.code == 2
    assert "main is checked out in" in refused.err
    assert f"git -C {folder} switch --detach" in refused.err
    assert (everything(folder), desk.place.refs()) == (before, refs)
    plain_git(folder, "switch", "--quiet", "--detach")
    before = everything(folder)
    assert desk("pr", "merge", "1").code == 0
    assert everything(folder) == before


def test_the_bots_branch_checked_out_beside_the_hub_is_not_moved(desk: Desk, tmp_path: Path) -> None:
    """The next commit there would be one that undoes what the bot brought up to date."""
    assert desk(*PROMOTE).code == 0
    folder = tmp_path / "beside"
    before = worktree(desk.place, folder, PROMOTION)
    desk.place.edit("title: Support triage", "title: Our support triage")
    refs = desk.place.refs()
    refused = desk(*PROMOTE)
    assert refused.code == 2
    assert f"{PROMOTION} is checked out in" in refused.err
    assert (everything(folder), desk.place.refs()) == (before, refs)
    plain_git(folder, "switch", "--quiet", "--detach")
    assert desk(*PROMOTE).code == 0


# people in between


def test_a_persons_commit_on_the_bots_branch_stops_the_bot(desk: Desk) -> None:
    assert desk(*PROMOTE).code == 0
    commit = desk.place.push({"prompts/triage.md": b"better\n"}, PROMOTION)
    desk.place.edit("title: Support triage", "title: Our support triage")
    refs = desk.place.refs()
    stopped = desk(*PROMOTE)
    assert stopped.code == 3
    assert f"holds 1 commit(s) of a person ({commit[:12]})" in stopped.out
    assert desk.place.refs() == refs
    assert desk.place.head(PROMOTION) == commit
    assert desk.json("pr", "show", "1")["foreign"] == [commit]


def test_a_closed_promotion_is_not_opened_again_until_somebody_resumes(desk: Desk) -> None:
    assert desk(*PROMOTE).code == 0
    assert desk("pr", "close", "1", "--reason", "not this week").code == 0
    refs = desk.place.refs()
    for hours in (1, 100):
        blocked = desk.hours(hours)(*PROMOTE)
        assert blocked.code == 3
        assert "closed pull request #1 of this step: not this week" in blocked.out
        assert f"towpath resume {CLEAN_ID}" in blocked.out
    assert desk.place.refs() == refs
    desk.land("resume", CLEAN_ID, "--reason", "next week")
    assert desk.json(*PROMOTE)["runbooks"][0]["branch"] == SECOND
    assert desk("pr", "merge", SECOND).code == 0
    audit = desk.json("audit")
    assert audit["holds"]
    assert [one["action"] for one in audit["runbooks"][0]["transitions"]] == ["resume", "promote"]


def test_a_base_that_moved_is_planned_again(desk: Desk) -> None:
    assert desk(*PROMOTE).code == 0
    old = desk.place.head(PROMOTION)
    tip = desk.place.edit("title: Support triage", "title: Our support triage")
    refs = desk.place.refs()
    # git could merge it line by line, and the record would name a file that never was
    stale = desk("pr", "merge", "1")
    assert stale.code == 75, stale
    assert RUNBOOK in stale.err
    assert desk.place.refs() == refs
    answer = desk.json(*PROMOTE)["runbooks"][0]
    assert (answer["done"], answer["number"], answer["base"]) == ("updated", 1, tip)
    new = desk.place.head(PROMOTION)
    assert new != old
    assert desk.place.git.line("rev-parse", f"{new}^") == tip
    assert desk("pr", "merge", "1").code == 0
    assert b"title: Our support triage" in desk.place.read(RUNBOOK)
    assert desk.json("audit")["holds"]


def test_a_base_that_moved_elsewhere_changes_nothing(desk: Desk) -> None:
    assert desk(*PROMOTE).code == 0
    desk.place.push({"README.md": b"hello\n"})
    refs = desk.place.refs()
    assert desk.json(*PROMOTE)["runbooks"][0]["done"] == "unchanged"
    assert desk.place.refs() == refs
    assert desk("pr", "merge", "1").code == 0
    assert desk.place.read("README.md") == b"hello\n"
    assert desk.json("audit")["holds"]


@pytest.mark.parametrize(
    "arguments",
    [PROMOTE, ("hold", CLEAN_ID, "--reason", "flaky"), ("rollback", CLEAN_ID, "--reason", "tickets")],
    ids=["promote", "hold", "rollback"],
)
def test_running_twice_changes_nothing(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.climb(1)
    desk.hours(HOURS[1])
    first = desk.json(*arguments)["runbooks"][0]
    before = everything(desk.place.hub)
    again = desk.hours(HOURS[1] + 5).json(*arguments)["runbooks"][0]
    assert (first["done"], again["done"]) == ("created", "unchanged")
    assert (first["number"], first["head"]) == (again["number"], again["head"])
    assert everything(desk.place.hub) == before, "not even an object is written"


def test_killed_between_the_push_and_the_pull_request_and_found_the_next_day(
    desk: Desk, commands: dict[str, Undisturbed], tmp_path: Path
) -> None:
    wanted = commands["promote"]
    place = wanted.start.copy(tmp_path / "killed")
    pushing = wanted.moving()[0]
    Faulty(place, tmp_path / "git", *PROMOTE, hours=HOURS[1], how="after", at=pushing).end()
    desk.at(place)
    assert desk.json("pr", "list")["pull_requests"] == []
    head = place.head(SECOND)
    assert head == wanted.refs[f"refs/heads/{SECOND}"]
    answer = desk.hours(HOURS[1] + 24).actor("Bea").json(*PROMOTE)["runbooks"][0]
    assert (answer["done"], answer["head"]) == ("adopted", head)
    record = json.loads(place.read(f"records/{CLEAN_ID}/000002.json", SECOND))
    assert "Bot" in json.dumps(record)


def test_a_rollback_killed_before_it_closed_the_promotion(
    desk: Desk, commands: dict[str, Undisturbed], tmp_path: Path
) -> None:
    """Its pull request is open, the promotion it contradicts is still open too: the next run closes it."""
    start, arguments = commands["merge"].start, ("rollback", CLEAN_ID, "--reason", "tickets doubled")
    whole = start.copy(tmp_path / "whole")
    run = Faulty(whole, tmp_path / "whole-git", *arguments, hours=HOURS[1]).end()
    assert run.code == 0, run
    wanted = Undisturbed(start=start, arguments=arguments, refs=whole.refs(), run=run)
    assert len(wanted.moving()) == 3
    for at in wanted.moving():
        place = start.copy(tmp_path / f"killed-{at}")
        killed = Faulty(place, tmp_path / f"git-{at}", *arguments, hours=HOURS[1], how="after", at=at).end()
        assert killed.code == -9
        desk.at(place).hours(HOURS[1]).actor("Bot")
        assert desk(*arguments).code == 0
        assert place.refs() == wanted.refs
        assert [pull["number"] for pull in desk.json("pr", "list")["pull_requests"]] == [3]
