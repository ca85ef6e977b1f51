"""Runbooks found by what they share."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from towpath.model.runbook import Export, Feature, Rollout, Runbook
from towpath.policy.neighbours import Neighbours

NAMES = st.sampled_from(("a", "b", "c"))


def runbook(path: str, name: str, feature: str, exports: tuple[str, ...]) -> Runbook:
    return Runbook(
        path=path,
        id=name,
        feature=Feature(name=feature),
        exports=tuple(Export(target="flagd", path=export) for export in exports),
        rollout=Rollout(stage="planned", percent=Decimal(0)),
    )


@given(st.lists(st.tuples(NAMES, NAMES, st.lists(NAMES, max_size=3)), max_size=8))
def test_the_same_as_comparing_each_with_each(drawn: list[tuple[str, str, list[str]]]) -> None:
    every = [
        runbook(f"runbooks/{number}.yaml", name, feature, tuple(exports))
        for number, (name, feature, exports) in enumerate(drawn)
    ]
    found = Neighbours.of(reversed(every))
    for name in ("a", "b", "c"):
        assert list(found.by_id.get(name, ())) == [one for one in every if one.id == name]
        assert list(found.by_feature.get(name, ())) == [one for one in every if one.feature.name == name]
        assert list(found.by_export.get(name, ())) == [
            one for one in every if name in [export.path for export in one.exports]
        ]
