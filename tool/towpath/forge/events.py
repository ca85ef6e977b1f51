"""What happened to a pull request of the local forge, as a list of events, and the state they add up to.

A pull request is the ref `refs/forge/pulls/<number>`: each commit adds one event and holds the whole list so far in
`events.json`, so that one read gives the state and the chain of commits keeps the order.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from towpath.model.errors import EnvironmentProblem
from towpath.model.forge import Approval, Comment, Moment, PullRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "events.json"
Event = dict[str, Any]


def event(kind: str, now: Moment, by: str, **details: object) -> Event:
    """One event."""
    at = now.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"type": kind, "by": by, "at": at, "simulated": now.simulated, **details}


def write_events(events: Sequence[Event]) -> bytes:
    """The file's bytes."""
    return (json.dumps(list(events), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_events(data: bytes, number: int) -> list[Event]:
    """The events in a file.

    Raises:
        EnvironmentProblem: somebody else wrote it.
    """
    try:
        events: list[Event] = json.loads(data)
        if not events or events[0]["type"] != "opened":
            raise ValueError("it does not begin with its opening")
    except (ValueError, KeyError, TypeError, IndexError) as problem:
        raise EnvironmentProblem(
            f"pull request {number} cannot be read: {problem}",
            "refs/forge belongs to towpath; restore it from a backup",
        ) from None
    return events


def pull_request(number: int, events: Sequence[Event], head: str, foreign: tuple[str, ...]) -> PullRequest:
    """The state the events add up to.

    Args:
        head: the branch's tip while the pull request is open.
    """
    first = events[0]
    seen: dict[str, Any] = {"title": first["title"], "body": first["body"], "head": head, "state": "open"}
    approvals: list[Approval] = []
    comments: list[Comment] = []
    for one in events[1:]:
        match one["type"]:
            case "retitled":
                seen |= {"title": one["title"], "body": one["body"]}
            case "approved":
                approvals.append(Approval(by=one["by"], at=_moment(one), head=one["head"]))
            case "commented":
                comments.append(Comment(by=one["by"], at=_moment(one), text=one["text"]))
            case "closed":
                seen |= {"state": "closed", "ended": _moment(one), "ended_by": one["by"], "reason": one["reason"]}
                seen["head"] = one["head"]
            case "merged":
                seen |= {"state": "merged", "ended": _moment(one), "ended_by": one["by"]}
                seen |= {"head": one["head"], "merge_commit": one["commit"]}
    return PullRequest(
        number=number,
        branch=first["branch"],
        base_branch=first["base"],
        author=first["by"],
        opened=_moment(first),
        labels=tuple(first["labels"]),
        reviewers=tuple(first["reviewers"]),
        approvals=tuple(approvals),
        comments=tuple(comments),
        foreign=foreign if seen["state"] == "open" else (),
        **seen,
    )


def _moment(one: Event) -> Moment:
    at = datetime.strptime(one["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return Moment(at=at, simulated=one["simulated"])
