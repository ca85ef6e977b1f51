"""`towpath power`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.runbooks import CLEAN_ID
from support.scratch import Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = desk_at(tmp_path, monkeypatch, capsys)
    desk.place.check_out()
    return desk


def test_exit_codes_say_whether_every_margin_is_reachable(desk: Desk) -> None:
    assert desk.json("power", CLEAN_ID, "--examples", "20000")["reachable"] is True
    data = desk.json("power", CLEAN_ID, "--examples", "51", code=3)
    assert data["reachable"] is False
    assert {one["possible"] for one in data["tasks"]} == {False}
    assert {one["stage"] for one in data["live"]} == {"canary", "half", "full"}


def test_one_stage(desk: Desk) -> None:
    data = desk.json("power", CLEAN_ID, "--stage", "half", "--examples", "20000")
    assert (data["stage"], {one["stage"] for one in data["live"]}) == ("half", {"half"})


@pytest.mark.parametrize(
    "wrong",
    [("--stage", "nowhere"), ("--assume-discordance", "0"), ("--assume-discordance", "2"), ("--examples", "0")],
)
def test_usage(desk: Desk, wrong: tuple[str, str]) -> None:
    ran = desk("power", CLEAN_ID, *wrong)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
