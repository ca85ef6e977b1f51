"""The watch task has its own rollback trigger in every stage.

What shows in no average shows in no trigger on an average either.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {latency: {metric: latency_p99, over: 2x}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
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
    """Report rollback sections in which no trigger is about the watch task alone."""
    watch = subject.runbook.watch
    if watch is None:
        return
    for _, section in rollback_sections(subject.runbook):
        if not section.when:
            continue
        mine = [one for one in section.when if one.tasks == "watch" or one.tasks == (watch.task,)]
        if not any(trigger.metric == QUALITY for trigger in mine):
            yield Problem(
                message=f"no trigger is about the quality of the watch task {watch.task}",
                at=(*section.at, "when"),
                on_key=True,
                help="add `watch: {metric: quality, tasks: watch, worse_by: 3pp}`",
                related=((("watch", "task"), "the watch task"),),
            )


RULE = Rule(id="watch-trigger", check=check)
