"""What every forge must do. A test module makes `forge` and `person` fixtures and inherits from `ForgeContract`."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import pytest

from support.repositories import moment
from towpath.model.change import Edit
from towpath.model.errors import TryAgain, UsageError
from towpath.model.forge import Forge, PullRequest

BOT = "towpath <towpath@example.org>"
EDIT = Edit(path="a.txt", before=b"1\n", after=b"2\n")
BRANCH = "towpath/triage/000001-promote"


class Person(Protocol):
    """Somebody who pushes by hand."""

    def push(self, branch: str, files: dict[str, bytes | None]) -> str:
        """A commit of theirs on a branch; returns its id."""
        ...


def pushed(forge: Forge, edit: Edit = EDIT, branch: str = BRANCH, expected: str | None = None) -> str:
    base = forge.branch_head("main")
    assert base is not None
    return forge.push_branch(
        branch, base=base, edits=(edit,), message="change", expected=expected, now=moment(), by=BOT
    )


def opened(forge: Forge, edit: Edit = EDIT, branch: str = BRANCH) -> PullRequest:
    head = pushed(forge, edit, branch)
    return forge.open(
        branch=branch,
        base_branch="main",
        head=head,
        title="triage: promote",
        body="now -> next",
        labels=("towpath",),
        reviewers=("@acme/ai",),
        now=moment(1),
        by=BOT,
    )


class ForgeContract:
    """The suite. `forge` starts with one file, a.txt, holding `1`, on main."""

    def test_a_pull_request_is_as_it_was_opened(self, forge: Forge) -> None:
        pull = opened(forge)
        assert (pull.state, pull.title, pull.body) == ("open", "triage: promote", "now -> next")
        assert (pull.labels, pull.reviewers) == (("towpath",), ("@acme/ai",))
        assert (pull.branch, pull.base_branch, pull.foreign) == (BRANCH, "main", ())
        assert pull.head == forge.branch_head(BRANCH)
        assert forge.get(pull.number) == pull
        assert forge.find(BRANCH) == (pull,)
        assert forge.find("main") == ()

    def test_merge_lands_the_change_at_its_moment(self, forge: Forge) -> None:
        pull = opened(forge)
        merged = forge.merge(pull.number, head=pull.head, now=moment(5), by="Bea <bea@example.org>")
        assert (merged.state, merged.ended, merged.ended_by) == ("merged", moment(5), "Bea <bea@example.org>")
        assert forge.branch_head("main") == merged.merge_commit
        assert forge.files(merged.merge_commit).read("a.txt") == b"2\n"
        landing = forge.landings("main", "a.txt")[-1]
        assert (landing.commit, landing.at) == (merged.merge_commit, moment(5).at)

    def test_what_a_pull_request_changes(self, forge: Forge, person: Person) -> None:
        pull = opened(forge)
        person.push("main", {"b.txt": b"other\n"})
        assert forge.changes(pull.number) == (("a.txt", b"1\n", b"2\n"),)
        forge.merge(pull.number, head=pull.head, now=moment(5), by="Bea")
        assert forge.changes(pull.number) == (("a.txt", b"1\n", b"2\n"),)

    def test_a_direct_push_has_no_moment(self, forge: Forge, person: Person) -> None:
        commit = person.push("main", {"a.txt": b"9\n"})
        landing = forge.landings("main", "a.txt")[-1]
        assert (landing.commit, landing.at) == (commit, None)

    def test_the_same_push_twice_is_one_commit(self, forge: Forge) -> None:
        first = pushed(forge)
        assert pushed(forge, expected=first) == first

    def test_a_branch_moves_only_from_where_it_was_seen(self, forge: Forge) -> None:
        first = pushed(forge)
        with pytest.raises(TryAgain):
            pushed(forge, replace(EDIT, after=b"3\n"))
        second = pushed(forge, replace(EDIT, after=b"3\n"), expected=first)
        assert forge.branch_head(BRANCH) == second

    def test_an_edit_of_something_else_is_refused(self, forge: Forge) -> None:
        with pytest.raises(TryAgain, match="planned on"):
            pushed(forge, replace(EDIT, before=b"0\n"))
        assert forge.branch_head(BRANCH) is None

    def test_a_persons_commit_is_seen_and_never_overwritten(self, forge: Forge, person: Person) -> None:
        pull = opened(forge)
        commit = person.push(BRANCH, {"a.txt": b"mine\n"})
        assert forge.get(pull.number).foreign == (commit,)
        assert forge.foreign(BRANCH, "main") == (commit,)
        with pytest.raises(TryAgain, match="own commits"):
            pushed(forge, expected=commit)
        assert forge.branch_head(BRANCH) == commit

    def test_a_branch_has_one_open_pull_request(self, forge: Forge) -> None:
        pull = opened(forge)
        with pytest.raises(TryAgain, match="already"):
            forge.open(
                branch=BRANCH,
                base_branch="main",
                head=pull.head,
                title="again",
                body="",
                labels=(),
                reviewers=(),
                now=moment(),
                by=BOT,
            )
        assert len(forge.list()) == 1

    def test_closed_ones_are_found_and_the_branch_can_be_opened_again(self, forge: Forge) -> None:
        pull = opened(forge)
        closed = forge.close(pull.number, reason="not now", now=moment(2), by="Bea")
        assert (closed.state, closed.reason, closed.ended_by) == ("closed", "not now", "Bea")
        assert forge.find(BRANCH, "open") == ()
        assert forge.find(BRANCH, "closed") == (closed,)
        again = forge.open(
            branch=BRANCH,
            base_branch="main",
            head=pull.head,
            title="again",
            body="",
            labels=(),
            reviewers=(),
            now=moment(3),
            by=BOT,
        )
        assert [one.number for one in forge.list()] == [again.number, pull.number]

    def test_an_approval_is_of_one_head(self, forge: Forge) -> None:
        pull = opened(forge)
        approved = forge.approve(pull.number, head=pull.head, now=moment(2), by="Bea")
        assert approved.approved_by == ("Bea",)
        pushed(forge, replace(EDIT, after=b"3\n"), expected=pull.head)
        assert forge.get(pull.number).approved_by == ()
        with pytest.raises(TryAgain):
            forge.approve(pull.number, head=pull.head, now=moment(3), by="Bea")

    def test_only_the_head_that_was_seen_is_merged(self, forge: Forge) -> None:
        pull = opened(forge)
        pushed(forge, replace(EDIT, after=b"3\n"), expected=pull.head)
        with pytest.raises(TryAgain, match="newer commit"):
            forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
        assert forge.get(pull.number).state == "open"

    def test_a_conflict_is_not_merged(self, forge: Forge, person: Person) -> None:
        pull = opened(forge)
        tip = person.push("main", {"a.txt": b"hotfix\n"})
        with pytest.raises(TryAgain, match=r"conflicts.*a\.txt"):
            forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
        assert forge.branch_head("main") == tip

    def test_a_base_that_moved_elsewhere_keeps_both(self, forge: Forge, person: Person) -> None:
        pull = opened(forge)
        person.push("main", {"b.txt": b"other\n"})
        merged = forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
        files = forge.files(merged.merge_commit)
        assert (files.read("a.txt"), files.read("b.txt")) == (b"2\n", b"other\n")

    def test_what_has_ended_stays_ended(self, forge: Forge) -> None:
        pull = opened(forge)
        forge.merge(pull.number, head=pull.head, now=moment(2), by="Bea")
        with pytest.raises(UsageError, match="merged"):
            forge.merge(pull.number, head=pull.head, now=moment(3), by="Bea")
        with pytest.raises(UsageError):
            forge.close(pull.number, reason="", now=moment(3), by="Bea")
        with pytest.raises(UsageError):
            forge.approve(pull.number, head=pull.head, now=moment(3), by="Bea")

    def test_comments_and_titles(self, forge: Forge) -> None:
        pull = opened(forge)
        text = "<!-- towpath -->\n$(rm -rf /) `x` \u202e"
        forge.comment(pull.number, text, now=moment(2), by="Bea")
        changed = forge.retitle(pull.number, title="new", body=text, now=moment(3), by=BOT)
        assert changed.comments[0].text == text
        assert (changed.title, changed.body) == ("new", text)
        assert forge.retitle(pull.number, title="new", body=text, now=moment(4), by=BOT) == changed

    def test_no_such_pull_request(self, forge: Forge) -> None:
        with pytest.raises(UsageError, match="no pull request 7"):
            forge.get(7)
