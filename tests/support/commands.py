"""Runs the `towpath` command in this process, as its entry point does."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from towpath.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """A function that runs `towpath ARGUMENTS` and returns its exit code and output."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["towpath", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        text = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 1, text.out, text.err)

    return run
