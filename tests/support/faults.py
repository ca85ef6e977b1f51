"""A `git` for the PATH that is the real one, except where a test wants towpath to die or to meet another towpath."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from support.scratch import Scratch

How = Literal["before", "after", "torn", "crashed", "meet"]
"""Where towpath is killed: before git runs; after git ran, before towpath reads the answer; while it hands the input
over (git gets the first lines only); together with git, which has its locks then. Or nobody is killed, and the process
waits before it moves a ref until another process wants to move it too."""

_SCRIPT = """\
#!/bin/sh
if [ -f "$FAULT/count" ]; then read -r n < "$FAULT/count"; else n=0; fi
n=$((n + 1)); echo "$n" > "$FAULT/count"
printf '%s\\n' "$*" >> "$FAULT/calls"
if [ "$FAULT_HOW" = meet ]; then
  case " $* " in *" update-ref "*)
    cat > "$FAULT/input"
    if grep -q "$FAULT_MOVING" "$FAULT/input"; then
      : > "$FAULT_MEETING/$FAULT_NAME"
      tries=0
      while [ "$(ls "$FAULT_MEETING" | wc -l)" -lt 2 ] && [ "$tries" -lt 500 ]; do
        sleep 0.02; tries=$((tries + 1))
      done
    fi
    exec GIT "$@" < "$FAULT/input"
  esac
  exec GIT "$@"
fi
[ "$n" = "$FAULT_AT" ] || exec GIT "$@"
case "$FAULT_HOW" in
before) kill -9 "$PPID" ;;
after) GIT "$@" > /dev/null 2>&1; kill -9 "$PPID" ;;
torn) cat > "$FAULT/input"; kill -9 "$PPID"
  head -n "$FAULT_LINES" "$FAULT/input" | GIT "$@" > /dev/null 2>&1 ;;
crashed) cat > "$FAULT/input"; : > "$FAULT/said"
  (sed '/^commit$/,$d' "$FAULT/input"; exec sleep 5) | GIT "$@" > "$FAULT/said" 2>&1 &
  while ! grep -q 'prepare: ok' "$FAULT/said"; do sleep 0.02; done
  kill -9 "$!" "$PPID" ;;
esac
: > "$FAULT/struck"
exit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One towpath process that went through the other git.

    Attributes:
        struck: whether the fault was reached.
        calls: the arguments of every git call, in order.
    """

    code: int
    out: str
    struck: bool
    calls: tuple[str, ...]


class Faulty:
    """A towpath process with the other git on its PATH."""

    def __init__(
        self,
        place: Scratch,
        folder: Path,
        *arguments: str,
        hours: float,
        how: How = "before",
        at: int = 0,
        lines: int = 0,
        moving: str = "",
        meeting: Path | None = None,
        actor: str = "Bot",
    ) -> None:
        """Start it.

        Args:
            folder: an empty one for the counters.
            at: the number of the call; 0 is never.
            lines: how many lines of its input git gets when torn.
            moving: part of the name of a ref; who is about to move it waits.
            meeting: the folder that two processes share to meet in.
        """
        self._folder = folder
        git = folder / "bin" / "git"
        git.parent.mkdir(parents=True)
        real = shutil.which("git")
        assert real is not None
        git.write_text(_SCRIPT.replace("GIT", f"'{real}'"))
        git.chmod(0o755)
        self._process = place.start(
            *arguments,
            hours=hours,
            PATH=f"{git.parent}{os.pathsep}{os.environ['PATH']}",
            TMPDIR=str(folder),
            TOWPATH_ACTOR=actor,
            FAULT=str(folder),
            FAULT_AT=str(at),
            FAULT_HOW=how,
            FAULT_LINES=str(lines),
            FAULT_MOVING=moving or "no such ref",
            FAULT_NAME=folder.name,
            FAULT_MEETING=str(meeting or folder),
        )

    def end(self) -> Run:
        """Wait until the process, and the git it may have left behind, are over."""
        out, _ = self._process.communicate(timeout=60)
        code = self._process.returncode
        struck = self._folder / "struck"
        if code == -9:
            for _ in range(500):
                if struck.exists():
                    break
                time.sleep(0.01)
            assert struck.exists(), "git did not end"
        calls = (self._folder / "calls").read_text().splitlines()
        return Run(code=code, out=out, struck=struck.exists(), calls=tuple(calls))


def leftovers(repository: Path) -> list[str]:
    """Lock files and half-written files below a git directory."""
    return sorted(
        str(path.relative_to(repository))
        for path in repository.rglob("*")
        if path.name.endswith(".lock") or path.name.startswith("tmp_")
    )


def is_sound(repository: Path) -> bool:
    """Whether git finds nothing wrong with it."""
    done = subprocess.run(
        ["git", "-C", str(repository), "fsck", "--strict", "--no-dangling", "--no-progress"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0 and b"error" not in done.stderr
