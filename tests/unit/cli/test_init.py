"""`towpath init`: once, twice, on top of something, and after an interruption."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import Ran, runner
from support.repositories import plain_git


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Commands in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOWPATH_NOW", raising=False)
    return runner(monkeypatch, capsys)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file but git's logs and index, which hold times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "logs" not in path.parts and path.name not in ("index", "FETCH_HEAD")
    }


def test_it_makes_a_repository_that_every_command_works_in(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("init", "models")
    assert made.code == 0, made.err
    work = Path("models")
    assert sorted(path.name for path in work.iterdir()) == sorted(
        [".git", ".gitattributes", "README.md", "evidence", "policies", "records", "runbooks", "towpath.toml"]
    )
    assert plain_git(work, "status", "--porcelain") == ""
    assert plain_git(work, "rev-parse", "HEAD") == plain_git(Path("models.git"), "rev-parse", "main")
    assert plain_git(Path("models.git"), "rev-parse", "--is-bare-repository") == "true"
    assert plain_git(work, "check-attr", "text", "records/a/000001.json").endswith("text: unset")
    monkeypatch.chdir(work)
    status = run("status")
    assert status.code == 0, status.err
    assert "towpath new" in status.out


def test_twice_changes_nothing(run: Callable[..., Ran], tmp_path: Path) -> None:
    assert run("init", "models").code == 0
    before = everything(tmp_path)
    again = run("init", "models")
    assert (again.code, "everything was there already" in again.out) == (0, True)
    assert everything(tmp_path) == before
    assert json.loads(run("init", "models", "--format", "json").out)["made"] == []


@pytest.mark.parametrize("gone", ["hub", "file", "commit"])
def test_what_an_interruption_left_out_is_made_up_for(run: Callable[..., Ran], gone: str) -> None:
    assert run("init", "models").code == 0
    work = Path("models")
    if gone == "hub":
        plain_git(work, "remote", "remove", "origin")
        Path("models.git").rename("elsewhere")
    elif gone == "file":
        plain_git(work, "rm", "--quiet", "README.md")
        plain_git(work, "commit", "--quiet", "-m", "gone")
    else:
        plain_git(work, "update-ref", "-d", "refs/heads/main")
        plain_git(Path("models.git"), "update-ref", "-d", "refs/heads/main")
    again = run("init", "models")
    assert again.code == 0, again.err
    assert "made" in again.out
    if gone != "file":  # a new commit on a branch the hub has is the person's to push
        assert plain_git(work, "rev-parse", "HEAD") == plain_git(Path("models.git"), "rev-parse", "main")
    assert plain_git(work, "status", "--porcelain") == ""


def test_what_is_there_stays_as_it_is(run: Callable[..., Ran]) -> None:
    work = Path("models")
    work.mkdir()
    plain_git(work, "init", "--quiet", "--initial-branch=trunk")
    (work / "README.md").write_text("mine\n", encoding="utf-8")
    (work / "staged").write_text("half\n", encoding="utf-8")
    (work / "towpath.toml").write_text('base = "trunk"\n', encoding="utf-8")
    plain_git(work, "add", "staged")
    made = run("init", "models", "--simulated")
    assert made.code == 0, made.err
    assert "towpath.toml is kept as it is" in made.out
    assert (work / "README.md").read_text(encoding="utf-8") == "mine\n"
    assert (work / "towpath.toml").read_text(encoding="utf-8") == 'base = "trunk"\n'
    assert plain_git(work, "status", "--porcelain") == "A  staged"
    assert plain_git(Path("models.git"), "ls-tree", "--name-only", "trunk", "--", "README.md", "staged") == "README.md"


def test_another_place_for_the_hub_and_none_at_all(run: Callable[..., Ran]) -> None:
    assert json.loads(run("init", "a", "--hub", "hubs/a.git", "--format", "json").out)["remote"] == "../hubs/a.git"
    assert plain_git(Path("hubs/a.git"), "rev-parse", "--verify", "main")
    assert json.loads(run("init", "b", "--no-hub", "--format", "json").out)["remote"] == ""
    assert plain_git(Path("b"), "remote") == ""
    assert run("init", "a", "--hub", "elsewhere.git").code == 2


def test_simulated_repositories_say_so(run: Callable[..., Ran]) -> None:
    assert run("init", "models", "--simulated").code == 0
    assert "simulated = true" in Path("models/towpath.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["inside", "occupied", "detached"])
def test_a_place_that_cannot_be_one_is_refused(run: Callable[..., Ran], place: str) -> None:
    if place == "inside":
        plain_git(Path(), "init", "--quiet", "outer")
        refused = run("init", "outer/models")
        assert not Path("outer/models").exists()
    elif place == "occupied":
        Path("models.git").mkdir()
        Path("models.git/notes.txt").write_text("mine", encoding="utf-8")
        refused = run("init", "models")
        assert [path.name for path in Path("models.git").iterdir()] == ["notes.txt"]
    else:
        assert run("init", "models").code == 0
        plain_git(Path("models"), "checkout", "--quiet", "--detach")
        refused = run("init", "models")
    assert refused.code == 2
    assert "hint:" in refused.err
