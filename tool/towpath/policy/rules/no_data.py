"""Silence has a meaning of its own.

When the metrics stop, nothing is known; a section that does not say what happens then would let the rollout go on
blind.

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
        late: {metric: latency_p99, over: 2x}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      no_data: {after: 500 expected calls, then: hold}
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99, over: 2x}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.finding import Severity
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import rollback_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report rollback sections that do not say what silence means."""
    for _, section in rollback_sections(subject.runbook):
        if subject.refused((*section.at, "no_data")):
            continue
        if section.no_data is None or section.no_data.after is None:
            yield Problem(
                message="the rollback section does not say what happens when no data comes",
                at=section.at,
                on_key=True,
                help="add `no_data: {after: 500 expected calls, then: hold}`",
            )


RULE = Rule(id="no-data", check=check, severity=Severity.WARNING)
