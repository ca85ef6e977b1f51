"""Exactly one task is watched: the one most likely to regress without showing in the average.

It is load-bearing, and `why` says in a sentence what makes it the one. The gate shows it first.

Bad:

```yaml
watch:
  task: refund-eligibilty
  why: important
```

Bad, a task that may get worse:

```yaml
watch:
  task: smalltalk
  why: customers notice first when the small talk gets worse
```

Good:

```yaml
watch:
  task: refund-eligibility
  why: rare, so the average hides it, and every wrong answer costs money
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a missing, unknown, unimportant or unexplained watch task."""
    runbook, watch = subject.runbook, subject.runbook.watch
    known = [task.id for task in runbook.tasks]
    if watch is None:
        yield Problem(
            message="the runbook does not say which task to watch",
            at=("watch",) if "watch" in subject.data else ("tasks",),
            on_key=True,
            help="add `watch: {task: ..., why: ...}`: the task most likely to get worse unseen",
        )
        return
    task = runbook.task(watch.task)
    if task is None:
        yield Problem(
            message=f"the watch task {watch.task} is not one of the tasks",
            at=("watch", "task"),
            help=did_you_mean(watch.task, known) or f"there are: {', '.join(known)}",
            related=((("tasks",), "the tasks"),),
        )
    elif not task.load_bearing:
        yield Problem(
            message=f"the watch task {task.id} is not load-bearing: it could get worse and nothing would stop",
            at=("watch", "task"),
            help=f"make {task.id} load-bearing with a margin, or watch another task",
            related=((("tasks", task.id), "declared here"),),
        )
    if len(watch.why.split()) < int(subject.options["words"]):
        yield Problem(
            message="`why` does not say why this is the task to watch",
            at=("watch", "why") if watch.why else ("watch",),
            help="say in a sentence why it could get worse without showing in the average",
        )


RULE = Rule(
    id="watch-task",
    check=check,
    options={"words": (3, "how many words a reason has at least")},
)
