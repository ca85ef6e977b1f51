"""A proposal for the watch task, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from towpath.gate.watching import UNLIKELY
from towpath.report.codeframe import visible

if TYPE_CHECKING:
    from towpath.gate.watching import Proposal, Watchable


def proposal_data(proposal: Proposal, runbook: str, declared: str) -> dict[str, Any]:
    """Plain data for JSON; shares as fractions of 1."""
    best = proposal.best
    return {
        "runbook": runbook,
        "declared": declared or None,
        "proposed": best.task if best else None,
        "contradicted": proposal.contradicts(declared),
        "average_noise": round(proposal.noise, 9),
        "confidence": proposal.confidence,
        "tasks": [
            {key: round(value, 9) if isinstance(value, float) else value for key, value in asdict(one).items()}
            for one in proposal.ranked
        ],
        "unknown": list(proposal.unknown),
    }


def render_proposal(proposal: Proposal, runbook: str, declared: str) -> str:
    """Words first, then the table."""
    best = proposal.best
    assert best is not None  # who has no evidence is told so before
    lines = [f"{visible(runbook)}: watch {visible(best.task)}", f"  {_why(best, proposal)}"]
    if declared and declared != best.task:
        told = (
            "the evidence contradicts the declared one"
            if proposal.contradicts(declared)
            else "the declared one may have other reasons"
        )
        lines.append(f"  declared is {visible(declared)}: {told}")
    elif declared:
        lines.append("  it is the declared one")
    name = max(len("task"), *(len(visible(one.task)) for one in proposal.ranked))
    lines += ["", f"  {'task':<{name}}  examples  seen (points)  margin  chance past it  moves the average by"]
    for one in proposal.ranked:
        hidden = "inside its noise" if one.hidden else "seen in it"
        lines.append(
            f"  {visible(one.task):<{name}}  {one.n:>8}  {one.seen * 100:>+13.1f}  {one.margin * 100:>6g}"
            f"  {_percent(one.chance):>14}  {one.moves * 100:.1f} points, {hidden}"
        )
    if proposal.unknown:
        lines.append(f"  not known: {', '.join(map(visible, proposal.unknown))}")
    lines += [
        "",
        f"  the average is known to {proposal.noise * 100:.1f} points ({proposal.confidence:.0%} confidence)",
        "  shares are those of the examples, not of real traffic; chances are a normal approximation, for ranking only",
    ]
    return "\n".join(lines)


def _why(best: Watchable, proposal: Proposal) -> str:
    if best.chance < UNLIKELY:
        return "no load-bearing task is likely to have lost its margin; this one is as good as any"
    hidden = (
        f"losing its whole margin moves the average by {best.moves * 100:.1f} points, less than its noise of"
        f" {proposal.noise * 100:.1f}"
        if best.hidden
        else "no task can hide in this average; it is the likeliest to be past its margin"
    )
    return f"{hidden}; the chance that it lost more than its margin is {_percent(best.chance)}"


def _percent(chance: float) -> str:
    if chance < 0.001:
        return "under 0.1 %"
    return "over 99.9 %" if chance > 0.999 else f"{chance * 100:.1f} %"
