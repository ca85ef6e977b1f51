"""No two runbooks have the same id.

Records and evidence lie under the id: two runbooks would share one history.

Bad:

```yaml
id: support-triage-2026-11
```

```yaml file=runbooks/other.yaml
id: support-triage-2026-11
```

Good:

```yaml
id: support-triage-2026-11
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report each runbook that another one shares its id with."""
    runbook = subject.runbook
    others = [one.path for one in subject.neighbours.by_id[runbook.id] if one.path != runbook.path]
    if others:
        yield Problem(
            message=f"{others[0]} has the id {runbook.id} too",
            at=("id",),
            help="give each runbook its own id",
        )


RULE = Rule(id="unique-id", check=check, cross_file=True)
