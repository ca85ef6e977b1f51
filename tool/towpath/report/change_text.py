"""What a transition would do, or did: for people and for programs."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from towpath.model.change import Adopt, Change, Create, NotYet, Receipt, Refuse, Skip, Update
from towpath.report.codeframe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.change import Edit, Outcome

LINES = 400
WIDTH = 160
"""Lines of a diff that are shown to people, and characters of a line; the whole is in the JSON and in git."""

_WILL = {
    Create: "would open a pull request",
    Update: "would bring its pull request up to date",
    Adopt: "would open a pull request for the branch that is there",
    Skip: "would change nothing: the right pull request is open",
}


def diff_of(edit: Edit) -> Iterator[str]:
    """A unified diff of one file, line by line."""
    before, after = (
        [] if data is None else data.decode("utf-8", "replace").splitlines() for data in (edit.before, edit.after)
    )
    yield from difflib.unified_diff(
        before,
        after,
        fromfile=f"a/{edit.path}" if edit.before is not None else "/dev/null",
        tofile=f"b/{edit.path}" if edit.after is not None else "/dev/null",
        lineterm="",
    )


def change_diff(change: Change) -> str:
    """The whole change as a diff for a terminal, cut at a length a person can still look at."""
    whole = [visible(line) for edit in change.edits for line in diff_of(edit)]
    lines = [line if len(line) <= WIDTH else f"{line[:WIDTH]} ..." for line in whole]
    shown = lines[:LINES]
    if len(lines) > LINES:
        shown.append(f"... {len(lines) - LINES} more lines")
    return "\n".join(shown)


def would(outcome: Outcome) -> str:
    """What carrying out an outcome would do, as a verb phrase."""
    return _WILL.get(type(outcome), "would be refused")


def plan_data(
    runbook: str, plan: Change | NotYet | None, outcome: Outcome | None, receipt: Receipt | None
) -> dict[str, Any]:
    """One runbook's answer as plain data for JSON."""
    data: dict[str, Any] = {"runbook": runbook, "outcome": _word(plan, outcome)}
    if isinstance(plan, NotYet):
        return data | {
            "code": plan.code,
            "message": plan.message,
            "help": plan.help,
            "due": plan.due.strftime("%Y-%m-%dT%H:%M:%SZ") if plan.due else None,
            "exit_code": plan.exit_code,
        }
    if isinstance(outcome, Refuse):
        data |= {"code": outcome.code, "message": outcome.message, "help": outcome.help, "number": outcome.number}
    if isinstance(plan, Change):
        data |= {
            "title": plan.title,
            "branch": plan.branch,
            "base": plan.base,
            "from": {"stage": plan.record.from_.stage, "percent": format(plan.record.from_.percent, "f")},
            "to": {"stage": plan.record.to.stage, "percent": format(plan.record.to.percent, "f")},
            "edits": [{"path": edit.path, "diff": "\n".join(diff_of(edit))} for edit in plan.edits],
            "record": _record(plan),
        }
    if receipt is not None:
        data |= {"done": receipt.done, "number": receipt.number, "head": receipt.head}
        data["superseded"] = list(receipt.superseded)
    return data


def _word(plan: Change | NotYet | None, outcome: Outcome | None) -> str:
    if isinstance(plan, NotYet) or outcome is None:
        return "not-yet" if isinstance(plan, NotYet) else "error"
    return type(outcome).__name__.lower()


def _record(change: Change) -> Any:
    for edit in change.edits:
        if edit.path.startswith("records/") or edit.path.endswith(f"/{change.record.seq:06d}.json"):
            return json.loads(edit.after or b"null")
    return None
