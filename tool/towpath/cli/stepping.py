"""The way every transition goes: read the base, plan, look what is on the forge, carry out, say what was done.

When something moves in between, the whole way is gone again from the start, a few times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from towpath.cli.ground import Ground, ground
from towpath.model.change import Change, NotYet, Receipt, Refuse
from towpath.model.errors import TowpathError, TryAgain
from towpath.plan.promotion import Judged
from towpath.plan.reconcile import reconcile, superseded

if TYPE_CHECKING:
    from towpath.cli.context import Workplace
    from towpath.model.change import Outcome
    from towpath.model.record import Action
    from towpath.model.runbook import Stage
    from towpath.plan.situation import Situation

Planner = Callable[[Ground, "Situation"], "Change | NotYet"]
_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one runbook.

    Attributes:
        plan: the change, or why there is none.
        outcome: what to do about it, given the forge.
        receipt: what was done; None for a dry run and where nothing was to be done.
        failed: an error that kept this runbook from being looked at (only when several are asked for).
    """

    runbook: str
    plan: Change | NotYet | None = None
    outcome: Outcome | None = None
    receipt: Receipt | None = None
    failed: TowpathError | None = None

    @property
    def exit_code(self) -> int:
        """0 done, 1 a negative answer, 2 an error, 3 not due or cannot tell, 75 try again."""
        if self.failed is not None:
            return self.failed.exit_code
        if isinstance(self.plan, NotYet):
            return self.plan.exit_code
        if isinstance(self.outcome, Refuse):
            return 75 if self.outcome.code == "merged" else 3
        return 0


def step(workplace: Workplace, name: str, action: Action, planner: Planner, *, dry_run: bool) -> Answer:
    """One transition of one runbook, tried again when something moved meanwhile.

    Raises:
        TryAgain: it kept moving; nothing is half-done.
    """
    for attempt in range(_ROUNDS):
        try:
            return _once(ground(workplace), name, action, planner, dry_run=dry_run)
        except TryAgain:
            if attempt + 1 == _ROUNDS:
                raise
    raise AssertionError("unreachable")


def _once(here: Ground, name: str, action: Action, planner: Planner, *, dry_run: bool) -> Answer:
    from towpath.forge.carrying import carry_out
    from towpath.report.pull_request import pull_request_body

    situation = here.situation(name, action)
    plan = planner(here, situation)
    if isinstance(plan, NotYet):
        return Answer(runbook=situation.runbook.id, plan=plan)
    change = replace(plan, body=pull_request_body(plan))
    state = here.branch_state(change)
    outcome = reconcile(change, state)
    if dry_run or isinstance(outcome, Refuse):
        return Answer(runbook=change.runbook, plan=change, outcome=outcome)
    receipt = carry_out(
        here.forge,
        outcome,
        base_branch=here.base_branch,
        superseded=superseded(change, state.others),
        now=here.now,
        by=here.actor,
    )
    return Answer(runbook=change.runbook, plan=change, outcome=outcome, receipt=receipt)


def judge_for(here: Ground, situation: Situation) -> Callable[[Stage], Judged]:
    """The gate on the base commit's evidence."""
    import hashlib

    def judge(stage: Stage) -> Judged:
        from towpath.gate.entering import gate_for
        from towpath.report.gate_json import gate_json

        report = gate_for(here.snapshot, situation.runbook, stage.name)
        return Judged(report=report, sha256=hashlib.sha256(gate_json(report)).hexdigest())

    return judge
