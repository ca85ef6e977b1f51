"""Files that travel with the package: schemas, policy packs and the example repository.

In a checkout they lie at the top level (`schema/`, `policies/`, `examples/`); in an installed wheel under
`towpath/_shipped/`. This module is the only place that knows the difference.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def shipped_root() -> Path:
    """The folder that holds `schema/`, `policies/` and `examples/`.

    Raises:
        FileNotFoundError: the installation is broken (neither a wheel nor a checkout).
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_shipped", package.parents[1]):
        if (candidate / "schema").is_dir() and (candidate / "policies").is_dir():
            return candidate
    raise FileNotFoundError(f"towpath's schema/ and policies/ are missing beside {package}; install it again")


def schema_text(name: str) -> str:
    """The JSON text of one shipped schema, by file name without suffix, such as `runbook.v1`."""
    return (shipped_root() / "schema" / f"{name}.json").read_text(encoding="utf-8")


def policy_text(name: str) -> str:
    """The YAML text of one shipped rule pack, such as `recommended` for `extends: towpath/recommended`."""
    return (shipped_root() / "policies" / f"{name}.yaml").read_text(encoding="utf-8")


def example_root(name: str) -> Path:
    """The folder of one shipped example repository, such as `support-triage`."""
    folder = shipped_root() / "examples" / name
    if not folder.is_dir():
        raise FileNotFoundError(f"towpath's example {name} is missing at {folder}; install it again")
    return folder
