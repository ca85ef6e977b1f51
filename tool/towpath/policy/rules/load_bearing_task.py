"""At least one task is load-bearing: the average alone decides nothing.

A new model can be better on average and worse on the one task that pays the bills. Tasks that bear the load are
judged one by one; if none does, only an average is left.

Bad:

```yaml
tasks:
  smalltalk: {load_bearing: false}
watch:
  task: smalltalk
  why: the only task there is, and nobody depends on it
```

Good:

```yaml
tasks:
  refund-eligibility: {margin: 3pp}
  smalltalk: {load_bearing: false}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a runbook in which no task bears a load."""
    tasks = subject.runbook.tasks
    if tasks and not any(task.load_bearing for task in tasks):
        yield Problem(
            message="no task is load-bearing: nothing could stop the migration",
            at=("tasks",),
            on_key=True,
            help="take `load_bearing: false` away from the tasks that must not get worse, and give them a margin",
        )


RULE = Rule(id="load-bearing-task", check=check)
