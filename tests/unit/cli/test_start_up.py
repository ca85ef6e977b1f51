"""`towpath lint` starts in a blink: it imports what it uses and nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.runbooks import AROUND, CLEAN, CLEAN_PATH

HEAVY = {
    "numpy",
    "scipy",
    "statsmodels",
    "rich",
    "git",
    "gitdb",
    "github",
    "jsonschema",
    "ruamel",
    "rfc8785",
    "requests",
}

ALLOWED = {"click", "yaml", "_yaml", "jsonschema_rs", "towpath"}
"""Outside the standard library, `lint` may load these top-level modules."""

INSTALLERS = ("_virtualenv", "_distutils_hack", "__editable__", "_cython", "cython_runtime", "__main")
"""What virtual environments and compiled modules put there by themselves."""

ROOMS = {"model", "document", "policy", "report", "cli", "shipped"}
"""Packages of towpath that `lint` may load; a rule may need one of the lower ones too."""
LOWER = {"stats", "cost", "traffic", "record"}

PROGRAM = """
import sys
sys.argv = ["towpath", *sys.argv[1:]]
from towpath.cli.main import main
try:
    main()
except SystemExit as ended:
    print(ended.code, *sorted(sys.modules), sep="\\n", file=sys.stderr)
"""


def modules(folder: Path, *arguments: str) -> tuple[str, list[str]]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    code, *names = done.stderr.split("\n")
    return code, [name for name in names if name]


def repository(folder: Path) -> Path:
    for path, content in {**AROUND, CLEAN_PATH: CLEAN.encode(), "towpath.toml": b""}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_lint_imports_only_what_it_uses(tmp_path: Path) -> None:
    code, loaded = modules(repository(tmp_path), "lint")
    assert code == "0"
    outside = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert not outside & HEAVY
    assert {name for name in outside if not name.startswith(INSTALLERS)} <= ALLOWED
    rooms = {name.split(".")[1] for name in loaded if name.startswith("towpath.")}
    assert rooms <= ROOMS | LOWER
    for late in ("towpath.report.sarif", "towpath.cli.lint_base", "asyncio", "unittest", "subprocess", "http"):
        assert late not in loaded


def test_help_imports_no_command(tmp_path: Path) -> None:
    code, loaded = modules(tmp_path, "--help")
    assert code == "0"
    towpath = {name for name in loaded if name.startswith("towpath.")}
    assert towpath == {"towpath.cli", "towpath.cli.main", "towpath.model", "towpath.model.errors"}
