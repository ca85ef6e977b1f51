"""`require` names metrics that the gate can judge, with the kind of limit they need.

The gate measures quality, latency, tokens, cost and the share of failed calls on the imported evidence. A misspelt name
would be an error on the day of the promotion; here it is one on the day it is written.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, require: {quality: non_inferior, latency_p59: {at_most: 2x}}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, require: {quality: non_inferior, latency_p50: {at_most: 2x}}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.model.metrics import QUALITY, REQUIRED
from towpath.model.quantity import Percent, Points, Ratio
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report unknown metrics and limits of the wrong kind."""
    for requirement in requirements(subject.runbook):
        metric, limit = requirement.metric, requirement.at_most
        if metric not in REQUIRED:
            yield Problem(
                message=f"`require` names the unknown metric {metric}",
                at=requirement.at,
                on_key=True,
                help=did_you_mean(metric, REQUIRED) or f"known: {', '.join(REQUIRED)}",
            )
        elif metric == QUALITY and not requirement.non_inferior:
            yield Problem(
                message="quality is judged against each task's margin",
                at=requirement.at,
                help="write `quality: non_inferior`; the margins stand at the tasks",
            )
        elif metric == "error_rate" and not isinstance(limit, Percent | Points):
            yield Problem(
                message="error_rate needs a share as its limit", at=requirement.at, help="write {at_most: 2%}"
            )
        elif metric not in (QUALITY, "error_rate") and not isinstance(limit, Ratio | Percent):
            yield Problem(
                message=f"{metric} needs a ratio as its limit", at=requirement.at, help="write {at_most: 1.5x}"
            )


RULE = Rule(id="known-requirements", check=check)
