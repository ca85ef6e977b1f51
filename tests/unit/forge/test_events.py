"""The events of a pull request, and the state they add up to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.repositories import moment
from towpath.forge.events import Event, event, pull_request, read_events, write_events
from towpath.model.errors import EnvironmentProblem

BEA = "Bea <bea@example.org>"


def opening(**changed: object) -> Event:
    details: dict[str, object] = {
        "branch": "towpath/triage/000001-promote",
        "base": "main",
        "head": "h1",
        "title": "t",
        "body": "b",
        "labels": ["towpath"],
        "reviewers": ["@acme/ai"],
    }
    return event("opened", moment(), "bot", **{**details, **changed})


def test_what_was_written_is_read() -> None:
    events = [opening(title="ü\u202e<!-- -->"), event("commented", moment(1), BEA, text="a\nb")]
    assert read_events(write_events(events), 1) == events
    assert write_events(events) == write_events(read_events(write_events(events), 1))


def test_an_open_one() -> None:
    pull = pull_request(4, [opening()], "h2", ("c1",))
    assert (pull.number, pull.state, pull.head, pull.foreign) == (4, "open", "h2", ("c1",))
    assert (pull.title, pull.body, pull.labels, pull.reviewers) == ("t", "b", ("towpath",), ("@acme/ai",))
    assert (pull.author, pull.opened, pull.ended) == ("bot", moment(), None)


def test_events_add_up_in_their_order() -> None:
    events = [
        opening(),
        event("retitled", moment(1), "bot", title="t2", body="b2"),
        event("approved", moment(2), BEA, head="h2"),
        event("commented", moment(3), BEA, text="fine"),
        event("retitled", moment(4), "bot", title="t3", body="b3"),
    ]
    pull = pull_request(1, events, "h2", ())
    assert (pull.title, pull.body) == ("t3", "b3")
    assert [(one.by, one.head) for one in pull.approvals] == [(BEA, "h2")]
    assert [(one.by, one.text, one.at) for one in pull.comments] == [(BEA, "fine", moment(3))]
    assert pull.approved_by == (BEA,)
    assert pull_request(1, events, "h3", ()).approved_by == (), "an approval is of one head"


def test_an_ended_one_keeps_its_head_and_has_no_strangers() -> None:
    merged = [opening(), event("merged", moment(2), BEA, head="h2", commit="m")]
    pull = pull_request(1, merged, "h9", ("c1",))
    assert (pull.state, pull.head, pull.merge_commit, pull.ended, pull.ended_by) == (
        "merged",
        "h2",
        "m",
        moment(2),
        BEA,
    )
    assert pull.foreign == ()
    closed = pull_request(1, [opening(), event("closed", moment(2), BEA, head="h2", reason="no")], "h9", ("c1",))
    assert (closed.state, closed.head, closed.reason, closed.foreign) == ("closed", "h2", "no", ())


def test_a_simulated_moment_says_so() -> None:
    from dataclasses import replace

    pull = pull_request(1, [event("opened", replace(moment(), simulated=True), "bot", **_details())], "h", ())
    assert pull.opened.simulated


def _details() -> dict[str, object]:
    kept = ("branch", "base", "head", "title", "body", "labels", "reviewers")
    return {name: value for name, value in opening().items() if name in kept}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"null", b"[1]", b'[{"type": "merged"}]', b"\xff", b'[{"typ": "opened"}]']
)
def test_what_somebody_else_wrote(data: bytes) -> None:
    with pytest.raises(EnvironmentProblem, match="pull request 7 cannot be read") as refused:
        read_events(data, 7)
    assert "refs/forge belongs to towpath" in refused.value.hint


@pytest.mark.parametrize("spoil", [lambda one: one.pop("branch"), lambda one: one.update(at="yesterday")])
def test_an_opening_that_lacks_something(spoil: Callable[[Event], object]) -> None:
    """It may be read, but it never becomes a state."""
    broken = opening()
    spoil(broken)
    with pytest.raises((KeyError, ValueError)):
        pull_request(1, read_events(write_events([broken]), 1), "h", ())
