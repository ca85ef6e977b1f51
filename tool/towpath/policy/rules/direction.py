"""A promotion only raises, a rollback only lowers, one stage at a time.

Compared with the base revision. A real pull request titled "75 %" lowered a rollout to 25 % and was merged. The
record in the same change says which way it is meant.

Bad, two stages at once:

```yaml
rollout: {stage: half, percent: 50, hold: null}
```

```yaml before
rollout: {stage: internal, percent: 0, hold: null}
```

Bad, lowered without a hold:

```yaml
rollout: {stage: canary, percent: 5, hold: null}
```

```yaml before
rollout: {stage: half, percent: 50, hold: null}
```

Bad, a stage changed together with the rollout that stands in it:

```yaml
rollout: {stage: canary, percent: 10, hold: null}
```

```yaml before
rollout: {stage: canary, percent: 5, hold: null}
```

Good:

```yaml
rollout: {stage: canary, percent: 5, hold: null}
```

```yaml before
rollout: {stage: internal, percent: 0, hold: null}
```

Good, a rollback:

```yaml
rollout: {stage: rolled-back, percent: 0, hold: {by: ada, reason: slow}}
```

```yaml before
rollout: {stage: half, percent: 50, hold: null}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK, Rollout, Runbook
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAY = "move traffic with towpath promote, rollback, resume or close, which write the block and its record"


def check(subject: Subject) -> Iterator[Problem]:
    """Report a move of the rollout block that is no transition."""
    runbook, before = subject.runbook, subject.before
    if before is None:
        if runbook.rollout.stage != PLANNED:
            yield _wrong(f"a new runbook stands at {runbook.rollout.stage}: nothing was checked before that", "stage")
        return
    old, new = before.rollout, runbook.rollout
    if old.stage == new.stage:
        if old.percent != new.percent:
            yield _wrong(
                f"the rollout stays in {new.stage}, and yet its percentage moves from {old.percent} to {new.percent}",
                "percent",
            )
        return
    said = _mistake(runbook, old, new)
    if said:
        yield _wrong(said, "stage")
    elif old.stage != ROLLED_BACK:
        yield from _percent(runbook, old, new)


def _percent(runbook: Runbook, old: Rollout, new: Rollout) -> Iterator[Problem]:
    """A step that exists: does its percentage go the same way, and is its hold what it must be?"""
    here, there = _place(runbook, old), _place(runbook, new)
    way = f"from {old.percent} % ({old.stage}) to {new.percent} % ({new.stage})"
    if new.stage != ROLLED_BACK and here is not None and there is not None and there > here:
        if new.percent < old.percent:
            yield _wrong(f"this promotion lowers: {way}", "percent")
        if old.hold is not None:
            yield _wrong(f"promoted {way} although a hold was set", "stage")
        return
    if new.percent > old.percent:
        yield _wrong(f"this rollback raises: {way}", "percent")
    if new.hold is None:
        yield _wrong(f"went back {way} without a hold; a rollback sets one", "stage")


def _mistake(runbook: Runbook, old: Rollout, new: Rollout) -> str:
    """What is wrong with the step from stage to stage; empty when it is one that exists."""
    first = runbook.stages[0].name if runbook.stages else ""
    if old.stage == DONE:
        return f"the migration was done and is moved to {new.stage}: going back is a migration of its own"
    if new.stage == ROLLED_BACK:
        return ""
    if old.stage == ROLLED_BACK:
        again = new.stage in (PLANNED, first)
        return "" if again else f"after a rollback it starts again at planned or {first}, not at {new.stage}"
    here, there = _place(runbook, old), _place(runbook, new)
    if here is None or there is None:
        gone = old.stage if here is None else new.stage
        return f"the rollout moves from {old.stage} to {new.stage}, but {gone} is no stage of this runbook"
    if new.stage == PLANNED:
        return f"the rollout moves from {old.stage} back to planned: a rollback leads to rolled-back"
    if there > here + 1:
        left_out = ", ".join(stage.name for stage in runbook.stages[here + 1 : there])
        return f"the rollout moves from {old.stage} to {new.stage} and leaves out {left_out}"
    if there < here - 1:
        return (
            f"the rollout goes back from {old.stage} to {new.stage}: a rollback leads one stage back or to rolled-back"
        )
    return ""


def _place(runbook: Runbook, rollout: Rollout) -> int | None:
    try:
        return runbook.stage_index(rollout.stage)
    except KeyError:
        return None


def _wrong(message: str, key: str) -> Problem:
    return Problem(message=message, at=("rollout", key), help=_WAY)


RULE = Rule(id="direction", check=check, needs_base=True)
