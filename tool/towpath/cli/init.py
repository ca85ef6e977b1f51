"""`towpath init`: a runbook repository, and the bare repository beside it that the local forge works on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from towpath.cli.answering import FORMAT
from towpath.model.errors import EnvironmentProblem, UsageError

if TYPE_CHECKING:
    from towpath.git.running import Git

_SETTINGS = """\
# A runbook repository: what `towpath` may assume here. Every line is optional; these are the defaults.
# runbooks = "runbooks"           # where the migrations lie
# evidence = "evidence"           # what the gate judges, written by `towpath evidence import`
# records = "records"             # one file per transition, never touched again
# policies = "policies"           # your own rule packs
# pack = "towpath/recommended"    # the rules of `towpath lint`; or policies/NAME.yaml
# remote = "origin"
base = "{branch}"
"""

_SIMULATED = "simulated = true # the clock may be set with TOWPATH_NOW; nobody's traffic depends on this repository\n"

_ATTRIBUTES = """\
# digests are over exact bytes: git must not change line ends here
evidence/** -text
records/** -text
"""

_README = """\
# Model migrations

Each file in `runbooks/` says which model replaces which for one feature, in which stages, and what each stage must
prove. Percentages change only by pull requests that `towpath` opens; `records/` keeps one file for each change.

    towpath new                  write a runbook
    towpath lint                 check all of them
    towpath status               now, next, when, and why not
    towpath promote RUNBOOK      open the pull request for the next stage
    towpath rollback RUNBOOK --reason TEXT
    towpath audit                prove the history
"""

_KEPT = ("runbooks", "evidence", "records", "policies")


@dataclass(slots=True)
class _Done:
    """What was made, and what was there already."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--simulated", is_flag=True, help="Allow a simulated clock (TOWPATH_NOW): for demos and tests only.")
@click.option("--hub", type=click.Path(path_type=Path), help="Where the bare repository goes (FOLDER.git beside it).")
@click.option("--no-hub", is_flag=True, help="Make no bare repository: the remote is somewhere else.")
@FORMAT
def init(folder: Path, simulated: bool, hub: Path | None, no_hub: bool, form: str) -> int:
    """Make FOLDER a runbook repository: settings, folders, first commit, and a bare repository as its remote.

    The bare repository is the local forge's: pull requests are opened and merged in it without any server. What is
    there already is kept as it is, so running it twice changes nothing, and a run that was interrupted is finished.

    Exit code 0, or 2 when the folder cannot become a runbook repository.
    """
    if hub and no_hub:
        raise UsageError("--hub and --no-hub exclude each other")
    root = folder.absolute()
    done = _Done()
    git, branch = _repository(root, done)
    new = _write_files(root, branch, simulated, done)
    _commit(git, branch, new, done)
    remote = _remote(root, git, branch, hub, done) if not no_hub else ""
    if form == "json":
        click.echo(
            json.dumps(
                {"root": str(root), "branch": branch, "remote": remote, "made": done.made, "kept": done.kept}, indent=2
            )
        )
        return 0
    shown = os.path.relpath(root)
    click.echo(f"{click.style(shown if shown != '.' else root.name, bold=True)} is a runbook repository")
    for what in done.made:
        click.echo(f"  made {what}")
    if not done.made:
        click.echo("  everything was there already")
    if simulated and "towpath.toml" in done.kept:
        click.echo("  towpath.toml is kept as it is: write `simulated = true` into it yourself")
    click.echo("next:")
    if shown != ".":
        click.echo(f"  cd {shown}")
    click.echo("  towpath new    write the first runbook (it asks)")
    click.echo("  towpath demo   see the whole way on recorded evidence")
    return 0


def _repository(root: Path, done: _Done) -> tuple[Git, str]:
    """The git repository of the folder, and its branch.

    Raises:
        UsageError: the folder lies inside another repository.
        EnvironmentProblem: no branch is checked out.
    """
    from towpath.git.running import Git

    around = next((parent for parent in root.parents if (parent / ".git").exists()), None)
    if around is not None and not (root / ".git").exists():
        raise UsageError(
            f"{root.name} lies inside the git repository {around.name}",
            "a runbook repository has its own history: choose a folder outside, or run towpath init at its top",
        )
    git = Git(root)
    if not (root / ".git").exists():
        root.mkdir(parents=True, exist_ok=True)
        git.run("init", "--quiet", "--initial-branch=main")
        done.made.append("a git repository with the branch main")
    else:
        done.kept.append("the git repository")
    status, output, _ = git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
    if status != 0:
        raise EnvironmentProblem("no branch is checked out here", "check out the branch that shall be the base")
    return git, output.decode().strip()


def _write_files(root: Path, branch: str, simulated: bool, done: _Done) -> list[str]:
    """Write what is missing; returns the paths of what init writes, new or not."""
    from towpath.evidence.files import write_once

    settings = _SETTINGS.format(branch=branch) + (_SIMULATED if simulated else "")
    wanted = {"towpath.toml": settings, ".gitattributes": _ATTRIBUTES, "README.md": _README}
    for path, text in wanted.items():
        if (root / path).exists():
            done.kept.append(path)
        else:
            write_once(root, path, text.encode())
            done.made.append(path)
    for name in _KEPT:
        if (root / name).is_dir() and any((root / name).iterdir()):
            done.kept.append(f"{name}/")
        else:
            # git keeps no empty folders
            write_once(root, f"{name}/.gitkeep", b"")
            done.made.append(f"{name}/")
    return [path for path in (*wanted, *(f"{name}/.gitkeep" for name in _KEPT)) if (root / path).is_file()]


def _commit(git: Git, branch: str, paths: list[str], done: _Done) -> None:
    """Commit what init wrote and git does not know yet; nothing else that lies around, staged or not."""
    status, output, _ = git.ask("ls-tree", "-r", "--name-only", "-z", f"refs/heads/{branch}")
    known = output.decode("utf-8", "replace").split("\0") if status == 0 else []
    missing = [path for path in paths if path not in known]
    if not missing:
        return
    git.run("add", "--", *missing)
    git.run("commit", "--quiet", "-m", "A runbook repository", "--", *missing, extra=_author(git))
    done.made.append(f"a commit of {len(missing)} files on {branch}")


def _author(git: Git) -> dict[str, str]:
    """Who commits: as git would have it; git commands of towpath do not read a person's own configuration."""
    from towpath.git.clone import person

    name, _, address = (person(git.folder) or "").partition(" <")
    who = {"NAME": name or "towpath", "EMAIL": address.rstrip(">") or "towpath@localhost"}
    return {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}


def _remote(root: Path, git: Git, branch: str, hub: Path | None, done: _Done) -> str:
    """The address of origin; makes the bare repository and pushes the branch where there is none."""
    from towpath.forge.locate import local_path
    from towpath.git.clone import remote_url
    from towpath.git.writing import create_bare

    url = remote_url(root, "origin")
    if url is not None and hub is not None and local_path(url, root) != hub.absolute().resolve():
        raise UsageError(f"this repository has the remote origin already: {url}", "leave out --hub")
    if url is None:
        target = hub.absolute() if hub else root.with_name(f"{root.name}.git")
        if target.exists() and not (target / "HEAD").is_file() and any(target.iterdir()):
            raise UsageError(f"{target.name} exists and is no bare repository", "name another place with --hub")
        url = os.path.relpath(target, root)
        create_bare(target, branch)
        git.run("remote", "add", "origin", url)
        done.made.append(f"the bare repository {url} as origin")
    else:
        done.kept.append("the remote origin")
    path = local_path(url, root)
    if path is None or not path.is_dir():
        return url  # somewhere else: pushing there is the user's to do
    status, _, _ = git.ask("ls-remote", "--exit-code", "--heads", "origin", branch)
    if status == 2:
        git.run("push", "--quiet", "--set-upstream", "origin", branch)
        done.made.append(f"a push of {branch} to {url}")
    return url
