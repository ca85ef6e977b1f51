"""Cost has a limit on the change, a budget, and is looked at with twice the volume.

The increase says what the change costs, the budget what can be paid at all, and 2x what happens when the feature is a
success.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {budget: 20000 USD/month, volumes: [1x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
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

from decimal import Decimal
from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import cost_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report cost sections without a limit on the change, without a budget, or without twice the volume."""
    for _, section in cost_sections(subject.runbook):
        if subject.refused(section.at):
            continue
        if section.total_increase is None and section.per_user_increase is None:
            yield Problem(
                message="the cost section does not limit what the change may cost",
                at=section.at,
                on_key=True,
                help="add `total_increase: {at_most: 10%}` or `per_user_increase: {at_most: 0.01 USD/month}`",
            )
        if section.budget is None:
            yield Problem(
                message="the cost section has no budget",
                at=section.at,
                on_key=True,
                help="add what can be paid at all, such as `budget: 20000 USD/month`",
            )
        if Decimal(2) not in [volume.value for volume in section.volumes]:
            yield Problem(
                message="the cost section does not look at twice the volume",
                at=(*section.at, "volumes") if section.volumes else section.at,
                on_key=True,
                help="write `volumes: [1x, 2x]`",
            )


RULE = Rule(id="cost-limits", check=check)
