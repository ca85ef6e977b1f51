"""A feature has one live migration.

Two at once would both claim the feature's traffic, and neither could say what it measured.

Bad:

```yaml
id: support-triage-2026-11
feature: {name: support-triage, users_per_month: 42000, calls_per_day: 120000}
```

```yaml file=runbooks/support-triage-2026-12.yaml
id: support-triage-2026-12
```

Good, the other one is over:

```yaml
id: support-triage-2026-11
```

```yaml file=runbooks/support-triage-2026-10.yaml
id: support-triage-2026-10
rollout: {stage: done, percent: 100, hold: null}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a live runbook of a feature that another live one has."""
    runbook = subject.runbook
    if not runbook.live:
        return
    others = [
        one.id
        for one in subject.neighbours.by_feature[runbook.feature.name]
        if one.live and one.path != runbook.path and one.id != runbook.id
    ]
    if others:
        yield Problem(
            message=f"{others[0]} is a live migration of {runbook.feature.name} too",
            at=("feature", "name"),
            help=f"finish or roll back one of them first: towpath status {runbook.id} {others[0]}",
        )


RULE = Rule(id="one-live-runbook", check=check, cross_file=True)
