"""Margins are not loosened once the results are known.

Evidence remembers the margins of the day it was first imported. A wider margin afterwards fits the judgement to the
result.

Bad:

```yaml
tasks:
  refund-eligibility: {margin: 9pp}
```

```yaml file=evidence/support-triage-2026-11/offline-000000000000.jsonl
{"binding":{"margins":{"refund-eligibility":"3pp"}}}
```

Good:

```yaml
tasks:
  refund-eligibility: {margin: 2pp}
```

```yaml file=evidence/support-triage-2026-11/offline-000000000000.jsonl
{"binding":{"margins":{"refund-eligibility":"3pp"}}}
```
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from towpath.model.quantity import QuantityError, parse_points
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report each margin wider than the one its evidence was imported with, and each task that lost its margin."""
    runbook = subject.runbook
    if not runbook.live:
        return
    for path, margins in _imported(subject):
        for task_id, text in margins.items():
            task = runbook.task(task_id)
            try:
                then = parse_points(text)
            except QuantityError:
                continue
            if task is None or (task.load_bearing and task.margin is None):
                continue
            if not task.load_bearing or (task.margin is not None and task.margin > then):
                now = str(task.margin) if task.load_bearing else "not load-bearing"
                yield Problem(
                    message=f"the margin of {task_id} was {then} when {path} was imported, and is {now} now",
                    at=("tasks", task_id, "margin") if task.margin is not None else ("tasks", task_id),
                    help=f"write {then} again, or measure anew under the new margin",
                )


def _imported(subject: Subject) -> Iterator[tuple[str, dict[str, str]]]:
    """The margins in the first line of each evidence file of the runbook."""
    files = subject.snapshot.files
    for path in files.paths(f"{subject.snapshot.settings.evidence}/{subject.runbook.id}"):
        first = (files.read(path) or b"").split(b"\n", 1)[0]
        try:
            line = json.loads(first)
            margins = line.get("binding", line).get("margins")
        except (ValueError, AttributeError):
            continue
        if isinstance(margins, dict):
            yield path, {str(task): str(text) for task, text in margins.items()}


RULE = Rule(id="margin-loosened", check=check, cross_file=True)
