"""A changed rollout carries its record.

Each transition adds one file `records/<id>/<number>.json` in the same change; without it nobody can say later who
decided on what. Old records are never changed or taken away.

Bad:

```yaml
rollout: {stage: internal, percent: 0, hold: null}
```

```yaml before
rollout: {stage: planned, percent: 0, hold: null}
```

Good, an amend needs none:

```yaml
title: A better title
```

```yaml before
title: A title
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a moved rollout without exactly one new record, and old records that changed."""
    runbook, before, base = subject.runbook, subject.before, subject.snapshot.base
    if before is None or base is None:
        return
    files = subject.snapshot.files
    folder = f"{subject.snapshot.settings.records}/{runbook.id}"
    old = base.paths(folder)
    added = [path for path in files.paths(folder) if path not in old]
    for path in old:
        if files.read(path) != base.read(path):
            yield Problem(message=f"{path} was changed or taken away", at=("id",), help="restore it from git history")
    if before.rollout != runbook.rollout and len(added) != 1:
        yield Problem(
            message=f"the rollout changed with {len(added)} new records instead of one",
            at=("rollout",),
            on_key=True,
            help="let towpath promote, rollback, hold or resume make the change",
        )


RULE = Rule(id="record-carried", check=check, needs_base=True)
