"""Prices of both models are known, and dated.

A pinned price names its source and day and is not older than the pack allows; prices change, and a projection on last
year's is a guess.

Bad:

```yaml
arms:
  baseline:
    model: {provider: local, id: smollm2-135m-q4_1}
  candidate:
    model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}
    price: {input: 0.12 USD/Mtok, output: 0.45 USD/Mtok, source: list, as_of: 2024-01-01}
```

Good:

```yaml
arms:
  baseline:
    model: {provider: local, id: smollm2-135m-q4_1}
    price: {input: 0.10 USD/Mtok, output: 0.40 USD/Mtok, source: list, as_of: 2026-11-01}
  candidate:
    model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}
    price: {input: 0.12 USD/Mtok, output: 0.45 USD/Mtok, source: list, as_of: 2026-11-01}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import duration_text, parse_duration
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report missing prices, and prices of the future or too long ago."""
    longest = parse_duration(subject.options["longest"])
    today = subject.snapshot.now.date()
    for name, arm in (("baseline", subject.runbook.baseline), ("candidate", subject.runbook.candidate)):
        if arm is None or subject.refused(("arms", name, "price")):
            continue
        if arm.price is None:
            yield Problem(
                message=f"the price of the {name} {arm.model} is not known",
                at=("arms", name),
                on_key=True,
                help="add `price: {input: 0.10 USD/Mtok, output: 0.40 USD/Mtok, source: ..., as_of: DATE}`",
            )
            continue
        dated = arm.price.as_of or arm.price.catalog
        at = ("arms", name, "price", "as_of" if arm.price.as_of else "catalog")
        if arm.price.catalog is None and not arm.price.source.strip():
            yield Problem(
                message=f"the price of the {name} does not say where it is from",
                at=("arms", name, "price"),
                on_key=True,
                help="add `source: ...`, such as the price list's address",
            )
        if dated is None:
            yield Problem(
                message=f"the price of the {name} has no day", at=("arms", name, "price"), help="add `as_of: DATE`"
            )
        elif dated > today:
            yield Problem(message=f"the price of the {name} is of the future", at=at, help="write the day it was read")
        elif today - dated > longest:
            yield Problem(
                message=f"the price of the {name} is of {dated}, older than {duration_text(longest)}",
                at=at,
                help="look it up again and write the new day",
            )


RULE = Rule(
    id="prices",
    check=check,
    options={"longest": ("365d", "how old a price may be")},
)
