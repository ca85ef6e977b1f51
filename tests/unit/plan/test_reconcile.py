"""What to do about a change: every state of branch and pull requests has one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.planning import Judge, situation, text_at
from support.repositories import moment
from support.runbooks import NOW
from towpath.model.change import Adopt, Change, Create, Refuse, Skip, Update
from towpath.model.forge import PullRequest, State
from towpath.model.snapshot import MappedFiles
from towpath.plan.promotion import plan_promotion
from towpath.plan.reconcile import BranchState, reconcile, says_the_same, superseded
from towpath.plan.retreat import plan_rollback


def planned() -> Change:
    change = plan_promotion(situation(text_at("planned")), Judge())
    assert isinstance(change, Change)
    return change


CHANGE = planned()
FILES = MappedFiles({edit.path: edit.after or b"" for edit in CHANGE.edits})
OTHER = MappedFiles({**FILES.contents, CHANGE.edits[0].path: b"older"})


def pull(state: State = "open", branch: str = CHANGE.branch, number: int = 3) -> PullRequest:
    return PullRequest(
        number=number,
        title="t",
        body="",
        branch=branch,
        base_branch="main",
        head="h",
        state=state,
        author="bot",
        opened=moment(),
        ended_by="Bea",
        reason="not now",
    )


def state(*pulls: PullRequest, files: MappedFiles | None = FILES, **more: object) -> BranchState:
    head = "h" if files is not None else None
    return replace(BranchState(head=head, files=files, foreign=(), pulls=pulls), **more)  # type: ignore[arg-type]


def test_nothing_there_yet() -> None:
    assert reconcile(CHANGE, state(files=None)) == Create(change=CHANGE)


def test_the_same_is_left_alone() -> None:
    assert reconcile(CHANGE, state(pull())) == Skip(change=CHANGE, number=3)


def test_another_content_is_brought_up_to_date() -> None:
    assert isinstance(reconcile(CHANGE, state(pull(), files=OTHER)), Update)


def test_a_branch_without_a_pull_request() -> None:
    assert reconcile(CHANGE, state()) == Adopt(change=CHANGE)
    assert reconcile(CHANGE, state(files=OTHER)) == Create(change=CHANGE)


def test_a_persons_commit_stops_us_even_when_the_content_is_the_same() -> None:
    outcome = reconcile(CHANGE, state(pull(), foreign=("f" * 40,)))
    assert isinstance(outcome, Refuse)
    assert (outcome.code, outcome.number) == ("foreign", 3)


def test_a_closed_step_stays_closed_until_resumed() -> None:
    outcome = reconcile(CHANGE, state(pull("closed")))
    assert isinstance(outcome, Refuse)
    assert outcome.code == "closed"
    assert "Bea" in outcome.message
    assert "towpath resume" in outcome.help


def test_what_people_ask_for_by_name_may_be_asked_for_again() -> None:
    back = plan_rollback(situation(text_at("canary")), "x")
    assert isinstance(back, Change)
    closed = pull("closed", branch=back.branch)
    assert isinstance(reconcile(back, state(closed, files=OTHER)), Create)


def test_a_merged_step_means_the_base_was_read_too_early() -> None:
    outcome = reconcile(CHANGE, state(pull("merged")))
    assert isinstance(outcome, Refuse)
    assert outcome.code == "merged"


def test_another_open_step_goes_first_except_for_a_rollback() -> None:
    other = pull(branch=f"towpath/{CHANGE.runbook}/000001-rollback", number=9)
    outcome = reconcile(CHANGE, state(files=None, others=(other,)))
    assert isinstance(outcome, Refuse)
    assert (outcome.code, outcome.number) == ("blocked", 9)
    back = plan_rollback(situation(text_at("canary")), "x")
    assert isinstance(back, Change)
    promotion = pull(number=4)
    assert isinstance(reconcile(back, state(files=None, others=(promotion,))), Create)
    assert superseded(back, (promotion, other)) == (promotion,)


def test_a_step_of_the_past_does_not_block_and_is_closed() -> None:
    past = pull(branch=f"towpath/{CHANGE.runbook}/000000-hold", number=1)
    assert isinstance(reconcile(CHANGE, state(files=None, others=(past,))), Create)
    assert superseded(CHANGE, (past,)) == (past,)


def test_base_moment_and_actor_do_not_make_a_difference_but_evidence_does() -> None:
    later = situation(text_at("planned"), now=NOW + timedelta(hours=1), stamp=NOW + timedelta(hours=1))
    again = plan_promotion(replace(later, base="d" * 40, actor="bot"), Judge())
    assert isinstance(again, Change)
    assert says_the_same(again, FILES)
    other = replace(again, record=replace(again.record, policy_version="2"))
    assert not says_the_same(other, FILES)
    broken = MappedFiles({**FILES.contents, CHANGE.edits[1].path: b"{}"})
    assert not says_the_same(again, broken)
