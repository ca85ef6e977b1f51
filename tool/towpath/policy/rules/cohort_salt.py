"""The salt is there, and stays.

The salt decides who gets the candidate. It is written once; with another salt other people would be in the cohort, and
those who had the candidate would lose it.

Bad, changed while traffic moves:

```yaml
cohort: {unit: user, salt: another}
rollout: {stage: canary, percent: 5, hold: null}
```

```yaml before
rollout: {stage: canary, percent: 5, hold: null}
```

Bad:

```yaml
cohort: {unit: user, salt: " "}
```

Good:

```yaml
cohort: {unit: user, salt: support-triage-2026-11}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.runbook import PLANNED
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a missing salt, and one (or a unit) that changed while the migration is live."""
    runbook, before = subject.runbook, subject.before
    if not runbook.salt.strip():
        yield Problem(
            message="the cohort has no salt",
            at=("cohort", "salt") if "cohort" in subject.data else ("id",),
            help=f"write `cohort: {{unit: user, salt: {runbook.id}}}` and never change it",
        )
    if before is None or before.rollout.stage == PLANNED or not before.live:
        return
    for key, old, new in (("salt", before.salt, runbook.salt), ("unit", before.unit, runbook.unit)):
        if new != old:
            yield Problem(
                message=f"the {key} changed from {old} to {new} while traffic moves: the cohort would be other people",
                at=("cohort", key),
                help=f"write {old} again; another {key} needs a new migration",
            )


RULE = Rule(id="cohort-salt", check=check, cross_file=True)
