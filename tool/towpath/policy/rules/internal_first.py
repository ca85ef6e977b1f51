"""The first stage is internal.

It has `percent: 0` and a segment such as employees: the first people to meet a new model are those who cannot leave.

Bad:

```yaml
stages:
  - {name: canary, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: full, percent: 100, bake: 14d, eval: standard, cost: standard, rollback: standard}
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

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report a first stage that moves public traffic, or that reaches nobody."""
    if not subject.runbook.stages:
        return
    first = subject.runbook.stages[0]
    if first.percent is not None and first.percent > 0:
        yield Problem(
            message=f"the first stage, {first.name}, gives the candidate to {first.percent} % of everybody",
            at=(*first.at, "percent"),
            help="begin with a stage of `percent: 0` and `segments: [employees]`",
        )
    elif not first.segments:
        yield Problem(
            message=f"the first stage, {first.name}, reaches nobody",
            at=(*first.at, "name"),
            help="add `segments: [employees]`",
        )


RULE = Rule(id="internal-first", check=check)
