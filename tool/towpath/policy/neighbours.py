"""The runbooks of a repository, found by what no two of them may share: comparing each with each takes minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from towpath.model.runbook import Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Every readable runbook of a snapshot, sorted by path, under each of its names.

    Attributes:
        by_id: id -> the runbooks that have it.
        by_feature: name of a feature -> the runbooks that migrate it.
        by_export: path of an export -> the runbooks that write it.
    """

    by_id: Mapping[str, tuple[Runbook, ...]]
    by_feature: Mapping[str, tuple[Runbook, ...]]
    by_export: Mapping[str, tuple[Runbook, ...]]

    @classmethod
    def of(cls, runbooks: Iterable[Runbook]) -> Neighbours:
        """All of them, each under its own names."""
        ids: dict[str, tuple[Runbook, ...]] = {}
        features: dict[str, tuple[Runbook, ...]] = {}
        exports: dict[str, tuple[Runbook, ...]] = {}
        for runbook in sorted(runbooks, key=lambda one: one.path):
            ids[runbook.id] = (*ids.get(runbook.id, ()), runbook)
            features[runbook.feature.name] = (*features.get(runbook.feature.name, ()), runbook)
            for path in dict.fromkeys(export.path for export in runbook.exports):
                exports[path] = (*exports.get(path, ()), runbook)
        return cls(by_id=ids, by_feature=features, by_export=exports)
