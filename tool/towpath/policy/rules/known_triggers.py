"""Triggers name metrics and tasks that exist.

A misspelt name never fires, and looks like a safety net.

Bad, a metric nobody measures:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p9, over: 2x}
```

Bad, a task nobody declared:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        refunds: {metric: quality, tasks: [refund-eligibilty], worse_by: 3pp}
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

from towpath.document.suggest import did_you_mean
from towpath.model.metrics import WATCHED
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import triggers

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report unknown metrics and tasks of triggers."""
    runbook = subject.runbook
    metrics = [*WATCHED, *(metric.name for metric in runbook.metrics if metric.name != "default")]
    tasks = [task.id for task in runbook.tasks]
    for trigger in triggers(runbook):
        if trigger.metric and trigger.metric not in metrics:
            yield Problem(
                message=f"trigger {trigger.name} names the unknown metric {trigger.metric}",
                at=(*trigger.at, "metric"),
                help=did_you_mean(trigger.metric, metrics) or "declare it under `metrics`",
            )
        for index, task in enumerate(trigger.tasks if isinstance(trigger.tasks, tuple) else ()):
            if task not in tasks:
                yield Problem(
                    message=f"trigger {trigger.name} names the unknown task {task}",
                    at=(*trigger.at, "tasks", index),
                    help=did_you_mean(task, tasks) or f"there are: {', '.join(tasks)}",
                    related=((("tasks",), "tasks declared here"),),
                )


RULE = Rule(id="known-triggers", check=check)
