"""Times `towpath lint` on many runbooks against the least that any linter must do.

    python bench/lint.py [--files 2000] [--rounds 3]

Everything is measured in rounds that take every design in turn, on the same files, and what counts is the median of
the ratios within a round: absolute times depend on the machine and its neighbours, ratios hardly do.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import yaml

from corpus.runbooks import write_runbooks
from towpath.cli.context import FolderFiles
from towpath.document.loading import load_all, load_runbook, runbook_paths
from towpath.document.parse import parse
from towpath.document.schema import validate
from towpath.model.snapshot import MappedFiles, Snapshot
from towpath.policy.catalogue import RULES
from towpath.policy.engine import lint
from towpath.policy.neighbours import Neighbours
from towpath.policy.pack import load_pack
from towpath.policy.rule import Subject
from towpath.shipped import schema_text

NUMERIC = frozenset("0123456789-+.")
WHOLE = re.compile(r"[-+]?[0-9]+\Z").match
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z").match
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}

FLOOR = """
import os, sys
from _blake2 import blake2b
for entry in sorted(os.scandir("runbooks"), key=lambda entry: entry.name):
    handle = os.open(entry.path, os.O_RDONLY)
    blake2b(os.read(handle, 1 << 20), digest_size=16).hexdigest()
    os.close(handle)
"""


class NoDates(yaml.CSafeLoader):
    """As most programs read YAML 1.1, but dates stay text, as the schema wants them."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def compose(text: bytes) -> yaml.Node | None:
    """Only PyYAML's C composer, without resolving tags."""
    loader = yaml.CBaseLoader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def built(node: Any) -> Any:
    """The prototype's own builder: plain data by the YAML 1.2 core schema, nothing checked."""
    kind = node.__class__
    if kind is yaml.ScalarNode:
        value = node.value
        if node.style:
            return value
        if value[:1] in NUMERIC:
            if WHOLE(value):
                return int(value)
            if DECIMAL(value):
                return float(value)
        return CONSTANTS.get(value, value)
    if kind is yaml.MappingNode:
        return {key.value: built(value) for key, value in node.value}
    return [built(value) for value in node.value]


def designs(files: list[Path], snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """What is compared, by name; each does its work for every file."""
    schema = json.loads(schema_text("runbook.v1"))
    validator, reference = jsonschema_rs.Draft202012Validator(schema), jsonschema.Draft202012Validator(schema)
    pack = load_pack(snapshot)

    def over(work: Callable[[bytes], object]) -> Callable[[], object]:
        def run() -> None:
            for file in files:
                work(file.read_bytes())

        return run

    def prototype(text: bytes) -> object:
        """The least that parses by YAML 1.2 with positions and validates: no findings, no runbook, no rules."""
        return validator.is_valid(built(compose(text)))

    def naive(text: bytes) -> object:
        """What comes to mind first: no positions, YAML 1.1, and the same schema."""
        return list(reference.iter_errors(yaml.load(text, NoDates)))

    def schema_only(text: bytes) -> object:
        document, _ = parse(text, "runbook.yaml")
        return document and validate(document)

    def each_loaded() -> None:
        for path in runbook_paths(snapshot):
            load_runbook(snapshot.files, path)

    return {
        "read and hash": over(lambda text: hashlib.blake2b(text, digest_size=16).hexdigest()),
        "compose in C": over(compose),
        "prototype": over(prototype),
        "naive": over(naive),
        "yaml.load (CSafeLoader)": over(lambda text: yaml.load(text, yaml.CSafeLoader)),
        "parse": over(lambda text: parse(text, "runbook.yaml")),
        "parse and schema": over(schema_only),
        "load: parse, schema, runbook": each_loaded,
        "lint: everything": lambda: lint(snapshot, pack),
    }


def in_rounds(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds per round for each."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    gc.disable()  # as the command does
    for _ in range(rounds):
        for name, run in work.items():
            started = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - started)
    return taken


def show(title: str, taken: dict[str, list[float]], files: int, against: Iterable[str]) -> None:
    """Print a table: median seconds, per file, and the median ratio within a round to each reference."""
    references = list(against)
    print(f"\n{title}\n{'':<38}{'s':>8}{'ms/file':>9}" + "".join(f"{'x ' + name:>18}" for name in references))
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        ratios = [
            statistics.median([one / other for one, other in zip(seconds, taken[reference], strict=True)])
            for reference in references
        ]
        print(f"{name:<38}{middle:>8.3f}{1000 * middle / files:>9.3f}" + "".join(f"{ratio:>18.2f}" for ratio in ratios))


def process(arguments: list[str], folder: Path) -> Callable[[], object]:
    """Runs a command in its own process; findings (exit 1) are fine, anything else is not."""

    def run() -> None:
        done = subprocess.run(arguments, cwd=folder, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()

    return run


def growth(snapshot: Snapshot, files: list[Path], rounds: int) -> None:
    """Print what one file costs among few and among many: the same, or rules compare each with each."""
    pack = load_pack(snapshot)

    def some(count: int) -> Snapshot:
        texts = {f"runbooks/{file.name}": file.read_bytes() for file in files[:count]}
        beside = {path: snapshot.files.read(path) or b"" for path in snapshot.files.paths("prompts")}
        return Snapshot(files=MappedFiles({**beside, **texts}), now=snapshot.now)

    counts = sorted({len(files) // 8, len(files)})
    places = {count: some(count) for count in counts}
    taken = in_rounds({str(count): partial(lint, place, pack) for count, place in places.items()}, rounds)
    said = [f"{1000 * statistics.median(taken[str(count)]) / count:.3f} among {count}" for count in counts]
    print(f"\nms/file: {', '.join(said)}")


def cost_per_rule(snapshot: Snapshot) -> None:
    """Print what each rule takes, all runbooks together."""
    loaded = [item for item in load_all(snapshot) if item.runbook and item.document]
    neighbours = Neighbours.of(item.runbook for item in loaded if item.runbook)
    pack = load_pack(snapshot)
    taken: list[tuple[float, str]] = []
    for rule in RULES.values():
        started = time.perf_counter()
        for item in loaded:
            assert item.runbook
            assert item.document
            subject = Subject(
                runbook=item.runbook,
                data=item.document.data,
                snapshot=snapshot,
                neighbours=neighbours,
                options=pack.rules[rule.id].options,
            )
            try:
                list(rule.check(subject))
            except Exception as problem:
                print(f"{rule.id} failed on {item.path}: {problem!r}")
        taken.append((time.perf_counter() - started, rule.id))
    print(f"\nper rule, {len(loaded)} runbooks{'ms':>22}")
    for seconds, name in sorted(taken, reverse=True):
        print(f"  {name:<38}{1000 * seconds:>8.1f}")


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        now = datetime.now(UTC).replace(microsecond=0)
        bad = write_runbooks(folder, wanted.files, today=now.date())
        files = sorted((folder / "runbooks").glob("*.yaml"))
        texts = [file.read_text(encoding="utf-8") for file in files]
        lines = sum(text.count("\n") for text in texts) / len(texts)
        snapshot = Snapshot(files=FolderFiles(folder), now=now)
        found = lint(snapshot, load_pack(snapshot))
        flawed = {finding.path for finding in found}
        print(f"{wanted.files} runbooks, {lines:.0f} lines each; {bad} with a defect, {len(flawed)} with findings")
        other = sorted({finding.rule for finding in found})
        print(f"rules that spoke: {', '.join(other)}; {len(RULES)} rules in the pack; {os.cpu_count()} cores")
        taken = in_rounds(designs(files, snapshot), wanted.rounds)
        show(
            "in one process",
            taken,
            len(files),
            ("read and hash", "prototype", "naive"),
        )
        towpath = str(Path(sys.executable).with_name("towpath"))
        whole: dict[str, Callable[[], object]] = {
            "read and hash": process([sys.executable, "-c", FLOOR], folder),
            "towpath lint": process([towpath, "lint", "--quiet"], folder),
        }
        show("whole processes, all files", in_rounds(whole, wanted.rounds), len(files), ("read and hash",))
        one: dict[str, Callable[[], object]] = {
            "python -c pass": process([sys.executable, "-c", "pass"], folder),
            "towpath --version": process([towpath, "--version"], folder),
            "towpath explain": process([towpath, "explain"], folder),
            "towpath lint, all read, one reported": process([towpath, "lint", str(files[0])], folder),
        }
        alone = folder / "alone"
        (alone / "runbooks").mkdir(parents=True)
        (alone / "towpath.toml").touch()
        (alone / "runbooks" / "one.yaml").write_bytes(files[0].read_bytes())
        one["towpath lint, a repository of one"] = process([towpath, "lint"], alone)
        show("start-up", in_rounds(one, 3 * wanted.rounds), 1, ("python -c pass",))
        growth(snapshot, files, wanted.rounds)
        cost_per_rule(snapshot)


if __name__ == "__main__":
    main()
