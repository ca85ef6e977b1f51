"""What a runbook says reaches a terminal as characters, never as commands to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.hostile import terminal_is_safe
from support.runbooks import CLEAN_ID
from support.scratch import RUNBOOK, Desk, desk_at

HOSTILE = r'"a \e[31mred\x9b31m \u202etfel\u2028next\nline"'
"""As YAML: every escape of it becomes a real character once it is read."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.place.edit("hold: null", f"hold: {{by: ada, reason: {HOSTILE}}}")
    return desk


@pytest.mark.parametrize("command", [("status",), ("promote",), ("hold", "--reason", "x"), ("resume", "--dry-run")])
def test_the_reason_of_a_hold(desk: Desk, command: tuple[str, ...]) -> None:
    name, *options = command
    ran = desk(name, CLEAN_ID, *options)
    assert terminal_is_safe(ran.out + ran.err)
    assert "red" in ran.out
    assert "\nline" not in ran.out


def test_the_title(desk: Desk) -> None:
    title = next(line for line in desk.place.read(RUNBOOK).decode().splitlines() if line.startswith("title: "))
    desk.place.edit(title, r'title: "a \x9b31m \u202etfel"')
    ran = desk("status", CLEAN_ID)
    assert terminal_is_safe(ran.out + ran.err)
    assert "tfel" in ran.out


def test_a_name_in_an_error(desk: Desk) -> None:
    for arguments in (("status", "\x9b31mx"), ("pr", "show", "\x9b31mx"), ("gate", "\x9b31mx")):
        ran = desk(*arguments)
        assert ran.code == 2
        assert terminal_is_safe(ran.out + ran.err)
