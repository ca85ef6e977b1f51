"""A runbook repository on disk: a bare hub, a clone beside it, the clean runbook, and results that pass its gate.

The results are made up, level on every task, and written through the product's own normal form. Building one takes a
moment, so each process builds one and copies it.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.commands import Ran, runner
from support.repositories import NOON, direct_commit, plain_git
from support.runbooks import AROUND, CLEAN, CLEAN_ID, CLEAN_PATH
from towpath.document.loading import load_runbook
from towpath.gate.binding import binding_for
from towpath.gate.normal_form import evidence_path, write_evidence
from towpath.git.running import Git
from towpath.git.tree import CommitFiles
from towpath.git.writing import create_bare
from towpath.model.evidence import ArmName, Sample, Source
from towpath.model.runbook import Runbook
from towpath.model.snapshot import MappedFiles

RUNBOOK = CLEAN_PATH
FLAGS = "flags/support-triage.flagd.json"
RECORD = f"records/{CLEAN_ID}/000001.json"
PROMOTION = f"towpath/{CLEAN_ID}/000001-promote"
SETTINGS = b"simulated = true\n"
ATTEST = ("--attest", "review=50 read, 1 serious", "--attest", "compare=tickets level")
"""What people vouch for, so that every stage can be left."""

HOURS = (0, 49, 49 + 73, 49 + 73 + 169)
"""When each stage can be entered at the earliest, in hours after noon, to the full hour above."""

_EXAMPLES = 160
"""Of each task: with no answer differing, the lower limit lies 1.7 points below zero, inside every margin."""


def at(hours: float) -> str:
    """TOWPATH_NOW so many hours after noon."""
    return (NOON + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def clean_files(text: str = CLEAN, *, lost: int = 0) -> dict[str, bytes | None]:
    """Everything the repository starts with.

    Args:
        lost: how many examples of the watch task only the baseline gets right; 40 of 160 fail the gate.
    """
    around = {**AROUND, RUNBOOK: text.encode()}
    path, data = evidence(around, lost=lost)
    return {**around, "towpath.toml": SETTINGS, path: data}


def evidence(files: dict[str, bytes], *, lost: int = 0, measured_hours: float = -24) -> tuple[str, bytes]:
    """Path and bytes of results made up for the runbook in these files."""
    tree = MappedFiles(files)
    runbook = load_runbook(tree, RUNBOOK).runbook
    assert runbook is not None
    suite = runbook.suites[0]
    binding = binding_for(
        runbook,
        suite,
        tree,
        tool="promptfoo",
        tool_version="0.121.20",
        sources=[Source(path=suite.path, sha256="a" * 64, size=3)],
        labels={"baseline": "smollm2-135m-q4_1", "candidate": "qwen2.5-coder-0.5b-q4_k_m"},
        measured_at=NOON + timedelta(hours=measured_hours),
        synthetic=True,
    )
    data = write_evidence(binding, _samples(runbook, lost))
    return evidence_path(runbook.id, suite.name, data), data


def _samples(runbook: Runbook, lost: int) -> list[Sample]:
    samples = []
    for task in runbook.tasks:
        watched = runbook.watch is not None and task.id == runbook.watch.task
        for number in range(_EXAMPLES):
            arms: tuple[tuple[ArmName, float, int], ...] = (("baseline", 1.0, 100), ("candidate", 1.2, 80))
            for arm, slower, tokens in arms:
                wrong = arm == "candidate" and watched and number < lost
                samples.append(
                    Sample(
                        example=f"{task.id}-{number:03d}",
                        task=task.id,
                        arm=arm,
                        metric=task.metric,
                        score=0.0 if wrong else 1.0,
                        latency_ms=round((100 + number % 7) * slower, 1),
                        input_tokens=tokens,
                        output_tokens=tokens // 10,
                    )
                )
    return samples


@dataclass(frozen=True)
class Scratch:
    """One repository.

    Attributes:
        hub: the bare repository; `work` is a clone of it with `towpath.toml` and nothing checked out.
    """

    hub: Path
    work: Path

    @property
    def git(self) -> Git:
        """The hub's git."""
        return Git(self.hub)

    def refs(self, *prefixes: str) -> dict[str, str]:
        """Every ref of the hub and where it is."""
        lines = self.git.line("for-each-ref", "--format=%(refname) %(objectname)", *prefixes).splitlines()
        return {name: commit for name, _, commit in (line.partition(" ") for line in lines)}

    def head(self, branch: str = "main") -> str:
        """A branch's tip."""
        commit = self.git.commit(f"refs/heads/{branch}")
        assert commit is not None, f"there is no branch {branch}"
        return commit

    def files(self, revision: str = "main") -> CommitFiles:
        """The tree of a revision of the hub."""
        commit = self.git.commit(revision)
        assert commit is not None
        return CommitFiles(self.hub, commit)

    def read(self, path: str, revision: str = "main") -> bytes:
        """A file that must be there."""
        data = self.files(revision).read(path)
        assert data is not None, f"there is no {path} in {revision}"
        return data

    def push(self, files: dict[str, bytes | None], branch: str = "main") -> str:
        """A person's commit, straight onto a branch of the hub."""
        return direct_commit(self.hub, branch, files)

    def edit(self, old: str, new: str, path: str = RUNBOOK) -> str:
        """A person's commit that replaces text in a file of main."""
        text = self.read(path).decode()
        assert old in text
        return self.push({path: text.replace(old, new).encode()})

    def check_out(self, branch: str = "main") -> None:
        """The person at the clone fetches, and checks a branch out."""
        (self.work / "towpath.toml").unlink(missing_ok=True)
        plain_git(self.work, "fetch", "--quiet", "--prune", "origin")
        plain_git(self.work, "checkout", "--quiet", "--force", "-B", branch, f"origin/{branch}")

    def copy(self, folder: Path) -> Scratch:
        """The same repository in another folder."""
        shutil.copytree(self.hub.parent, folder, dirs_exist_ok=True)
        return Scratch(hub=folder / self.hub.name, work=folder / self.work.name)

    def start(self, *arguments: str, hours: float = 0, **environment: str) -> subprocess.Popen[str]:
        """A towpath command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "towpath.cli.main", *arguments],
            cwd=self.work,
            env={**_quiet_environment(), "TOWPATH_NOW": at(hours), "TOWPATH_ACTOR": "Bot", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _quiet_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "TOWPATH_"))}
    return {**kept, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def scratch(folder: Path, files: dict[str, bytes | None] | None = None) -> Scratch:
    """A new repository in an empty folder; the clean one unless other files are given."""
    if files is None:
        return _clean().copy(folder)
    return _build(folder, files)


@cache
def _clean() -> Scratch:
    folder = Path(tempfile.mkdtemp(prefix="towpath-scratch-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _build(folder, clean_files())


def _build(folder: Path, files: dict[str, bytes | None]) -> Scratch:
    hub, work = folder / "hub.git", folder / "work"
    create_bare(hub, "main")
    shutil.rmtree(hub / "hooks", ignore_errors=True)
    direct_commit(hub, "main", files)
    work.mkdir()
    git = Git(work)
    git.run("init", "--quiet", "--initial-branch=main")
    shutil.rmtree(work / ".git" / "hooks", ignore_errors=True)
    git.run("remote", "add", "origin", "../hub.git")
    (work / "towpath.toml").write_bytes(files["towpath.toml"] or b"")
    return Scratch(hub=hub, work=work)


_KEPT: dict[tuple[str, str], Path] = {}


class Desk:
    """Somebody at the clone who runs commands in this process, at a clock of their own."""

    def __init__(self, place: Scratch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.place = place
        self._monkeypatch = monkeypatch
        self._run = runner(monkeypatch, capsys)
        monkeypatch.chdir(place.work)
        monkeypatch.setenv("NO_COLOR", "1")
        self.hours(0)
        self.actor("Ada <ada@example.org>")

    def at(self, place: Scratch) -> Desk:
        """Go to another clone."""
        self.place = place
        self._monkeypatch.chdir(place.work)
        return self

    def __call__(self, *arguments: str) -> Ran:
        """Run `towpath ARGUMENTS`."""
        return self._run(*arguments)

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What `towpath ARGUMENTS --format json` prints, when it ends with this exit code."""
        ran = self._run(*arguments, "--format", "json")
        assert ran.code == code, ran
        return json.loads(ran.out)

    def hours(self, hours: float) -> Desk:
        """Set the clock."""
        self._monkeypatch.setenv("TOWPATH_NOW", at(hours))
        return self

    def actor(self, name: str) -> Desk:
        """Set who runs commands."""
        self._monkeypatch.setenv("TOWPATH_ACTOR", name)
        return self

    def land(self, *arguments: str, hours: float | None = None) -> int:
        """Run a transition and merge its pull request; returns its number."""
        if hours is not None:
            self.hours(hours)
        data = self.json(*arguments)
        number = int(data["runbooks"][0]["number"])
        merged = self._run("pr", "merge", str(number))
        assert merged.code == 0, merged
        return number

    def climb(self, stages: int) -> float:
        """Promote and merge so many stages, each as soon as the one before has baked; returns the hour of the last."""
        self.once(
            f"climb {stages}",
            lambda: [self.land("promote", CLEAN_ID, *ATTEST, hours=hour) for hour in HOURS[:stages]],
        )
        self.hours(HOURS[stages - 1])
        return HOURS[stages - 1]

    def once(self, name: str, act: Callable[[], object]) -> None:
        """Bring the hub where `act` brings it: by acting the first time in a process, by copying later."""
        key = (name, self.place.git.line("for-each-ref"))
        if key not in _KEPT:
            act()
            _KEPT[key] = Path(tempfile.mkdtemp(prefix="towpath-kept-")) / "hub.git"
            atexit.register(shutil.rmtree, _KEPT[key].parent, ignore_errors=True)
            shutil.copytree(self.place.hub, _KEPT[key])
        else:
            shutil.rmtree(self.place.hub)
            shutil.copytree(_KEPT[key], self.place.hub)


def desk_at(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, bytes | None] | None = None,
) -> Desk:
    """A desk at a new repository in the folder."""
    return Desk(scratch(folder, files), monkeypatch, capsys)
