"""`towpath lint`: what is looked at, exit codes, formats."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import Ran, runner
from support.runbooks import AROUND, CLEAN, CLEAN_PATH, laid_over

Run = Callable[..., Ran]
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "lint"
NAMED = "runbooks/broken.yaml"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean repository on a simulated clock, the current folder."""
    folder = tmp_path / "repository"
    write(folder, {**AROUND, CLEAN_PATH: CLEAN.encode(), "towpath.toml": b"simulated = true\n"})
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TOWPATH_NOW", "2026-11-23T12:00:00Z")
    return folder


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_clean_is_zero(run: Run, repository: Path) -> None:
    ended = run("lint")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("clean: 1 runbook checked with towpath/recommended")
    assert run("lint", "--quiet").out == ""


def test_errors_and_warnings_are_one_and_notes_are_not(run: Run, repository: Path) -> None:
    broken = laid_over("stages: [{name: all, percent: 100, bake: 48h, eval: standard, rollback: standard}]\n")
    (repository / CLEAN_PATH).write_text(broken)
    pack = "apiVersion: towpath/v1\nkind: RulePack\nname: mild\nversion: 1\nextends: towpath/recommended\nrules:\n"
    from towpath.policy.catalogue import RULES

    for severity, code in (("error", 1), ("warning", 1), ("note", 0), ("off", 0)):
        rules = "".join(f"  {rule}: {{severity: {severity}}}\n" for rule in RULES)
        write(repository, {"policies/mild.yaml": (pack + rules).encode()})
        assert run("lint", "--pack", "mild").code == code, severity


def test_pack_of_the_settings_is_used(run: Run, repository: Path) -> None:
    (repository / "towpath.toml").write_text('simulated = true\npack = "missing"\n')
    ended = run("lint")
    assert ended.code == 2
    assert "there is no rule pack 'missing'" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.yaml"], "there is no nowhere.yaml"),
        (["prompts"], "there is no runbook in prompts"),
        (["towpath.toml"], "towpath.toml is no YAML file"),
        (["--pack", "towpath/recomended"], "there is no pack"),
        (["--base", "main"], "is in no git repository"),
        (["--format", "xml"], "Invalid value"),
    ],
)
def test_nothing_to_check_or_a_mistake_is_two(run: Run, repository: Path, arguments: list[str], said: str) -> None:
    ended = run("lint", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""


def test_an_empty_repository_is_two(run: Run, repository: Path) -> None:
    (repository / CLEAN_PATH).unlink()
    assert run("lint").code == 2


def test_paths_select_what_is_reported(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository, {"runbooks/a/one.yaml": b"a: [", "runbooks/b/two.yml": b"a: ["})
    assert json.loads(run("lint", "runbooks/a", "--format", "json").out)["summary"]["files"] == 1
    assert run("lint", CLEAN_PATH).code == 0
    assert run("lint", "runbooks/b/two.yml").code == 1
    assert run("lint", ".", "-q").out.count("yaml-syntax") == 2
    monkeypatch.chdir(repository / "runbooks" / "a")
    assert run("lint", "one.yaml", "-q").out.startswith("../../runbooks/a/one.yaml:1:5: error")
    monkeypatch.chdir(repository.parent)
    assert run("lint", "repository/runbooks/b", "-q").out.startswith("repository/runbooks/b/two.yml:1:5: error")
    whole = json.loads(run("lint", "repository", "--format", "json").out)
    assert {item["path"] for item in whole["findings"]} == {"runbooks/a/one.yaml", "runbooks/b/two.yml"}


def test_a_file_outside_the_runbooks_is_checked_with_them(run: Run, repository: Path) -> None:
    write(repository, {"drafts/next.yaml": b"a: ["})
    found = json.loads(run("lint", "drafts/next.yaml", "--format", "json").out)["findings"]
    assert [item["path"] for item in found] == ["drafts/next.yaml"]


def test_a_file_outside_any_repository_is_checked_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"loose/one.yaml": b"a: [", "loose/two.yaml": b"b: [", "loose/notes.txt": b"x"})
    monkeypatch.chdir(tmp_path)
    assert run("lint", "loose/one.yaml", "-q").out.startswith("loose/one.yaml:1:5: error")
    assert run("lint", "loose", "-q").out.count("yaml-syntax") == 2
    assert run("lint", "loose/one.yaml", "--base", "main").code == 2
    write(tmp_path, {"repository/towpath.toml": b"", "repository/runbooks/x.yaml": b"a: ["})
    ended = run("lint", "loose/one.yaml", "repository/runbooks/x.yaml")
    assert ended.code == 2
    assert "one repository at a time" in ended.err
    (tmp_path / "empty").mkdir()
    assert run("lint", "empty").code == 2


def test_base_revision(run: Run, repository: Path) -> None:
    moving = laid_over("rollout: {stage: canary, percent: 5, hold: null}\n").encode()
    write(repository, {CLEAN_PATH: moving, "runbooks/other.yaml": CLEAN.replace("support-triage", "other").encode()})
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "one")
    same = run("lint", "--base", "main", "--format", "json")
    assert json.loads(same.out)["summary"]["base"] == "main"
    (repository / CLEAN_PATH).unlink()
    ended = run("lint", "--base", "HEAD", "-q")
    assert ended.code == 1
    assert f"{CLEAN_PATH}:1:1: error: the runbook support-triage-2026-11 is gone" in ended.out
    assert "runbook-deleted" not in run("lint", "-q").out
    for revision in ("nowhere", "--help", "HEAD:runbooks"):
        unknown = run("lint", f"--base={revision}")
        assert unknown.code == 2
        assert "git knows no revision" in unknown.err


def test_base_of_a_repository_below_the_git_folder(run: Run, repository: Path) -> None:
    write(repository, {CLEAN_PATH: laid_over("rollout: {stage: canary, percent: 5, hold: null}\n").encode()})
    top = repository.parent
    git(top, "init")
    git(top, "add", ".")
    git(top, "commit", "-m", "one")
    (repository / CLEAN_PATH).rename(repository / "runbooks" / "renamed.yaml")
    assert "runbook-deleted" not in run("lint", "--base", "HEAD", "-q").out
    (repository / "runbooks" / "renamed.yaml").write_text(laid_over("id: another\n"))
    assert "runbook-deleted" in run("lint", "--base", "HEAD", "-q").out
    (repository / "runbooks" / "renamed.yaml").write_bytes(b"a: [")
    assert "file=repository/runbooks/renamed.yaml,line=1," in run("lint", "--format", "github").out


def test_a_shallow_clone_has_no_base(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "init")
    for name in ("one", "two"):
        (repository / "NOTE").write_text(name)
        git(repository, "add", ".")
        git(repository, "commit", "-m", name)
    shallow = repository.parent / "shallow"
    git(repository.parent, "clone", "--depth", "1", repository.as_uri(), str(shallow))
    monkeypatch.chdir(shallow)
    ended = run("lint", "--base", "HEAD")
    assert ended.code == 2
    assert "shallow" in ended.err


BROKEN = laid_over(
    """\
    titel: Support triage
    reason: upgrad
    tasks:
      refund-eligibility: {margin: 0.03}
      ticket-routing: {margin: 5pp}
      ticket-routing: {margin: 9pp}
    """
)


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_output_is_as_recorded(run: Run, repository: Path, form: str) -> None:
    """To record again, with UPDATE_GOLDEN=1 and read the difference."""
    golden = GOLDEN / f"broken.{form}"
    (repository / CLEAN_PATH).unlink()
    write(repository, {NAMED: BROKEN.encode()})
    ended = run("lint", "--format", form)
    assert ended.code == 1
    shown = re.sub(r"[0-9a-f]{64}", "<digest>", ended.out)
    if form == "sarif":
        whole = json.loads(shown)
        del whole["runs"][0]["tool"]  # the pages of every rule; test_sarif looks at them
        for result in whole["runs"][0]["results"]:
            del result["ruleIndex"]
        shown = json.dumps(whole, indent=2) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(shown)
    assert shown == golden.read_text()


def test_colour_is_for_terminals(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from towpath.cli.lint import wants_colour

    assert "\x1b" not in run("lint").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour()
    assert "\x1b" in run("lint").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour()
    assert "\x1b" not in run("lint").out
