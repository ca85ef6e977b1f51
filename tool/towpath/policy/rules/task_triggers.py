"""Every stage goes back when any load-bearing task gets worse.

Latency and cost are easy to watch; the reason to go back is a task that got worse. Each rollback section has a trigger
on the quality of all load-bearing tasks, each judged on its own.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, alpha: 5%, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      alpha: 5%
      when:
        accuracy: {metric: quality, tasks: load_bearing, worse_by: 5pp}
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.metrics import QUALITY
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import rollback_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report rollback sections whose quality triggers leave out a load-bearing task."""
    needed = {task.id for task in subject.runbook.tasks if task.load_bearing}
    watch = subject.runbook.watch
    for _, section in rollback_sections(subject.runbook):
        if not section.when:
            continue
        covered: set[str] = set()
        for trigger in section.when:
            if trigger.metric != QUALITY:
                continue
            if trigger.tasks == "load_bearing":
                covered |= needed
            elif trigger.tasks == "watch":
                covered |= {watch.task} if watch is not None else set()
            else:
                covered |= set(trigger.tasks)
        missing = sorted(needed - covered)
        if missing:
            yield Problem(
                message=f"no trigger is about the quality of {', '.join(missing)}",
                at=(*section.at, "when"),
                on_key=True,
                help="add `accuracy: {metric: quality, tasks: load_bearing, worse_by: 5pp}`",
            )


RULE = Rule(id="task-triggers", check=check)
