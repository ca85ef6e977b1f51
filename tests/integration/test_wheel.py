"""The wheel stands alone: built from the checkout, installed elsewhere with nothing but what it declares."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from support.watched import Watched, watched

ROOT = Path(__file__).resolve().parents[2]
CARD = {"pyyaml", "jsonschema", "gitpython", "pygithub", "ruamel-yaml"}
TRAVELS = ("schema", "policies", "examples")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the build backend of the environment, so without network."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    """Every file in it."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def required(lines: list[str]) -> list[Requirement]:
    """The requirements that hold here without any extra."""
    found = [Requirement(line) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(lines: list[str]) -> dict[str, Distribution]:
    """Every installed distribution that the requirements ask for, with those that these ask for."""
    found: dict[str, Distribution] = {}
    pending = required(lines)
    while pending:
        requirement = pending.pop()
        name = canonical(requirement.name)
        if name in found:
            continue
        found[name] = distribution(name)
        asked = found[name].requires or []
        pending += required(asked)
        for extra in requirement.extras:
            pending += [
                one
                for one in map(Requirement, asked)
                if one.marker is not None and one.marker.evaluate({"extra": extra})
            ]
    return found


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own.

    Attributes:
        folder: outside the checkout; commands run from `folder / "elsewhere"`.
    """

    folder: Path

    @property
    def elsewhere(self) -> Path:
        return self.folder / "elsewhere"

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    def run(self, name: str, *arguments: str, cwd: Path | None = None, now: str = "") -> Watched:
        """Run `towpath ARGUMENTS`; it must not look at the checkout, nor ask the network."""
        towpath = str(self.folder / "venv" / "bin" / "towpath")
        ran = watched([towpath, *arguments], self.folder / name, cwd=cwd or self.elsewhere, TOWPATH_NOW=now)
        assert ran.network == ()
        touched = [path for path in ran.files if in_checkout(Path(path))]
        assert touched == [], "it reads the checkout"
        return ran


def in_checkout(path: Path) -> bool:
    """Whether a file is part of the project; the locked dependencies in its virtual environment are not."""
    return path.is_relative_to(ROOT) and not path.is_relative_to(Path(sys.prefix))


@pytest.fixture(scope="module")
def installed(wheel: Path, metadata: Message, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A new virtual environment with the wheel and links to the locked dependencies it declares, and no others.

    Links instead of a download: the test asks no package index, and what the wheel forgot to declare is not there.
    """
    folder = tmp_path_factory.mktemp("installed")
    assert not folder.is_relative_to(ROOT)
    (folder / "elsewhere").mkdir()
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=120)
    python = str(venv / "bin" / "python")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-input",
        "--no-index",
        "--no-deps",
    ]
    subprocess.run([*pip, str(wheel)], check=True, timeout=120, cwd=folder)
    (site,) = venv.glob("lib/python*/site-packages")
    for found in closure(metadata.get_all("Requires-Dist", [])).values():
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    return Installed(folder)


def test_schemas_policies_and_examples_travel(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", *TRAVELS], capture_output=True, check=True, timeout=60
    )
    tracked = {name.decode() for name in listed.stdout.split(b"\0") if name}
    assert {f"schema/{name}.v1.json" for name in ("runbook", "evidence", "gate", "record", "settings")} <= tracked
    with zipfile.ZipFile(wheel) as archive:
        for name in tracked:
            assert archive.read(f"towpath/_shipped/{name}") == (ROOT / name).read_bytes(), name


def test_the_package_travels_and_nothing_else(names: frozenset[str]) -> None:
    package = ROOT / "tool" / "towpath"
    here = {path.relative_to(package) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {f"towpath/{path}" for path in here} <= names
    assert "towpath/py.typed" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"towpath"}
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".gguf", ".safetensors"))] == []


def test_dependencies_are_declared(metadata: Message) -> None:
    declared = {canonical(one.name) for one in required(metadata.get_all("Requires-Dist", []))}
    assert declared >= CARD
    assert not declared & {"pytest", "hypothesis", "mypy", "ruff", "build", "hatchling"}
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"


def test_the_package_comes_from_the_wheel(installed: Installed, metadata: Message) -> None:
    program = "import towpath, sys; print(towpath.__file__); print(*sys.path, sep='\\n')"
    done = subprocess.run(
        [str(installed.python), "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=installed.elsewhere,
    )
    file, *path = done.stdout.splitlines()
    assert Path(file).is_relative_to(installed.folder / "venv")
    assert [entry for entry in path if Path(entry).is_relative_to(ROOT)] == []
    said = installed.run("version", "--version")
    assert (said.code, said.output) == (0, f"towpath, version {metadata['Version']}\n")


def test_every_command_can_be_imported_with_the_declared_dependencies_alone(installed: Installed) -> None:
    program = (
        "import importlib, pkgutil, towpath\n"
        "for module in pkgutil.walk_packages(towpath.__path__, 'towpath.'):\n"
        "    importlib.import_module(module.name)\n"
        "import yaml, jsonschema, git, github, ruamel.yaml\n"
    )
    done = subprocess.run(
        [str(installed.python), "-I", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=installed.elsewhere,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_lint_of_the_shipped_example(installed: Installed) -> None:
    (shipped,) = (installed.folder / "venv").glob("lib/python*/site-packages/towpath/_shipped/examples/support-triage")
    copy = installed.elsewhere / "example"
    shutil.copytree(shipped, copy)
    clean = installed.run("lint", "lint", cwd=copy)
    assert clean.code == 0, clean.output
    assert clean.output.startswith("clean: 2 runbooks checked with towpath/recommended")
    runbook = copy / "runbooks" / "support-triage-2026-11.yaml"
    runbook.write_text(runbook.read_text().replace("  task: refund-approval", "  task: refund-aproval"))
    broken = installed.run("broken", "lint", "--format", "json", cwd=copy)
    assert broken.code == 1
    assert "watch-task" in {finding["rule"] for finding in json.loads(broken.output)["findings"]}


def test_demo(installed: Installed) -> None:
    kept = installed.elsewhere / "kept"
    demo = installed.run("demo", "demo", "--keep", str(kept))
    assert demo.code == 0, demo.output
    assert "every transition is proven by its record" in demo.output
    assert demo.seconds < 60
    clock = re.search(r"export TOWPATH_NOW=(\S+)", demo.output)
    assert clock
    audit = installed.run("audit", "audit", cwd=kept / "runbooks-repository", now=clock[1])
    assert audit.code == 0, audit.output
