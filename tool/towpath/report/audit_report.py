"""The audit for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.audit.transitions import Story, Transition
    from towpath.model.history import Landing
    from towpath.model.record import Position


def audit_data(stories: Sequence[Story], tip: str) -> dict[str, Any]:
    """Plain data for JSON."""
    return {
        "tip": tip,
        "holds": all(story.holds for story in stories),
        "runbooks": [
            {
                "runbook": story.runbook,
                "path": story.path,
                "holds": story.holds,
                "amends": [_landing(landing) for landing in story.amends],
                "transitions": [_transition(one) for one in story.transitions],
            }
            for story in stories
        ],
    }


def render_audit(stories: Sequence[Story], tip: str, *, colour: bool) -> str:
    """Text: for each runbook its transitions in order, each with what does not hold."""

    def paint(text: str, fg: str) -> str:
        return click.style(text, fg=fg, bold=True) if colour else text

    lines = [f"history of {tip[:12]}, first parents"]
    for story in stories:
        lines += ["", f"{story.runbook}: {_count(story)}"]
        for one in story.transitions:
            mark = paint("FAIL", "red") if one.problems else paint("ok  ", "green")
            gate = f"  (gate: {one.record.gate.verdict})" if one.record and one.record.gate else ""
            way = f"{one.action}: {_place(one.from_)} -> {_place(one.to)}"
            lines.append(f"  {mark} {_when(one.landing)}  {way}{gate}")
            told = f"commit {one.landing.commit[:12]}, {one.record_path or 'no record'}"
            if one.record is not None:
                told += f", asked for by {_plain(one.record.actor)}"
                told += ", synthetic evidence" if one.record.synthetic else ""
                told += f": {_plain(one.record.reason)}" if one.record.reason else ""
            lines.append(f"       {told}")
            lines += [f"       {paint('!', 'red')} {_plain(problem)}" for problem in one.problems]
    total = sum(len(story.transitions) for story in stories)
    broken = sum(bool(one.problems) for story in stories for one in story.transitions)
    if broken:
        ending = paint(f"{broken} of {_number(total, 'transition')} not proven", "red")
    elif total:
        ending = paint("every transition is proven by its record", "green")
    else:
        ending = "nothing has moved yet"
    return "\n".join([*lines, "", ending])


def _count(story: Story) -> str:
    amends = f", {_number(len(story.amends), 'amend')}" if story.amends else ""
    return f"{_number(len(story.transitions), 'transition')}{amends}"


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _transition(one: Transition) -> dict[str, Any]:
    record = one.record
    return {
        **_landing(one.landing),
        "action": one.action,
        "from": _position(one.from_),
        "to": _position(one.to),
        "gate": record.gate.verdict if record and record.gate else None,
        "record": one.record_path or None,
        "actor": record.actor if record else None,
        "reason": record.reason if record else None,
        "record_simulated": record.simulated if record else None,
        "synthetic": record.synthetic if record else None,
        "problems": list(one.problems),
    }


def _landing(landing: Landing) -> dict[str, Any]:
    return {
        "commit": landing.commit,
        "landed": landing.at.strftime("%Y-%m-%dT%H:%M:%SZ") if landing.at else None,
        "simulated": landing.simulated,
    }


def _position(position: Position | None) -> dict[str, str] | None:
    return None if position is None else {"stage": position.stage, "percent": format(position.percent, "f")}


def _place(position: Position | None) -> str:
    return "-" if position is None else f"{_plain(position.stage)} {position.percent:f} %"


def _when(landing: Landing) -> str:
    if landing.at is None:
        return "landed at an unknown time"
    return f"{landing.at:%Y-%m-%d %H:%M} UTC" + (" (simulated)" if landing.simulated else "")


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
