"""Imports go downward only, pure packages never import edges, and the model needs nothing but Python."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "tool" / "towpath"

LAYERS = (
    ("model",),
    ("document",),
    ("stats", "cost", "traffic", "record"),
    ("policy", "gate"),
    ("plan", "watch"),
    ("audit",),
    ("report",),
    ("evidence", "metrics", "forge", "git"),
    ("cli",),
)
"""Lowest first. A package imports packages of lower layers, and itself."""

PEERS = {
    ("forge", "git"),
    ("cost", "stats"),
}
"""Pairs allowed although not lower: the local forge is made of git, and a projection has an interval."""

EVERYWHERE = {"shipped", "towpath"}
"""Modules outside the packages: shipped files and the version."""

EDGE_ONLY = {"git", "github", "subprocess", "socket", "urllib", "http", "requests", "duckdb"}
"""Outside modules that touch the world: for edges and the command line only."""

RANK = {name: index for index, layer in enumerate(LAYERS) for name in layer}
EDGES = {*LAYERS[-2], *LAYERS[-1]}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)


def imports(path: Path) -> set[str]:
    """Every module a file imports, type-checking imports included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "towpath":
                found.update(f"towpath.{alias.name}" for alias in node.names if alias.name != "__version__")
    return found


def room(path: Path) -> str:
    """The package a file belongs to; empty for the modules beside the packages."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def test_every_package_has_its_layer() -> None:
    rooms = {room(path) for path in MODULES} - {""}
    assert rooms <= set(RANK), f"give {rooms - set(RANK)} a layer in this test and in ARCHITECTURE.md"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    here = room(path)
    if not here:
        return
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "towpath":
            there = parts[1] if len(parts) > 1 else "towpath"
            if there in EVERYWHERE or there == here or (here, there) in PEERS:
                continue
            assert RANK[there] < RANK[here], f"{here} must not import {module}"
        elif here == "model":
            assert parts[0] in sys.stdlib_module_names, f"model is standard library only, not {module}"
        if here not in EDGES:
            assert parts[0] not in EDGE_ONLY, f"{here} is pure: {module} touches the world"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 450, f"{path.name} has {lines} lines: stop and think"


def test_no_general_rooms() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
    assert not [path for path in MODULES if path.stem in forbidden]


def test_only_git_runs_git() -> None:
    for path in MODULES:
        if room(path) in {"git"}:
            continue
        assert not imports(path) & {"git", "git.repo"}, f"{path}: only the git package runs git"
