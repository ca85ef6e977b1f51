"""Suites exist, and their results can be imported.

Every eval section names a suite of the runbook, and every suite an adapter that Towpath has.

Bad:

```yaml
suites:
  offline: {adapter: promptfo, path: evals/results.json}
```

Bad, a suite nobody declared:

```yaml
suites:
  nightly: {adapter: promptfoo, path: evals/results.json}
checks:
  eval: {standard: {suite: nightli, require: {quality: non_inferior}}}
```

Good:

```yaml
suites:
  offline: {adapter: promptfoo, path: evals/results.json}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.model.metrics import ADAPTERS
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import eval_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report unknown adapters, unknown suites, and eval sections without a suite."""
    runbook = subject.runbook
    known = [suite.name for suite in runbook.suites]
    for suite in runbook.suites:
        if suite.adapter not in ADAPTERS:
            yield Problem(
                message=f"suite {suite.name} has the unknown adapter {suite.adapter}",
                at=("suites", suite.name, "adapter"),
                help=did_you_mean(suite.adapter, ADAPTERS) or f"known: {', '.join(ADAPTERS)}",
            )
    for stage, section in eval_sections(runbook):
        if section.suite not in known:
            named = f"names the suite {section.suite}, which does not exist" if section.suite else "names no suite"
            yield Problem(
                message=f"the eval section of stage {stage.name} {named}",
                at=(*section.at, "suite") if section.suite else section.at,
                on_key=not section.suite,
                help=did_you_mean(section.suite, known) or "declare it under `suites` and name it here",
            )


RULE = Rule(id="known-suite", check=check)
