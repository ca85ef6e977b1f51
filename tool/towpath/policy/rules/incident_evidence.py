"""A migration because of incidents names them, and its evaluation covers each.

With `reason: incident`, `incidents` lists them; and once evidence is imported, every incident is a tag of at least one
example: otherwise the new model was never asked the question that the old one got wrong.

Bad:

```yaml
reason: incident
incidents: []
```

Bad, an incident that no example covers:

```yaml
reason: incident
incidents: [INC-1412]
```

```yaml file=evidence/support-triage-2026-11/offline-000000000000.jsonl
{"suite":"offline"}
{"example":"a","tags":["INC-7"]}
```

Good:

```yaml
reason: incident
incidents: [INC-1412]
```

```yaml file=evidence/support-triage-2026-11/offline-000000000000.jsonl
{"suite":"offline"}
{"example":"a","tags":["INC-1412"]}
```
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report missing incidents, and incidents that no example of the imported evidence carries as a tag."""
    runbook = subject.runbook
    if runbook.reason == "incident" and not runbook.incidents:
        yield Problem(
            message="the reason is an incident, and none is named",
            at=("incidents",) if "incidents" in subject.data else ("reason",),
            on_key="incidents" in subject.data,
            help="add `incidents: [INC-1412]`",
        )
    tags = _tags(subject)
    if tags is None:
        return
    for index, incident in enumerate(runbook.incidents):
        if incident not in tags:
            yield Problem(
                message=f"no example of the imported evidence covers {incident}",
                at=("incidents", index),
                help=f"add an example tagged {incident} to the suite, and measure again",
            )


def _tags(subject: Subject) -> set[str] | None:
    """Every tag in the runbook's evidence; None when it has no evidence yet."""
    if not subject.runbook.incidents:
        return None
    files = subject.snapshot.files
    paths = files.paths(f"{subject.snapshot.settings.evidence}/{subject.runbook.id}")
    found: set[str] = set()
    for path in paths:
        for line in (files.read(path) or b"").splitlines():
            # most lines carry no tags, and need not be read
            if b'"tags"' in line:
                try:
                    found.update(str(tag) for tag in json.loads(line).get("tags", ()))
                except (ValueError, AttributeError, TypeError):
                    continue
    return found if paths else None


RULE = Rule(id="incident-evidence", check=check, cross_file=True)
