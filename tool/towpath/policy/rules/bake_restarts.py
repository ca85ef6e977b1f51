"""A change of what is tested starts the bake again.

Arms, salt, stages and tasks of a live migration may be changed, but what was observed before says nothing about what
is running now.

Bad:

```yaml
tasks:
  refund-eligibility: {margin: 4pp}
  ticket-routing: {margin: 5pp}
rollout: {stage: canary, percent: 5, hold: null}
```

```yaml before
rollout: {stage: canary, percent: 5, hold: null}
```

Good, not moving yet:

```yaml
tasks:
  refund-eligibility: {margin: 4pp}
  ticket-routing: {margin: 5pp}
```

```yaml before
rollout: {stage: planned, percent: 0, hold: null}
```
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from towpath.model.finding import Severity
from towpath.model.runbook import PLANNED
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Arm, Runbook


def check(subject: Subject) -> Iterator[Problem]:
    """Say which part of a live migration changed so that its bake begins again."""
    runbook, before = subject.runbook, subject.before
    if before is None or not runbook.live or runbook.rollout.stage == PLANNED:
        return
    if before.rollout.stage != runbook.rollout.stage:
        return
    for key, old, new in (
        ("arms", _arms(before), _arms(runbook)),
        ("tasks", before.tasks, runbook.tasks),
        ("stages", before.stages, runbook.stages),
    ):
        if old != new:
            yield Problem(
                message=f"{key} changed while {runbook.id} is in {runbook.rollout.stage}: its bake starts again",
                at=(key,),
                on_key=True,
                help="land it when the stage is over if that can wait",
            )


def _arms(runbook: Runbook) -> tuple[Arm | None, ...]:
    return tuple(
        None if arm is None else replace(arm, price=None, retires=None)
        for arm in (runbook.baseline, runbook.candidate, runbook.fallback)
    )


RULE = Rule(id="bake-restarts", check=check, severity=Severity.NOTE, needs_base=True)
