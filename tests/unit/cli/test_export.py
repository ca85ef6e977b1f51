"""`towpath export`: written whole, checked in CI, one owner per path."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import Ran, runner
from support.runbooks import CLEAN, CLEAN_ID, CLEAN_PATH

FLAGS = "flags/support-triage.flagd.json"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Commands in a repository with the clean runbook at 5 %."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / CLEAN_PATH).write_text(at("canary", 5), encoding="utf-8")
    (tmp_path / "towpath.toml").write_text("simulated = true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOWPATH_NOW", "2026-11-23T12:00:00Z")
    return runner(monkeypatch, capsys)


def at(stage: str, percent: int) -> str:
    """The clean runbook at a stage."""
    return CLEAN.replace("stage: planned\n  percent: 0", f"stage: {stage}\n  percent: {percent}")


def test_it_writes_what_is_missing_or_differs_and_nothing_else(run: Callable[..., Ran]) -> None:
    assert f"{FLAGS}: new (flagd, {CLEAN_ID})" in run("export").out
    first = Path(FLAGS).read_bytes()
    stamp = Path(FLAGS).stat().st_mtime_ns
    assert "up to date" in run("export").out
    assert Path(FLAGS).stat().st_mtime_ns == stamp
    Path(CLEAN_PATH).write_text(at("half", 50), encoding="utf-8")
    assert "changed" in run("export").out
    assert Path(FLAGS).read_bytes() != first
    assert Path(FLAGS).stat().st_mtime_ns > stamp
    assert [path.name for path in Path("flags").iterdir()] == ["support-triage.flagd.json"]


def test_check_writes_nothing_and_fails_on_a_difference(run: Callable[..., Ran]) -> None:
    missing = run("export", "--check")
    assert (missing.code, "is missing" in missing.out, Path("flags").exists()) == (1, True, False)
    run("export")
    assert run("export", "--check").code == 0
    before = Path(FLAGS).read_bytes()
    Path(FLAGS).write_bytes(before.replace(b"5", b"6", 1))
    differs = run("export", "--check", "--format", "json")
    assert differs.code == 1
    assert json.loads(differs.out)["exports"] == [
        {"path": FLAGS, "target": "flagd", "runbook": CLEAN_ID, "state": "differs"}
    ]


def test_a_dry_run_writes_nothing(run: Callable[..., Ran]) -> None:
    assert run("export", "--dry-run").code == 0
    assert not Path("flags").exists()


def test_the_live_migration_owns_the_path_of_its_feature(run: Callable[..., Ran]) -> None:
    old = at("done", 100).replace(CLEAN_ID, "support-triage-2025-01")
    Path("runbooks/support-triage-2025-01.yaml").write_text(old, encoding="utf-8")
    assert f"(flagd, {CLEAN_ID})" in run("export").out
    assert "up to date" in run("export", CLEAN_ID).out
    assert "no runbook has exports" in run("export", "support-triage-2025-01").out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("exports: [{target: flagd, path: flags/", "exports: [{target: flagd, path: .github/"), "must not be written"),
        (("target: flagd", "target: flagdd"), "flagdd"),
        (("margin: 3pp", "margin: 3"), "lint runbooks/"),
    ],
)
def test_what_cannot_be_exported_is_an_error(run: Callable[..., Ran], change: tuple[str, str], message: str) -> None:
    Path(CLEAN_PATH).write_text(at("canary", 5).replace(*change), encoding="utf-8")
    refused = run("export")
    assert refused.code == 2
    assert message in refused.err
    assert not Path("flags").exists()


def test_a_link_out_of_the_repository_is_not_followed(
    run: Callable[..., Ran], tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    Path("flags").symlink_to(outside)
    assert run("export").code == 2
    assert not list(outside.iterdir())


def test_an_unknown_runbook_is_an_error(run: Callable[..., Ran]) -> None:
    unknown = run("export", "support-triage-2026-12")
    assert (unknown.code, f"did you mean {CLEAN_ID}?" in unknown.err) == (2, True)
