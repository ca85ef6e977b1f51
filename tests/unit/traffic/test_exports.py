"""Export files: rendered from the rollout, owned by one feature, written only where exports may lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from support.routed import ROUTED, at
from towpath.model.runbook import Export, Feature
from towpath.model.snapshot import Settings
from towpath.traffic.exports import ExportRefused, exports_of, owners

TODAY = date(2026, 11, 23)


def test_one_file_per_export() -> None:
    (file,) = exports_of(at("canary", 5), TODAY, Settings())
    assert (file.path, file.target, file.runbook) == ("flags/triage.flagd.json", "flagd", "triage")
    assert b'"basisPoints": 500' in file.content


def test_no_exports_need_no_arms() -> None:
    assert exports_of(replace(ROUTED, exports=(), candidate=None), TODAY, Settings()) == ()


def test_unknown_target_is_refused() -> None:
    with pytest.raises(ExportRefused, match="flagged"):
        exports_of(replace(ROUTED, exports=(Export(target="flagged", path="x.json"),)), TODAY, Settings())


@pytest.mark.parametrize(
    "path",
    [
        "../x.json",
        "/etc/passwd",
        "a//b",
        "./x",
        ".github/workflows/x.yml",
        "flags/.hidden",
        "records/triage/000001.json",
        "runbooks/other.yaml",
        "evidence/triage/x.jsonl",
        "policies/repository.yaml",
        "towpath.toml",
        "a\\..\\b",
    ],
)
def test_paths_an_export_must_not_write(path: str) -> None:
    with pytest.raises(ExportRefused, match="must not be written"):
        exports_of(replace(ROUTED, exports=(Export(target="flagd", path=path),)), TODAY, Settings())


def test_the_live_runbook_owns_else_the_last_to_move() -> None:
    early = replace(at("done", 100), id="early")
    late = replace(at("rolled-back", 0), id="a-late")
    moved = {"early": datetime(2026, 1, 1, tzinfo=UTC), "a-late": datetime(2026, 2, 1, tzinfo=UTC)}
    path = "flags/triage.flagd.json"
    assert owners([early, late], moved)[path].id == "a-late"
    assert owners([late, early, ROUTED], moved)[path].id == "triage"


def test_two_features_cannot_share_a_path() -> None:
    other = replace(ROUTED, id="other", feature=Feature(name="search"))
    with pytest.raises(ExportRefused, match="claimed by"):
        owners([ROUTED, other], {})
