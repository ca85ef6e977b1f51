"""A flagd flag file (https://flagd.dev/reference/flag-definitions/), one flag per feature.

The flag compares `rollout_bucket`, which the application computes with `towpath.traffic.cohorts.bucket` and passes in
the evaluation context, instead of using flagd's own `fractional`: that has three generations of hashing, and a service
in Python and one in JavaScript would put the same user into different arms. `segment` names the unit's segment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from towpath.model.runbook import Arm
    from towpath.traffic.routing import Routing

BUCKET = "rollout_bucket"
SEGMENT = "segment"


def render(routing: Routing) -> bytes:
    """The flag file. Evaluates to an object with `provider` and `model`; its variant is the arm's name."""
    flag: dict[str, Any] = {
        "state": "ENABLED",
        "variants": {"baseline": _variant(routing.baseline), "candidate": _variant(routing.candidate)},
        "defaultVariant": "candidate" if routing.everybody else "baseline",
        "targeting": {} if routing.everybody else _targeting(routing),
        "metadata": {
            "runbook": routing.runbook,
            "stage": routing.stage,
            "basisPoints": routing.cohort.basis_points,
            "salt": routing.cohort.salt,
            "unit": routing.unit,
        },
    }
    document = {"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": {routing.feature: flag}}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _variant(arm: Arm) -> dict[str, str]:
    variant = {"provider": arm.provider, "model": arm.model}
    return variant | ({"revision": arm.revision} if arm.revision else {})


def _targeting(routing: Routing) -> dict[str, Any]:
    bucket = {"var": BUCKET}
    # a missing bucket is null, and null < 500 is true in JSON Logic: units without an id would all be candidates;
    # strictly unequal, because the Python client takes 0 for null and would lose the units of bucket 0
    below = {"and": [{"!==": [bucket, None]}, {"<": [bucket, routing.cohort.basis_points]}]}
    rule: list[Any] = [below, "candidate", "baseline"]
    if routing.cohort.segments:
        rule = [{"in": [{"var": SEGMENT}, sorted(routing.cohort.segments)]}, "candidate", *rule]
    return {"if": rule}
