"""Runs a Python program as a process and notes which files and network addresses it asks for.

The interpreter's own audit events tell (PEP 578): a `sitecustomize` module in front of the program writes down every
file opened, folder listed and address looked up or connected to. What programs it starts do is not seen.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_HOOK = """
import os
import sys

_log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.write(_log, b"started\\n")


def _note(event, arguments):
    if event in ("open", "os.listdir", "os.scandir"):
        if arguments and isinstance(arguments[0], (str, bytes)):
            os.write(_log, f"file {os.path.abspath(os.fsdecode(arguments[0]))}\\n".encode("utf-8", "replace"))
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(_log, f"network {event} {arguments[1:]}\\n".encode("utf-8", "replace"))


sys.addaudithook(_note)
"""

NOWHERE = "http://127.0.0.1:9"
"""A proxy that refuses: whatever asks for it fails at once."""


@dataclass(frozen=True)
class Watched:
    """What a program did.

    Attributes:
        output: standard output and standard error together.
        files: every file it opened and every folder it listed.
        network: every address it asked for.
    """

    code: int
    output: str
    seconds: float
    files: tuple[str, ...]
    network: tuple[str, ...]


def watched(command: list[str], scratch: Path, *, cwd: Path, terminal: bool = False, **environment: str) -> Watched:
    """Run the program with a new home and proxies that refuse.

    Args:
        scratch: a folder of this run alone, for the home and the notes.
        terminal: whether it writes to a terminal; otherwise to a pipe.
        environment: more variables.
    """
    home, hook, log = scratch / "home", scratch / "hook", scratch / "asked-for.log"
    home.mkdir(parents=True)
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    surroundings = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "PYTHONPATH": str(hook),
        "AUDIT_LOG": str(log),
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
        **environment,
    }
    started = time.monotonic()
    code, output = (_on_terminal if terminal else _into_pipe)(command, cwd, surroundings)
    seconds = time.monotonic() - started
    notes = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    assert "started" in notes, f"the program was not watched: {output}"
    return Watched(
        code=code,
        output=output,
        seconds=seconds,
        files=tuple(note.removeprefix("file ") for note in notes if note.startswith("file ")),
        network=tuple(note for note in notes if note.startswith("network ")),
    )


def _into_pipe(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def _on_terminal(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    parts: list[bytes] = []
    try:
        # the terminal says end of file with an error once nobody holds its other side
        with contextlib.suppress(OSError):
            while select.select([ours], [], [], 120)[0]:
                part = os.read(ours, 65536)
                if not part:
                    break
                parts.append(part)
        code = process.wait(timeout=120)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return code, b"".join(parts).decode("utf-8", "replace").replace("\r\n", "\n")
