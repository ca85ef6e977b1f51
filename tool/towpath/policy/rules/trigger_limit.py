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

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Pointer


def check(subject: Subject) -> Iterator[Problem]:
    """Report triggers with no limit or with two."""
    seen: set[Pointer] = set()
    for stage in subject.runbook.stages:
        for trigger in stage.rollback.when if stage.rollback is not None else ():
            if trigger.at in seen:
                continue
            seen.add(trigger.at)
            limits = [limit for limit in (trigger.worse_by, trigger.over) if limit is not None]
            if len(limits) != 1:
                yield Problem(
                    message=f"trigger {trigger.name} has {'two limits' if limits else 'no limit'}",
                    at=trigger.at,
                    on_key=True,
                    help="write `worse_by: 3pp` or `over: 2x`, one of them",
                )


RULE = Rule(id="trigger-limit", check=check)
