"""Every trigger has exactly one limit.

`worse_by: 3pp` for shares, or `over: 2x` for a ratio. With none it never fires; with both nobody knows which one
counts.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99}
```

Bad, both:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99, over: 2x, worse_by: 5pp}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99, over: 2x}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.metrics import QUALITY
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import triggers

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report triggers with no limit, two, one that is no limit, or one on an average."""
    for trigger in triggers(subject.runbook):
        limits = [limit for limit in (trigger.worse_by, trigger.over) if limit is not None]
        if len(limits) != 1:
            yield Problem(
                message=f"trigger {trigger.name} has {'two limits' if limits else 'no limit'}",
                at=trigger.at,
                on_key=True,
                help="write `worse_by: 3pp` or `over: 2x`, one of them",
            )
        elif trigger.over is not None and trigger.over.value <= 1:
            yield Problem(
                message=f"trigger {trigger.name} fires at {trigger.over}, which is no change",
                at=(*trigger.at, "over"),
                help="write how many times more is too much, such as `over: 2x`",
            )
        elif trigger.worse_by is not None and trigger.worse_by.value <= 0:
            yield Problem(
                message=f"trigger {trigger.name} fires at a loss of {trigger.worse_by}, which is none",
                at=(*trigger.at, "worse_by"),
                help="write the loss that is too much, such as `worse_by: 3pp`",
            )
        elif trigger.metric == QUALITY and (trigger.over is not None or not trigger.tasks):
            yield Problem(
                message=f"trigger {trigger.name} is about quality without a task or in a ratio",
                at=trigger.at,
                on_key=True,
                help="write `tasks: load_bearing` and `worse_by: 3pp`: an average hides a task",
            )


RULE = Rule(id="trigger-limit", check=check)
