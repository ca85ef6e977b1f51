"""A runbook's file is called like its id.

`runbooks/<id>.yaml` is where people, records and the audit look for it.

Bad:

```yaml at=runbooks/triage.yaml
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
    """Report a file whose place or name is not the id's."""
    runbook = subject.runbook
    expected = f"{subject.snapshot.settings.runbooks}/{runbook.id}.yaml"
    inside = runbook.path.startswith(f"{subject.snapshot.settings.runbooks}/")
    if inside and runbook.path != expected:
        yield Problem(
            message=f"the runbook {runbook.id} lies in {runbook.path}",
            at=("id",),
            help=f"git mv {runbook.path} {expected}, or write the id that fits the name",
        )


RULE = Rule(id="file-name", check=check, cross_file=True)
