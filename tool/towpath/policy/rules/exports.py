"""A migration says which file routes its traffic, and the file is its own.

Without an export nothing turns the percentage into traffic. One path belongs to one feature, lies inside the
repository, and is no runbook, record, evidence or policy.

Bad:

```yaml
exports: []
```

Bad, a file of another feature:

```yaml
exports: [{target: flagd, path: flags/shared.json}]
```

```yaml file=runbooks/search-2026-11.yaml
id: search-2026-11
feature: {name: search, users_per_month: 10, calls_per_day: 10}
exports: [{target: flagd, path: flags/shared.json}]
```

Good:

```yaml
exports: [{target: flagd, path: flags/support-triage.flagd.json}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject
from towpath.traffic.exports import may_write

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report missing exports, and paths that are not the runbook's to write."""
    runbook = subject.runbook
    if not runbook.exports:
        yield Problem(
            message="nothing turns the percentage into traffic",
            at=("exports",) if "exports" in subject.data else ("id",),
            on_key=True,
            help=f"add `exports: [{{target: flagd, path: flags/{runbook.feature.name}.flagd.json}}]`",
        )
    for index, export in enumerate(runbook.exports):
        at = ("exports", index, "path")
        if export.path and not may_write(export.path, subject.snapshot.settings):
            yield Problem(
                message=f"an export must not be written to {export.path}",
                at=at,
                help="name a file inside the repository, outside its runbooks, evidence, records and policies",
            )
        for other in subject.neighbours.by_export.get(export.path, ()):
            if other.feature.name != runbook.feature.name:
                yield Problem(
                    message=f"{export.path} belongs to the feature {other.feature.name} too ({other.path})",
                    at=at,
                    help="give each feature its own file",
                )
                break


RULE = Rule(id="exports", check=check, cross_file=True)
