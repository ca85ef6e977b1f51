"""Stage names are there once, and are not reserved.

`planned`, `rolled-back` and `done` say where a rollout stands when it is in no stage.

Bad:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, eval: standard, cost: standard, rollback: standard}
  - {name: internal, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: done, percent: 100, bake: 14d, control: frozen, eval: standard, cost: standard, rollback: standard}
```

Good:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, eval: standard, cost: standard, rollback: standard}
  - {name: canary, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: half, percent: 50, bake: 7d, eval: standard, cost: standard, rollback: standard}
  - {name: full, percent: 100, bake: 14d, control: frozen, eval: standard, cost: standard, rollback: standard}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.runbook import RESERVED_STAGES
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Stage


def check(subject: Subject) -> Iterator[Problem]:
    """Report reserved names and names that stand twice."""
    seen: dict[str, Stage] = {}
    for stage in subject.runbook.stages:
        at = (*stage.at, "name")
        if stage.name in RESERVED_STAGES:
            yield Problem(message=f"{stage.name} is no name for a stage", at=at, help="call it something else")
        elif stage.name and stage.name in seen:
            yield Problem(
                message=f"two stages are called {stage.name}",
                at=at,
                help="give each stage its own name",
                related=(((*seen[stage.name].at, "name"), "the first one"),),
            )
        seen.setdefault(stage.name, stage)


RULE = Rule(id="stage-names", check=check)
