"""The text of a pull request: now and next, why, the gate in plain words, how to go back.

It is for people. Nothing is ever read back from it: the tree is the state. Runbooks are untrusted text, so everything
that comes from one is made inert: no markup, no mentions, no comments that could hide something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.report.markdown import code, inert

if TYPE_CHECKING:
    from towpath.model.change import Change
    from towpath.model.record import Position

LIMIT = 60_000
"""Characters; forges refuse bodies over 65,536."""


def pull_request_body(change: Change) -> str:
    """Markdown, bounded in length."""
    record = change.record
    parts = [
        f"**{inert(change.runbook)}**: {_place(record.from_)} → {_place(record.to)}",
        _why(change),
    ]
    if record.synthetic:
        parts.append("> **Synthetic evidence**: made by a program for show, not measured on a model.")
    if record.simulated:
        parts.append("> **Simulated clock**: the times in this record did not pass.")
    if change.gate is not None:
        from towpath.report.gate_markdown import gate_markdown

        parts.append(gate_markdown(change.gate))
    if record.attested:
        said = "\n".join(f"- {inert(one.what)}: {inert(one.statement)}" for one in record.attested)
        parts.append(f"Vouched for by {inert(record.actor)}:\n\n{said}")
    if record.evidence:
        digests = "\n".join(
            f"- {code(subject.path)} sha256 {code(subject.digest.sha256)}" for subject in record.evidence
        )
        parts.append(f"Evidence:\n\n{digests}")
    parts.append(_back(change))
    parts.append(
        f"Record {record.seq}, planned on {code(record.base[:12])} with {inert(record.policy_pack)} "
        f"version {inert(record.policy_version)} by towpath {record.tool_version}, asked for by {inert(record.actor)}."
    )
    body = "\n\n".join(part for part in parts if part) + "\n"
    return body if len(body) <= LIMIT else body[:LIMIT] + "\n\n(cut; the record in this change is whole)\n"


def _place(position: Position) -> str:
    return f"{inert(position.stage)} ({position.percent:f} %)"


def _why(change: Change) -> str:
    said = f"\n\nReason: {inert(change.record.reason)}" if change.record.reason else ""
    meaning = {
        "promote": "The checks for the next stage have passed. Merging moves this share of traffic to the candidate.",
        "rollback": "Merging takes traffic away from the candidate and sets a hold.",
        "hold": "Merging blocks every promotion until somebody resumes.",
        "resume": "Merging lets promotions go on; the stage bakes again where it has to.",
        "close": "The last stage has baked. Merging finishes the migration; exports stay at 100 %.",
    }.get(change.record.action, "")
    return meaning + said


def _back(change: Change) -> str:
    if change.record.action not in ("promote", "resume"):
        return ""
    return f"To go back after merging: {code(f'towpath rollback {change.runbook} --reason TEXT')}"
