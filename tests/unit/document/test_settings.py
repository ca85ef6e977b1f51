"""`towpath.toml` is read strictly, and its schema says the same as the reader."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, fields

import pytest
from jsonschema import Draft202012Validator

from towpath.document.settings import read_settings
from towpath.model.errors import UsageError
from towpath.model.snapshot import Settings
from towpath.shipped import schema_text

SCHEMA = json.loads(schema_text("settings.v1"))

GOOD = ["", 'runbooks = "migrations"', 'base = "trunk"\nsimulated = true', 'pack = "house"', 'forge = "local"']
BAD = [
    ('runbook = "x"', "did you mean runbooks?"),
    ('zebra = "x"', ""),
    ('runbooks = "../x"', ""),
    ('records = "/x"', ""),
    ('remote = "-x"', ""),
    ("base = 5", ""),
    ('base = ""', ""),
    ('simulated = "yes"', ""),
    ("simulated = 1", ""),
    ('forge = "gitea"', "this version knows: local"),
    ("[runbooks]\nx = 1", ""),
]


@pytest.mark.parametrize("text", GOOD)
def test_good_settings_are_read(text: str) -> None:
    read = asdict(read_settings(text.encode(), "towpath.toml"))
    assert read == {**asdict(Settings()), **tomllib.loads(text)}
    assert Draft202012Validator(SCHEMA).is_valid(tomllib.loads(text))


@pytest.mark.parametrize(("text", "hint"), BAD)
def test_bad_settings_are_refused_by_the_reader_and_by_the_schema(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=r"^towpath\.toml: ") as caught:
        read_settings(text.encode(), "towpath.toml")
    assert hint in caught.value.hint
    assert not Draft202012Validator(SCHEMA).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", [b"a = ", b"\xff", b"base = 'a'\nbase = 'b'"])
def test_what_is_no_toml_is_refused(text: bytes) -> None:
    with pytest.raises(UsageError, match=r"^towpath\.toml: "):
        read_settings(text, "towpath.toml")


def test_the_schema_lists_every_setting_with_its_default() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    defaults = {key: part["default"] for key, part in SCHEMA["properties"].items()}
    assert defaults == {item.name: getattr(Settings(), item.name) for item in fields(Settings)}
    assert all(part["description"] for part in SCHEMA["properties"].values())
