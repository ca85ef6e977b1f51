"""Somebody answers for the migration.

Owners are asked to review its pull requests and are called when something goes wrong.

Bad:

```yaml
owners: []
```

Good:

```yaml
owners: ["@acme/support-ai"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a runbook without owners."""
    if not any(owner.strip() for owner in subject.runbook.owners):
        yield Problem(
            message="nobody owns this migration",
            at=("owners",) if "owners" in subject.data else ("id",),
            on_key=True,
            help='add `owners: ["@your-team"]`',
        )


RULE = Rule(id="owners", check=check)
