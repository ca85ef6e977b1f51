"""Every load-bearing task has a margin, and a sensible one.

The margin is the loss you could accept, in percentage points. Without one nothing covers the task; one of 0 can never
be shown; one wider than the pack allows would call a disaster level.

Bad:

```yaml
tasks:
  refund-eligibility: {}
  ticket-routing: {margin: 40pp}
  order-number: {margin: 0pp}
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

from towpath.model.quantity import parse_points
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report load-bearing tasks without a margin, and margins that are no limit."""
    widest = parse_points(subject.options["widest"])
    for task in subject.runbook.tasks:
        if not task.load_bearing or subject.refused(("tasks", task.id, "margin")):
            continue
        if task.margin is None:
            yield Problem(
                message=f"the load-bearing task {task.id} has no margin, so nothing covers it",
                at=("tasks", task.id),
                on_key=True,
                help="add the loss you could accept, such as `margin: 5pp`, or say `load_bearing: false`",
            )
        elif not 0 < task.margin.value <= widest.value:
            yield Problem(
                message=f"the margin {task.margin} of {task.id} is not above 0pp and at most {widest}",
                at=("tasks", task.id, "margin"),
                help="of 100 questions, how many more could the new model get wrong?",
            )


RULE = Rule(
    id="task-margins",
    check=check,
    options={"widest": ("15pp", "the widest margin")},
)
