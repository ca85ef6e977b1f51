"""`towpath evidence`, as a user runs it, on real result files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.result_files import DATA
from towpath.cli.evidence import evidence
from towpath.model.errors import EvidenceRefused, UsageError

RUNBOOK = """\
apiVersion: towpath/v1
kind: Runbook
id: support
title: Support moves to the new model
reason: upgrade
owners: ["@acme/support"]
feature: {name: support, users_per_month: 42000, calls_per_day: 120000}
cohort: {unit: user, salt: support-2026}
arms:
  baseline:
    model: {provider: acme, id: old-model}
    prompts: [prompts/support.md]
  candidate:
    model: {provider: acme, id: new-model}
    prompts: [prompts/support.md]
tasks:
  refund: {margin: 3pp}
  invoice: {margin: 5pp}
  smalltalk: {load_bearing: false}
watch: {task: refund, why: it costs money}
suites:
  offline: {adapter: promptfoo, path: evals/results.json, score_from: namedScores.exact}
  export: {adapter: generic, path: evals/results.csv}
stages:
  - name: internal
    segments: [employees]
    percent: 0
    bake: 48h
    eval: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}
  - name: full
    percent: 100
    bake: 14d
rollout: {stage: planned, percent: 0, hold: null}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runbook repository with the real result files."""
    for name, data in {
        "towpath.toml": b"simulated = true\n",
        "runbooks/support.yaml": RUNBOOK.encode(),
        "prompts/support.md": b"Answer.\n",
        "evals/results.json": (DATA / "promptfoo" / "results.json").read_bytes(),
        "evals/results.csv": (DATA / "generic" / "results.csv").read_bytes(),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOWPATH_NOW", "2026-11-23T12:00:00Z")
    return tmp_path


def run(*arguments: str) -> Result:
    """Run it; what main() would turn into an exit code is raised."""
    return CliRunner().invoke(evidence, arguments, catch_exceptions=False, standalone_mode=False)


def files(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in (place / "evidence").rglob("*") if path.is_file())


def test_import_says_what_was_read_and_where_it_lies(place: Path) -> None:
    result = run("import", "support", "--suite", "offline")
    assert result.return_value == 0
    (path,) = files(place)
    lines = result.output.splitlines()
    assert lines[0] == "offline  promptfoo 0.121.20, measured 2026-11-23 06:35 UTC"
    assert [" ".join(line.split()) for line in lines[4:8]] == [
        "task paired only baseline only candidate errors baseline errors candidate",
        "refund 6 0 0 0 1",
        "invoice 6 0 0 0 0",
        "smalltalk 4 0 0 0 0",
    ]
    assert lines[-2:] == [f"written: {path}", "next: towpath gate support"]
    assert "already there, unchanged" in run("import", "support", "--suite", "offline").output
    assert files(place) == [path]


def test_import_for_machines(place: Path) -> None:
    data = json.loads(run("import", "support", "--suite", "export", "--format", "json").output)
    assert data["written"] is True
    assert data["tasks"][0] == {
        "task": "refund",
        "paired": 6,
        "baseline_only": 0,
        "candidate_only": 0,
        "baseline_errors": 0,
        "candidate_errors": 1,
    }
    assert data["sources"][0]["path"] == "evals/results.csv"
    assert files(place) == [data["path"]]


def test_a_dry_run_and_a_preview_write_nothing(place: Path) -> None:
    assert "nothing written (dry run)" in run("import", "support", "--suite", "offline", "--dry-run").output
    preview = run("import", "support", "--suite", "offline", "--preview").output
    assert "evals/results.json  looks like promptfoo" in preview
    assert any(line.split()[:3] == ["vars.id", "example", "id"] for line in preview.splitlines())
    assert not (place / "evidence").exists()


def test_a_preview_shows_a_file_that_does_not_fit_its_suite(place: Path) -> None:
    preview = run("import", "support", "--suite", "offline", "--preview", "evals/results.csv").output
    assert "evals/results.csv  looks like generic, but the suite says promptfoo" in preview


def test_a_preview_shows_fields_that_the_suite_names_wrongly(place: Path) -> None:
    runbook = place / "runbooks" / "support.yaml"
    runbook.write_text(RUNBOOK.replace("path: evals/results.csv", "path: evals/results.csv, id_from: nr"))
    lines = run("import", "support", "--suite", "export", "--preview").output.splitlines()
    assert ["nr", "example", "id", "0"] in [line.split() for line in lines]
    assert any(line.split()[0] == "example_id" for line in lines[1:] if line)


def test_a_preview_of_a_file_that_nobody_knows_is_refused(place: Path) -> None:
    (place / "other.json").write_text('{"rows": [1, 2]}', encoding="utf-8")
    with pytest.raises(EvidenceRefused, match="does not look like promptfoo nor any"):
        run("import", "support", "--suite", "offline", "--preview", "other.json")


def test_a_refused_import_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(EvidenceRefused, match="looks like generic, and the suite is read with promptfoo"):
        run("import", "support", "--suite", "offline", "evals/results.csv")
    assert not (place / "evidence").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("support",), "has 2 suites"),
        (("support", "--suite", "ofline"), "has no suite 'ofline'"),
        (("suport", "--suite", "offline"), "there is no runbook 'suport'"),
        (("support", "--suite", "offline", "--arm", "control=x"), "is not understood"),
        (("support", "--suite", "offline", "--arm", "baseline=x"), "the files have no model 'x'"),
        (("support", "--suite", "offline", "--measured-at", "today"), "--measured-at is 'today'"),
        (("support", "--suite", "offline", "gone.json"), "there is no file gone.json"),
    ],
)
@pytest.mark.usefixtures("place")
def test_what_is_asked_wrongly_is_refused(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        run("import", *arguments)


def test_the_list_says_what_fits_and_why_not(place: Path) -> None:
    assert "there is no evidence" in run("list").output
    run("import", "support", "--suite", "offline")
    assert "(5.4 hours ago), 32 samples" in run("list", "support").output
    (place / "prompts" / "support.md").write_text("Answer briefly.\n")
    (listed,) = json.loads(run("list", "--format", "json").output)["evidence"]
    assert listed["usable"] is False
    assert listed["refused"] == "it measured another baseline: prompt prompts/support.md changed"


def test_synthetic_evidence_says_so_everywhere(place: Path) -> None:
    assert "SYNTHETIC" in run("import", "support", "--suite", "offline", "--synthetic").output
    assert "SYNTHETIC" in run("list").output
    assert b'"synthetic":true' in (place / files(place)[0]).read_bytes()


def test_a_suite_may_name_several_files_by_a_pattern(place: Path) -> None:
    for name in ("old", "new"):
        (place / f"{name}.eval").write_bytes((DATA / "inspect" / f"{name}-model.eval").read_bytes())
    book = place / "runbooks" / "support.yaml"
    text = book.read_text(encoding="utf-8").replace(
        "suites:\n", "suites:\n  logs: {adapter: inspect, path: '*.eval', score_from: exact}\n"
    )
    book.write_text(text, encoding="utf-8")
    done = run("import", "support", "--suite", "logs")
    assert done.exit_code == 0, done.output
    assert len(list((place / "evidence" / "support").glob("logs-*.jsonl"))) == 1
    for path in place.glob("*.eval"):
        path.unlink()
    with pytest.raises(UsageError, match="no file fits"):
        run("import", "support", "--suite", "logs")
