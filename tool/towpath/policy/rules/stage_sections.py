"""Every stage has an eval, a cost and a rollback section.

A stage without an eval section moves traffic on hope; without a cost section the bill is the first to say no; without
a rollback section the question "when do we go back?" is asked at three in the morning. A section may be written in
the stage or named under `checks`.

Bad:

```yaml
stages:
  - name: internal
    percent: 0
    bake: 48h
    eval: standard
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

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHY = {
    "eval": "nothing would be compared before traffic moves",
    "cost": "nobody would know the bill before it comes",
    "rollback": "nobody wrote down when to go back",
}


def check(subject: Subject) -> Iterator[Problem]:
    """Report each section a stage lacks, at the stage's name."""
    for stage in subject.runbook.stages:
        written = subject.data["stages"][stage.at[1]]
        for kind, why in _WHY.items():
            if kind not in written:
                yield Problem(
                    message=f"stage {stage.name} has no {kind} section: {why}",
                    at=(*stage.at, "name"),
                    help=f"add `{kind}: standard` and define it under checks.{kind}, or write the section here",
                )


RULE = Rule(id="stage-sections", check=check)
