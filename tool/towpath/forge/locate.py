"""Which forge a runbook repository uses, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from towpath.forge.local import LocalForge
from towpath.git.clone import is_bare, remote_url
from towpath.model.errors import EnvironmentProblem, UsageError

if TYPE_CHECKING:
    from towpath.model.forge import Forge
    from towpath.model.snapshot import Settings

FORGES = ("local",)
"""Values of `forge` in towpath.toml."""


def forge_for(root: Path, settings: Settings) -> Forge:
    """The forge of the repository around `root`.

    Raises:
        UsageError: towpath.toml names an unknown forge.
        EnvironmentProblem: the remote is missing, or not what the forge needs.
    """
    if settings.forge not in FORGES:
        raise UsageError(f"towpath.toml: unknown forge {settings.forge!r}", f"known: {', '.join(FORGES)}")
    url = remote_url(root, settings.remote)
    if url is None:
        raise EnvironmentProblem(
            f"this repository has no remote {settings.remote!r}",
            "towpath init makes a local one; or: git init --bare ../hub.git && git remote add origin ../hub.git",
        )
    bare = local_path(url, root)
    if bare is None or not bare.is_dir():
        raise EnvironmentProblem(
            f"the remote {settings.remote!r} is no folder on this machine: {url}",
            "the local forge works on a bare repository beside the clone",
        )
    if not is_bare(bare):
        raise EnvironmentProblem(
            f"{bare} has a work tree; merging into it would change files under somebody's hands",
            "use a bare repository: git clone --bare",
        )
    return LocalForge(bare)


def local_path(url: str, root: Path) -> Path | None:
    """The folder a remote's address names, or None when it is on another machine."""
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    if "://" in url or (":" in url and not url.startswith((".", "/"))):
        return None
    return (root / url).resolve()
