"""A stage names only sections that exist.

`eval: standard` in a stage means `checks.eval.standard`. A name that is not there would leave the stage without the
section.

Bad:

```yaml
stages:
  - name: internal
    percent: 0
    bake: 48h
    eval: standrad
    cost: standard
    rollback: standard
```

Good:

```yaml
stages:
  - name: internal
    percent: 0
    bake: 48h
    eval: standard
    cost: standard
    rollback: standard
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("eval", "cost", "rollback")


def check(subject: Subject) -> Iterator[Problem]:
    """Report each name of a section that `checks` does not have."""
    checks = subject.data.get("checks")
    for stage in subject.runbook.stages:
        written = subject.data["stages"][stage.at[1]]
        for kind in KINDS:
            value = written.get(kind)
            named = value.get("use") if isinstance(value, dict) else value
            sections = checks.get(kind) if isinstance(checks, dict) else None
            known = [str(name) for name in sections] if isinstance(sections, dict) else []
            if isinstance(named, str) and named not in known:
                at = (*stage.at, kind, "use") if isinstance(value, dict) else (*stage.at, kind)
                there = f"there are: {', '.join(known)}" if known else f"define it under checks.{kind}"
                yield Problem(
                    message=f"stage {stage.name} names the {kind} section {named}, which does not exist",
                    at=at,
                    help=did_you_mean(named, known) or there,
                )


RULE = Rule(id="unknown-section", check=check)
