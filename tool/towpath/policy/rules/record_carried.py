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

import json
import re
from typing import TYPE_CHECKING

from towpath.model.runbook import DONE, ROLLED_BACK
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Rollout, Runbook
    from towpath.model.snapshot import Files

_NAME = re.compile(r"[0-9]{6}\.json")
_KEEP_ROLLOUT = ("resume", "dismiss")


def check(subject: Subject) -> Iterator[Problem]:
    """Report a missing, superfluous, misnumbered, changed or removed record."""
    base, before, runbook = subject.snapshot.base, subject.before, subject.runbook
    if base is None or before is None:
        return
    folder = f"{subject.snapshot.settings.records}/{runbook.id}"
    here, there = _records(subject.snapshot.files, folder), _records(base, folder)
    touched = [path for path, text in there.items() if here.get(path) != text]
    for path in touched:
        verb = "was changed" if path in here else "was removed"
        yield _wrong(f"the record {path} {verb}: a record is never touched again", "restore it as it was")
    new = [path for path in here if path not in there]
    moved = before.rollout != runbook.rollout
    expected = f"{folder}/{_last(there) + 1:06d}.json"
    plan = "make the change with towpath promote, rollback, hold, resume or close, which write both"
    if moved and not new:
        yield _wrong(f"the rollout block changed, and there is no record {expected} of it", plan)
    elif len(new) > 1:
        yield _wrong(f"one change carries {len(new)} new records: {', '.join(new)}", "one transition at a time")
    elif new and new[0] != expected:
        yield _wrong(f"the new record is {new[0]}, and the next one is {expected}", plan)
    elif new and not moved and _action(here[new[0]]) not in _KEEP_ROLLOUT:
        yield _wrong(f"there is a new record {new[0]}, but the rollout block is as it was", plan)
    elif new and (said := _action(here[new[0]])) and said not in _fitting(before, runbook):
        yield _wrong(f"the record calls the change a {said}, and it is none", plan)


def _fitting(before: Runbook, after: Runbook) -> tuple[str, ...]:
    """The actions that a change of the rollout block may be called."""
    old, new = before.rollout, after.rollout
    if old.stage == new.stage:
        return ("hold", "emergency") if new.hold is not None else ("resume", "dismiss")
    if new.stage == DONE:
        return ("close",)
    if old.stage == ROLLED_BACK:
        return ("resume",)
    lower = new.stage == ROLLED_BACK or new.percent < old.percent or _place(after, new) < _place(after, old)
    return ("rollback", "emergency") if lower else ("promote", "emergency")


def _place(runbook: Runbook, rollout: Rollout) -> int:
    try:
        return runbook.stage_index(rollout.stage)
    except KeyError:
        return len(runbook.stages)


def _records(files: Files, folder: str) -> dict[str, bytes]:
    paths = (path for path in files.paths(folder) if _NAME.fullmatch(path.removeprefix(f"{folder}/")))
    return {path: files.read(path) or b"" for path in paths}


def _last(records: dict[str, bytes]) -> int:
    return max((int(path[-11:-5]) for path in records), default=0)


def _action(text: bytes) -> str:
    """What the record says it is; empty when it cannot be read (the chain's own check speaks of that)."""
    try:
        action = json.loads(text)["predicate"]["action"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return action if isinstance(action, str) else ""


def _wrong(message: str, advice: str) -> Problem:
    return Problem(message=message, at=("rollout",), help=advice, on_key=True)


RULE = Rule(id="record-carried", check=check, needs_base=True, cross_file=True)
