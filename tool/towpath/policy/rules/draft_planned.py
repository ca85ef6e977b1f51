"""A draft stays planned.

A draft has gaps that lint only warns about; traffic does not move on gaps.

Bad:

```yaml
draft: true
rollout:
  stage: internal
  percent: 0
  hold: null
```

Good:

```yaml
draft: true
rollout:
  stage: planned
  percent: 0
  hold: null
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.runbook import PLANNED
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a draft whose rollout has begun."""
    runbook = subject.runbook
    if runbook.draft and runbook.rollout.stage != PLANNED:
        yield Problem(
            message=f"a draft stands at {runbook.rollout.stage}",
            at=("rollout", "stage"),
            help="fill the gaps and take `draft: true` away, or set the rollout back to planned",
            related=((("draft",), "a draft"),),
        )


RULE = Rule(id="draft-planned", check=check)
