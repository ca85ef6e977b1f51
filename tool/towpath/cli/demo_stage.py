"""The stage the demo plays on: a scratch repository with a bare hub, a clock, and commands run as a user would."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from towpath.git.running import Git
from towpath.git.writing import create_bare
from towpath.model.errors import EnvironmentProblem, TowpathError
from towpath.shipped import example_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLE = "support-triage"
_PARTS = ("towpath.toml", "prompts", "runbooks", "evals", "suite")
_WHO = ("-c", "user.name=Dana Demo", "-c", "user.email=dana@example.org")


@dataclass
class Stage:
    """A scratch clone of a runbook repository.

    Attributes:
        work: the clone; its remote is the bare repository beside it.
        now: the simulated moment; every command runs at it.
    """

    work: Path
    now: datetime

    @classmethod
    def build(cls, folder: Path, now: datetime) -> Stage:
        """Copy the example and make its repository."""
        work, hub = folder / "runbooks-repository", folder / "hub.git"
        work.mkdir(parents=True)
        source = example_root(EXAMPLE)
        for part in _PARTS:
            if (source / part).is_dir():
                shutil.copytree(source / part, work / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source / part, work / part)
        create_bare(hub, "main")
        git = Git(work)
        git.run("init", "--quiet", "--initial-branch=main")
        git.run("config", "user.name", "Dana Demo")
        git.run("config", "user.email", "dana@example.org")
        git.run("remote", "add", "origin", "../hub.git")
        return cls(work=work, now=now)

    def commit(self, message: str) -> None:
        """Commit everything and push it, as a person would."""
        git = Git(self.work)
        git.run("add", "--all")
        git.run(*_WHO, "commit", "--quiet", "-m", message)
        git.run("push", "--quiet", "origin", "main")

    def pull(self) -> None:
        """Bring the clone up to what was merged."""
        git = Git(self.work)
        git.run("fetch", "--quiet", "origin")
        git.run("merge", "--quiet", "--ff-only", "origin/main")

    def wait(self, time: timedelta) -> None:
        """Let simulated time pass."""
        self.now += time

    def run(self, *arguments: str, quiet: bool = False, expect: tuple[int, ...] = (0,)) -> int:
        """Run one towpath command here and now; shows the command and what it prints; returns its exit code.

        Raises:
            EnvironmentProblem: it ended with a code that the story does not expect; the rest would be nonsense.
        """
        from towpath.cli.main import cli

        if not quiet:
            shown = " ".join(f'"{part}"' if " " in part else part for part in arguments)
            click.echo(click.style(f"$ towpath {shown}", bold=True))
        with self._here():
            try:
                code = cli.main(list(arguments), prog_name="towpath", standalone_mode=False)
            except TowpathError as problem:
                click.echo(f"{click.style('error:', fg='red', bold=True)} {problem}")
                if problem.hint:
                    click.echo(f"{click.style('hint:', fg='cyan')} {problem.hint}")
                code = problem.exit_code
        code = code if isinstance(code, int) else 0
        if not quiet:
            if code:
                click.echo(click.style(f"(exit code {code})", dim=True))
            click.echo()
        if code not in expect:
            raise EnvironmentProblem(
                f"the demo stops: `towpath {' '.join(arguments)}` ended with exit code {code}",
                f"look in {self.work}; a broken installation is mended by installing it again",
            )
        return code

    @contextlib.contextmanager
    def _here(self) -> Iterator[None]:
        settings = {"TOWPATH_NOW": self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "TOWPATH_ACTOR": ""}
        before = {name: os.environ.get(name) for name in settings}
        os.environ.update(settings)
        try:
            with contextlib.chdir(self.work):
                yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def heading(text: str) -> None:
    """The title of a scene."""
    click.echo(click.style(f"── {text} ", fg="cyan", bold=True) + click.style("─" * max(2, 76 - len(text)), fg="cyan"))


def say(text: str) -> None:
    """What the narrator says."""
    click.echo(click.style(text, dim=True))
