"""Changes of every action, planned from the clean runbook."""

from __future__ import annotations

from dataclasses import replace

from support.gates import reports
from support.planning import EVIDENCE, Judge, situation, text_at
from support.runbooks import NOW
from towpath.model.change import Change, NotYet
from towpath.model.record import Attestation
from towpath.model.verdict import Verdict
from towpath.plan.pause import plan_close, plan_hold, plan_resume
from towpath.plan.promotion import Judged, plan_promotion
from towpath.plan.retreat import plan_rollback

VOUCHED = (
    Attestation(what="review", statement="50 read, 1 serious"),
    Attestation(what="compare", statement="tickets level"),
)


def _planned(plan: Change | NotYet) -> Change:
    assert isinstance(plan, Change), plan
    return plan


def changes() -> dict[str, Change]:
    """By name of their action; the promotion carries a whole gate report."""
    judged = reports()["synthetic"]
    gate = replace(judged, evidence=tuple(replace(use, path=EVIDENCE) for use in judged.evidence))
    return {
        "promote": _planned(
            plan_promotion(situation(text_at("internal")), lambda _: Judged(report=gate, sha256="9" * 64), VOUCHED)
        ),
        "rollback": _planned(plan_rollback(situation(text_at("half")), "support tickets doubled")),
        "hold": _planned(plan_hold(situation(text_at("canary")), "the on-call team changes")),
        "resume": _planned(plan_resume(situation(text_at("canary", "{by: ada, reason: flaky}")), Judge())),
        "close": _planned(plan_close(situation(text_at("full")))),
    }


def refused() -> dict[str, NotYet]:
    """Promotions that are not planned, by the code of the reason."""
    answers = (
        plan_promotion(situation(text_at("internal"), landed=NOW), Judge(), VOUCHED),
        plan_promotion(situation(text_at("internal")), Judge(Verdict.FAIL), VOUCHED),
        plan_promotion(situation(text_at("canary", "{by: ada, reason: flaky}")), Judge(), VOUCHED),
    )
    found = [answer for answer in answers if isinstance(answer, NotYet)]
    assert len(found) == len(answers)
    return {answer.code: answer for answer in found}
