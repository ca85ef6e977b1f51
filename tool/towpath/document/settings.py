"""`towpath.toml` -> Settings. Unknown keys are refused with a suggestion: a misspelt setting must not be ignored."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from towpath.model.errors import UsageError
from towpath.model.snapshot import Settings

_TEXT = ("runbooks", "evidence", "records", "policies", "base", "remote", "pack")


def read_settings(data: bytes, path: str) -> Settings:
    """The settings of a repository.

    Raises:
        UsageError: the file is not TOML, has an unknown key, or a value of the wrong kind.
    """
    try:
        loaded: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: {problem}") from None
    known = {item.name for item in fields(Settings)}
    for key, value in loaded.items():
        if key not in known:
            close = get_close_matches(key, known, n=1)
            raise UsageError(f"{path}: unknown setting {key!r}", f"did you mean {close[0]}?" if close else "")
        if key in _TEXT and (not isinstance(value, str) or not value or value.startswith(("/", "-")) or ".." in value):
            raise UsageError(f"{path}: {key} must be a plain name or a path inside the repository, not {value!r}")
    if not isinstance(loaded.get("simulated", False), bool):
        raise UsageError(f"{path}: simulated must be true or false")
    if loaded.get("forge", "local") != "local":
        raise UsageError(f"{path}: unknown forge {loaded['forge']!r}", "this version knows: local")
    return Settings(**loaded)
