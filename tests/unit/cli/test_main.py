"""The command list: overview, suggestions, and errors as exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

import towpath
from support.commands import Ran, runner
from towpath.cli.main import COMMANDS, cli
from towpath.model.errors import TryAgain, UsageError

Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


def test_overview_names_every_command_and_the_exit_codes(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in shown.out
        assert line in shown.out
    assert "Exit codes: 0 done, clean, pass" in shown.out


def test_version(run: Run) -> None:
    assert towpath.__version__ in run("--version").out


def test_unknown_command_gets_a_suggestion(run: Run) -> None:
    asked = run("lnit")
    assert asked.code == 2
    assert "There is no command 'lnit'. Did you mean lint?" in asked.err


def test_arguments_that_are_not_text_are_usage(run: Run) -> None:
    refused = run("hold", "some", "--reason", "\udcff")
    assert (refused.code, "not UTF-8" in refused.err) == (2, True)


def test_unknown_option_is_usage(run: Run) -> None:
    assert run("lint", "--fromat", "json").code == 2


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (UsageError("no such thing", "name another"), 2, "error: no such thing\nhint: name another\n"),
        (TryAgain("it moved"), 75, "error: it moved\n"),
        (click.exceptions.Abort(), 130, "interrupted\n"),
    ],
)
def test_failures_become_one_line_and_a_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: int, said: str
) -> None:
    @click.command()
    def failing() -> None:
        raise failure

    monkeypatch.setattr(cli, "get_command", lambda context, name: failing)
    ended = run("lint")
    assert (ended.code, ended.err) == (code, said)


def test_return_value_is_the_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "get_command", lambda context, name: click.Command("x", callback=lambda: 3))
    assert run("lint").code == 3


def test_outside_a_repository_the_way_in_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("lint")
    assert ended.code == 2
    assert "there is no towpath.toml" in ended.err
    assert "towpath init" in ended.err
