"""Carrying out an outcome: every outcome on the real local forge, and what a second try finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.records import RECORD
from support.repositories import direct_commit, hub, moment
from towpath.forge.carrying import carry_out
from towpath.forge.local import LocalForge
from towpath.model.change import Adopt, Change, Create, Edit, Outcome, Receipt, Refuse, Skip, Update
from towpath.model.errors import TryAgain

BRANCH = "towpath/triage/000001-promote"
BOT = "towpath <towpath@example.org>"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return hub(tmp_path, {"a.txt": b"1\n"})


@pytest.fixture
def forge(bare: Path) -> LocalForge:
    return LocalForge(bare)


def change(forge: LocalForge, after: bytes = b"2\n", before: bytes = b"1\n") -> Change:
    return Change(
        runbook="triage",
        branch=BRANCH,
        base=forge.branch_head("main") or "",
        title=f"triage: promote {after!r}",
        body="now -> next",
        labels=("towpath",),
        reviewers=("@acme/ai",),
        edits=(Edit(path="a.txt", before=before, after=after),),
        record=RECORD,
    )


def carry(forge: LocalForge, outcome: Outcome, *superseded: int) -> Receipt:
    others = tuple(forge.get(number) for number in superseded)
    return carry_out(forge, outcome, base_branch="main", superseded=others, now=moment(), by=BOT)


def test_create(forge: LocalForge) -> None:
    receipt = carry(forge, Create(change=change(forge)))
    pull = forge.get(1)
    assert (receipt.done, receipt.number, receipt.branch, receipt.head) == ("created", 1, BRANCH, pull.head)
    assert (pull.title, pull.body, pull.labels, pull.reviewers) == (
        "triage: promote b'2\\n'",
        "now -> next",
        ("towpath",),
        ("@acme/ai",),
    )
    assert forge.files(pull.head).read("a.txt") == b"2\n"


def test_adopt_opens_what_was_pushed(forge: LocalForge) -> None:
    wanted = change(forge)
    head = forge.push_branch(
        BRANCH, base=wanted.base, edits=wanted.edits, message="x", expected=None, now=moment(), by=BOT
    )
    receipt = carry(forge, Adopt(change=wanted))
    assert (receipt.done, receipt.head, forge.get(receipt.number).head) == ("adopted", head, head)


def test_update_moves_the_branch_and_the_words(forge: LocalForge) -> None:
    carry(forge, Create(change=change(forge)))
    receipt = carry(forge, Update(change=change(forge, b"3\n"), number=1, why="the base moved"))
    pull = forge.get(1)
    assert (receipt.done, receipt.number, receipt.head, pull.title) == (
        "updated",
        1,
        pull.head,
        "triage: promote b'3\\n'",
    )
    assert forge.files(pull.head).read("a.txt") == b"3\n"
    assert len(forge.list()) == 1


def test_skip_writes_nothing(bare: Path, forge: LocalForge) -> None:
    carry(forge, Create(change=change(forge)))
    before = sorted(bare.rglob("*"))
    receipt = carry(forge, Skip(change=change(forge), number=1))
    assert (receipt.done, receipt.number) == ("unchanged", 1)
    assert sorted(bare.rglob("*")) == before


def test_what_it_contradicts_is_closed(forge: LocalForge) -> None:
    carry(forge, Create(change=change(forge)))
    down = replace(change(forge), branch="towpath/triage/000001-rollback", title="triage: roll back")
    receipt = carry(forge, Create(change=down), 1)
    assert receipt.superseded == (1,)
    assert (forge.get(1).state, forge.get(1).reason) == ("closed", "superseded by #2: triage: roll back")
    assert forge.get(2).state == "open"


def test_a_refusal_is_not_carried_out(bare: Path, forge: LocalForge) -> None:
    before = sorted(bare.rglob("*"))
    with pytest.raises(ValueError, match="refused"):
        carry(forge, Refuse(runbook="triage", code="foreign", message="no"))
    assert sorted(bare.rglob("*")) == before


def test_a_base_that_moved_since_the_plan(bare: Path, forge: LocalForge) -> None:
    wanted = replace(change(forge), edits=(Edit(path="a.txt", before=b"0\n", after=b"2\n"),))
    with pytest.raises(TryAgain):
        carry(forge, Create(change=wanted))
    assert forge.list() == ()
    assert forge.branch_head(BRANCH) is None


def test_a_person_who_was_faster(bare: Path, forge: LocalForge) -> None:
    commit = direct_commit(bare, BRANCH, {"a.txt": b"mine\n"})
    with pytest.raises(TryAgain, match="own commits"):
        carry(forge, Create(change=change(forge)))
    assert forge.branch_head(BRANCH) == commit
