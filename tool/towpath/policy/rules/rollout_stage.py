"""The rollout block says a stage, and that stage's percentage.

`planned` and `rolled-back` stand at 0, `done` at 100. A real pull request titled "75 %" set 25 % and was merged; a
block that says both is checked.

Bad:

```yaml
rollout:
  stage: half
  percent: 25
  hold: null
```

Bad, no such stage:

```yaml
rollout:
  stage: canari
  percent: 5
  hold: null
```

Good:

```yaml
rollout:
  stage: half
  percent: 50
  hold: null
```
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.model.runbook import DONE, PLANNED, RESERVED_STAGES, ROLLED_BACK
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Pointer


def check(subject: Subject) -> Iterator[Problem]:
    """Report unknown stages, and a percentage that is not the stage's."""
    runbook, rollout = subject.runbook, subject.runbook.rollout
    known = [*RESERVED_STAGES, *(stage.name for stage in runbook.stages)]
    expected = {PLANNED: Decimal(0), ROLLED_BACK: Decimal(0), DONE: Decimal(100)}.get(rollout.stage)
    stage = runbook.stage(rollout.stage)
    if expected is None and stage is None:
        yield Problem(
            message=f"the rollout stands at {rollout.stage}, which is no stage",
            at=("rollout", "stage"),
            help=did_you_mean(rollout.stage, known) or f"one of: {', '.join(known)}",
        )
        return
    related: tuple[tuple[Pointer, str], ...] = ()
    if expected is None and stage is not None:
        expected, related = stage.percent, (((*stage.at, "percent"), "the stage's percentage"),)
    if expected is not None and rollout.percent != expected:
        yield Problem(
            message=f"the rollout says {rollout.percent} %, stage {rollout.stage} is {expected} %",
            at=("rollout", "percent"),
            help=f"towpath promote and towpath rollback write both; by hand: `percent: {expected}`",
            related=related,
        )


RULE = Rule(id="rollout-stage", check=check)
