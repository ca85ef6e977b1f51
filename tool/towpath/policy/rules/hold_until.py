"""A hold whose time has come is looked at.

A hold never ends by itself: `until` only says when somebody wanted to look again.

Bad:

```yaml
rollout:
  stage: canary
  percent: 5
  hold: {by: ada, reason: provider incident, until: "2026-11-01T09:00:00Z"}
```

Good:

```yaml
rollout:
  stage: canary
  percent: 5
  hold: {by: ada, reason: provider incident, until: "2026-12-01T09:00:00Z"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.finding import Severity
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Say that the time of a hold has passed."""
    hold = subject.runbook.rollout.hold
    if hold is not None and hold.until is not None and hold.until <= subject.snapshot.now:
        yield Problem(
            message=f"the hold by {hold.by} was to be looked at on {hold.until:%Y-%m-%d %H:%M} UTC",
            at=("rollout", "hold", "until"),
            help=f"towpath resume {subject.runbook.id}, or hold it again",
        )


RULE = Rule(id="hold-until", check=check, severity=Severity.NOTE)
