"""Promotion: one stage up, when everything the runbook asks for is there.

The decision, step by step; the first that fails is the answer:

1. the runbook is no draft, and there is a next stage;
2. no hold is set;
3. lint is clean for this runbook;
4. the bake of the current stage is over;
5. the review and the comparison the current stage asks for are vouched for;
6. the gate passes for the next stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.model.change import Change, NotYet
from towpath.model.finding import Severity
from towpath.model.quantity import duration_text, elapsed_text
from towpath.model.runbook import DONE, ROLLED_BACK, Rollout, Stage
from towpath.model.verdict import Verdict
from towpath.plan.building import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from towpath.model.record import Attestation
    from towpath.model.runbook import Runbook
    from towpath.model.verdict import GateReport
    from towpath.plan.situation import Situation

EXIT_CODES = {
    Verdict.FAIL: 1,
    Verdict.ERROR: 2,
    Verdict.NO_DATA: 3,
    Verdict.INCONCLUSIVE: 3,
}
"""Exit code of a gate that does not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A gate's report and the sha256 of its JSON, which the record keeps."""

    report: GateReport
    sha256: str


def plan_promotion(
    situation: Situation, judge: Callable[[Stage], Judged], attested: tuple[Attestation, ...] = ()
) -> Change | NotYet:
    """The change that enters the next stage, or what is missing.

    Args:
        judge: the gate for entering a stage; asked only when nothing cheaper says no.
        attested: what a person vouches for.
    """
    ahead = next_stage(situation.runbook)
    if isinstance(ahead, NotYet):
        return ahead
    missing = _held(situation) or _unclean(situation) or _baking(situation) or _unattested(situation, attested)
    if missing is not None:
        return missing
    judged = judge(ahead)
    if judged.report.verdict is not Verdict.PASS:
        return _not_passed(situation.runbook, ahead, judged.report)
    if ahead.percent is None or ahead.percent < situation.runbook.rollout.percent:
        return _no(situation.runbook, "lint", f"stage {ahead.name} does not raise the percentage", exit_code=2)
    return build(
        situation,
        "promote",
        Rollout(stage=ahead.name, percent=ahead.percent, hold=None),
        title=f"{situation.runbook.id}: promote to {ahead.name} ({ahead.percent} %)",
        gate=judged.report,
        gate_sha256=judged.sha256,
        attested=attested,
    )


def next_stage(runbook: Runbook) -> Stage | NotYet:
    """Step 1: the stage a promotion would enter."""
    stage = runbook.rollout.stage
    if runbook.draft:
        return _no(
            runbook,
            "draft",
            "the runbook is a draft and stays planned",
            advice=f"fill in what `towpath lint {runbook.path}` names, then remove `draft: true`",
        )
    if stage == DONE:
        return _no(runbook, "finished", "the migration is done", exit_code=0)
    if stage == ROLLED_BACK:
        return _no(
            runbook,
            "rolled-back",
            "the migration was rolled back",
            advice=f"when the cause is gone: towpath resume {runbook.id} --to {runbook.stages[0].name} --reason TEXT",
        )
    try:
        index = runbook.stage_index(stage)
    except KeyError:
        return _no(runbook, "lint", f"rollout.stage names no stage: {stage!r}", exit_code=2)
    if index + 1 == len(runbook.stages):
        return _no(
            runbook,
            "finished",
            f"{stage} is the last stage",
            advice=f"finish the migration with: towpath close {runbook.id}",
        )
    return runbook.stages[index + 1]


def _held(situation: Situation) -> NotYet | None:
    hold = situation.runbook.rollout.hold
    if hold is None:
        return None
    until = f" until {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else ""
    return _no(
        situation.runbook,
        "hold",
        f"on hold by {hold.by}{until}: {hold.reason}",
        advice=f"clear it with: towpath resume {situation.runbook.id}",
    )


def _unclean(situation: Situation) -> NotYet | None:
    wrong = [finding for finding in situation.findings if finding.severity is not Severity.NOTE]
    if not wrong:
        return None
    first = wrong[0]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return _no(
        situation.runbook,
        "lint",
        f"{first.path}:{first.span.line}: {first.message} [{first.rule}]{more}",
        advice=f"see: towpath lint {situation.runbook.path}",
        exit_code=1,
    )


def _baking(situation: Situation) -> NotYet | None:
    bake = situation.bake
    if bake.over:
        return None
    name = situation.runbook.id
    if bake.started is None:
        return _no(
            situation.runbook,
            "unknown-landing",
            f"nobody vouches for when stage {bake.stage} was entered, so its bake has not begun",
            advice="changes land by pull request (towpath pr merge); start the clock with: "
            f"towpath hold {name} --reason TEXT, merge it, then towpath resume {name}",
        )
    left = elapsed_text(bake.required - bake.elapsed)
    return NotYet(
        runbook=name,
        code="bake",
        message=f"stage {bake.stage} has baked {elapsed_text(bake.elapsed)} of {duration_text(bake.required)}",
        help=f"ask again in {left}" + (f", on {bake.due:%Y-%m-%d at %H:%M} UTC" if bake.due else ""),
        due=bake.due,
    )


def _unattested(situation: Situation, attested: tuple[Attestation, ...]) -> NotYet | None:
    runbook = situation.runbook
    stage = runbook.stage(runbook.rollout.stage)
    if stage is None:
        return None
    vouched = {said.what for said in attested if said.statement.strip()}
    if stage.review is not None and "review" not in vouched:
        return _no(
            runbook,
            "review",
            f"stage {stage.name} asks {stage.review.by or 'somebody'} to review {stage.review.sample} answers",
            advice='when it is done: towpath promote --attest review="who read how many, and what they found"',
        )
    if stage.compare is not None and "compare" not in vouched:
        return _no(
            runbook,
            "compare",
            f"stage {stage.name} asks for a live comparison of {', '.join(stage.compare.metrics) or 'both arms'}",
            advice='when it is done: towpath promote --attest compare="the numbers, and where they come from"',
        )
    return None


def _not_passed(runbook: Runbook, stage: Stage, report: GateReport) -> NotYet:
    stopped = [one for one in report.criteria if one.verdict is report.verdict]
    why = stopped[0].message or stopped[0].id if stopped else "; ".join(report.reasons) or "nothing was judged"
    return NotYet(
        runbook=runbook.id,
        code="gate",
        message=f"the gate for {stage.name} says {report.verdict.value}: {why}",
        help=f"see: towpath gate {runbook.id} --stage {stage.name}",
        exit_code=EXIT_CODES[report.verdict],
        gate=report,
    )


def _no(runbook: Runbook, code: str, message: str, *, advice: str = "", exit_code: int = 3) -> NotYet:
    return NotYet(runbook=runbook.id, code=code, message=message, help=advice, exit_code=exit_code)
