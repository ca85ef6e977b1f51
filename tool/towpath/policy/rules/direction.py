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

from towpath.model.runbook import DONE, PLANNED, ROLLED_BACK
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a rollout that moved otherwise than any transition would move it."""
    runbook, before = subject.runbook, subject.before
    if before is None:
        return
    try:
        old, new = (runbook.stage_index(one.rollout.stage) for one in (before, runbook))
    except KeyError:
        return
    start, goal = before.rollout, runbook.rollout
    if start.stage == goal.stage:
        return
    way = f"{start.stage} ({start.percent} %) to {goal.stage} ({goal.percent} %)"
    if start.stage == ROLLED_BACK:
        if goal.stage != PLANNED and new != 0:
            yield _problem(
                f"from {way}: a migration that was rolled back starts again at planned or at its first stage"
            )
    elif start.stage == DONE:
        yield _problem(f"from {way}: a finished migration does not move again")
    elif new > old:
        if new - old > 1:
            yield _problem(f"from {way}: a promotion goes one stage at a time")
        elif goal.percent < start.percent:
            yield _problem(f"from {way}: a promotion that lowers the percentage")
        elif start.hold is not None:
            yield _problem(f"from {way}: promoted although a hold was set")
    elif goal.stage == PLANNED:
        yield _problem(f"from {way}: a rollback ends at rolled-back, not at planned")
    elif goal.hold is None:
        yield _problem(f"from {way}: lowered without a hold; a rollback sets one")
    elif goal.percent > start.percent:
        yield _problem(f"from {way}: a rollback that raises the percentage")


def _problem(message: str) -> Problem:
    return Problem(
        message=f"the rollout moved {message}",
        at=("rollout", "stage"),
        help="let towpath promote, towpath rollback or towpath resume make the change",
    )


RULE = Rule(id="direction", check=check, needs_base=True)
