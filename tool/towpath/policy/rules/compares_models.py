"""Every stage is entered on a comparison of baseline and candidate.

Each stage's eval section requires `quality: non_inferior`, which compares both models task by task, on a suite the
runbook declares; and the two arms differ, or there is nothing to compare. Latency alone says nothing about answers.

Bad, only latency:

```yaml
checks:
  eval: {standard: {suite: offline, require: {latency_p50: {at_most: 1.5x}}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Bad, the same model twice:

```yaml
arms:
  baseline: {model: {provider: local, id: smollm2-135m-q4_1}}
  candidate: {model: {provider: local, id: smollm2-135m-q4_1}}
```

Good:

```yaml
arms:
  baseline: {model: {provider: local, id: smollm2-135m-q4_1}}
  candidate: {model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}}
```
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from towpath.model.metrics import QUALITY
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import eval_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report eval sections without a comparison, and arms that do not differ."""
    runbook = subject.runbook
    for _, section in eval_sections(runbook):
        compared = any(one.metric == QUALITY and one.non_inferior for one in section.require)
        if section.require and not compared:
            yield Problem(
                message="the eval section does not compare the answers of both models",
                at=(*section.at, "require"),
                on_key=True,
                help="add `quality: non_inferior`: each load-bearing task against its margin",
            )
    if runbook.baseline is not None and runbook.candidate is not None:
        same = replace(runbook.baseline, price=None, retires=None) == replace(
            runbook.candidate, price=None, retires=None
        )
        if same:
            yield Problem(
                message="baseline and candidate are the same: model, prompts, tools and parameters",
                at=("arms", "candidate"),
                on_key=True,
                help="name the model you want to move to",
                related=((("arms", "baseline"), "the baseline"),),
            )


RULE = Rule(id="compares-models", check=check)
