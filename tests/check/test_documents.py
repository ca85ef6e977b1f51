"""What the documents say is there: paths, links, headings, commands, options, make targets, vectors, exit codes.

And what must be nowhere: absolute paths of a machine, and the addresses of package registries.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from support.routed import at
from towpath.cli.gate import EXIT_CODES
from towpath.cli.main import COMMANDS, cli
from towpath.traffic.cohorts import BUCKETS, Cohort, basis_points, bucket
from towpath.traffic.exporters.flagd import render
from towpath.traffic.routing import routing_of

ROOT = Path(__file__).resolve().parents[2]

ENTRANCES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
"""Where a reader begins: every page under docs/ is reached from here by links."""

FOLDERS = ("tool", "docs", "tests", "schema", "policies", "examples", "bench", r"\.ci")
PATH = re.compile(rf"(?<![\w./:<-])(?:{'|'.join(FOLDERS)})/[\w./-]*(?![\w<*{{])")
PLACEHOLDER = re.compile(r"(?:^|/)[A-Z][A-Z_]*(?:\.|/|$)|/your_")
"""`policies/NAME.yaml` names no file."""

OF_A_RUNBOOK_REPOSITORY = {"policies/repository.yaml", "policies/acme.yaml"}
"""Paths with our folders' names that lie in a user's repository."""

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?<![\w/.:-])towpath +(?P<name>[a-z][a-z-]*)(?P<rest>[^|;&`\n]*)")
TARGET = re.compile(r"(?<![\w-])make +([a-z][a-z-]*)")

# put together here, so that this file does not contain what it looks for
MACHINE = re.compile(rf"(?<![\w.~-])/(?:{'|'.join(('work', 'root', 'home', 'tmp', 'Users'))})(?![\w-])")
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
    )
)


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository, as git lists them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return tuple(path for path in listed.decode().split("\0") if path and (ROOT / path).is_file())


DOCUMENTS = tuple(path for path in tracked() if path.endswith(".md"))
OURS = tuple(path for path in DOCUMENTS if not path.startswith("docs/rules/"))
"""Documents in which paths are meant; the examples on rules' pages are of another repository."""


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def paths_in(text: str) -> set[str]:
    """Paths below one of our top-level folders that a text names."""
    found = {match[0].rstrip(".,") for match in PATH.finditer(text)}
    return {path for path in found if not PLACEHOLDER.search(path)} - OF_A_RUNBOOK_REPOSITORY


def code_in(text: str) -> str:
    """Code spans and blocks, one a line; continued lines joined."""
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            lines.append(line)
        else:
            lines.extend(re.findall(r"`([^`]+)`", line))
    return "\n".join(lines).replace("\\\n", " ")


def anchor_of(heading: str) -> str:
    """The anchor GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower()).replace(" ", "-")


def anchors_in(text: str) -> set[str]:
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def linked(document: str, target: str) -> str:
    """The path a link leads to, relative to the repository; a folder's page is its README."""
    place = ROOT / document if target.startswith("#") else (ROOT / document).parent / target.partition("#")[0]
    path = place.resolve()
    if path.is_dir() and (path / "README.md").is_file():
        path /= "README.md"
    return path.relative_to(ROOT).as_posix()


def broken_links(document: str, text: str) -> Iterator[str]:
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        goal = ROOT / linked(document, target)
        heading = target.partition("#")[2]
        if not goal.exists() or (heading and heading not in anchors_in(goal.read_text(encoding="utf-8"))):
            yield target


@cache
def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def wrong_commands(text: str) -> Iterator[str]:
    """Commands, parts of commands and options in code that do not exist."""
    for match in COMMAND.finditer(code_in(text)):
        if match["name"] not in COMMANDS:
            yield match[0]
            continue
        found = command(match["name"])
        words = match["rest"].split()
        if isinstance(found, click.Group) and words and re.fullmatch(r"[a-z]+", words[0]):
            if words[0] not in found.commands:
                yield match[0]
                continue
            found = found.commands[words[0]]
        inside = found.commands.values() if isinstance(found, click.Group) else [found]
        options = {name for one in inside for parameter in one.params for name in parameter.opts} | {"--help"}
        # quoted words are what a user says, not options
        said = re.sub(r'"[^"]*"', "", match["rest"])
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", said):
            if option not in options:
                yield f"towpath {match['name']} {option}"


def wrong_targets(text: str) -> set[str]:
    known = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))
    return set(TARGET.findall(code_in(text))) - known


def strangers(text: str) -> list[str]:
    """Absolute paths of a machine and addresses of registries."""
    return [*(match[0] for match in MACHINE.finditer(text)), *(host for host in REGISTRIES if host in text)]


def reached() -> set[str]:
    """Documents that links lead to from the entrances."""
    found: set[str] = set()
    pending = [path for path in ENTRANCES if path in DOCUMENTS]
    while pending:
        document = pending.pop()
        if document in found:
            continue
        found.add(document)
        targets = [one for one in LINK.findall(text_of(document)) if not re.match(r"[a-z]+:", one)]
        pending.extend(path for path in (linked(document, target) for target in targets) if path in DOCUMENTS)
    return found


@pytest.mark.parametrize("document", OURS)
def test_paths_exist(document: str) -> None:
    assert sorted(path for path in paths_in(text_of(document)) if not (ROOT / path).exists()) == []


def test_paths_named_in_the_code_exist() -> None:
    missing = []
    for source in tracked():
        if source.endswith(".py") and source.startswith("tool/") and "/policy/rules/" not in source:
            named = {path for path in paths_in(text_of(source)) if re.search(r"\.(?:md|json|py|yaml)$", path)}
            missing += [f"{source}: {path}" for path in sorted(named) if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    assert list(broken_links(document, text_of(document))) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_targets_exist(document: str) -> None:
    assert list(wrong_commands(text_of(document))) == []
    assert wrong_targets(text_of(document)) == set()


def test_continuous_integration_runs_targets_that_exist() -> None:
    lines = "".join(f"    {line}\n" for line in text_of(".ci/run").splitlines() if not line.startswith("#"))
    assert TARGET.findall(code_in(lines))
    assert wrong_targets(lines) == set()


def test_every_page_is_reached_by_links() -> None:
    pages = {path for path in DOCUMENTS if path.startswith("docs/")}
    assert len(pages) > 20
    assert sorted(pages - reached()) == []


def test_no_path_of_a_machine_and_no_registry_in_any_file() -> None:
    found = []
    for path in tracked():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data:
            found += [f"{path}: {one}" for one in strangers(data.decode("utf-8", "replace"))]
    assert found == []


def test_decisions_are_numbered_listed_and_whole() -> None:
    pages = sorted(path for path in DOCUMENTS if re.fullmatch(r"docs/adr/\d{4}-.*\.md", path))
    index = text_of("docs/adr/README.md")
    assert [int(path[9:13]) for path in pages] == list(range(1, len(pages) + 1))
    for number, path in enumerate(pages, start=1):
        text = text_of(path)
        title = text.splitlines()[0].removeprefix(f"# {number}. ")
        assert f"| {number} | [{title}]({path.rpartition('/')[2]}) |" in index
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), path


def test_layers_are_the_ones_the_imports_obey() -> None:
    drawn = re.search(r"```\n(model < .*?)```", text_of("ARCHITECTURE.md"), re.DOTALL)
    layers = re.search(r"LAYERS = \((.*?)\n\)", text_of("tests/check/test_architecture.py"), re.DOTALL)
    assert drawn
    assert layers
    assert re.findall(r"\w+", drawn[1].replace("edges", "")) == re.findall(r'"(\w+)"', layers[1])
    rooms = {path.split("/")[2] for path in tracked() if re.fullmatch(r"tool/towpath/\w+/.*", path)}
    assert {room for room in rooms if f"| `tool/towpath/{room}/` |" not in text_of("ARCHITECTURE.md")} == set()


def test_exit_codes_of_verdicts_are_as_written() -> None:
    text = text_of("docs/exit-codes.md")
    rows = re.findall(r"^\| ([a-z, -]+) \| (\d) \|$", text, re.MULTILINE)
    written = {verdict: int(code) for verdicts, code in rows for verdict in verdicts.split(", ")}
    assert written == {verdict.value: code for verdict, code in EXIT_CODES.items()}


VECTOR = re.compile(r"^\| (?:`([^`]+)`|\(empty\)) \| `([^`]+)` \| (\d+) \| (\w+) \|$", re.MULTILINE)


def example(language: str) -> str:
    """The first block of a language on the page about cohorts."""
    found = re.search(rf"```{language}\n(.*?)```", text_of("docs/cohorts.md"), re.DOTALL)
    assert found
    return found[1]


def test_vectors_are_those_of_the_rule_and_of_the_python_example() -> None:
    shown: dict[str, Any] = {}
    exec(example("python"), shown)
    vectors = VECTOR.findall(text_of("docs/cohorts.md"))
    assert len(vectors) == 4
    for salt, unit, expected, arm in vectors:
        assert bucket(salt, unit) == shown["bucket"](salt, unit) == int(expected)
        assert Cohort(salt=salt, basis_points=BUCKETS // 2).arm(unit) == arm


def test_the_python_example_decides_as_the_rule_does() -> None:
    shown: dict[str, Any] = {}
    exec(example("python"), shown)
    units = ["user-1", "user-2", "Ünïcode-☃"]
    # at the edge of each unit's bucket, where a wrong comparison shows
    edges = [edge for unit in units for edge in (bucket("s", unit), bucket("s", unit) + 1)]
    for points in (0, 500, BUCKETS, *edges):
        cohort = Cohort(salt="s", basis_points=points, segments=frozenset({"employees"}))
        for unit in (None, "", *units):
            for segments in ((), ("employees",), ("customers",)):
                said = shown["is_candidate"]("s", unit, points, cohort.segments, segments)
                assert said == (cohort.arm(unit, segments) == "candidate")


def test_the_flag_shown_is_the_flag_exported() -> None:
    flags = json.loads(render(routing_of(at("canary", 5), date(2026, 11, 23))))["flags"]
    assert json.loads(example("json")) == flags["support-triage"]["targeting"]


def test_basis_points_are_as_written() -> None:
    from decimal import Decimal

    pairs = re.findall(r"([\d.]+) % is ([\d,]+)", text_of("docs/cohorts.md"))
    assert len(pairs) == 3
    for percent, points in pairs:
        assert basis_points(Decimal(percent)) == int(points.replace(",", "").rstrip("."))


# the checks above find nothing; these show that they could


def test_a_missing_path_is_seen() -> None:
    text = "see `tool/towpath/gone.py`, docs/x/y.md. But not `policies/NAME.yaml`, a/tool/b, https://x/docs/z."
    assert paths_in(text) == {"tool/towpath/gone.py", "docs/x/y.md"}


@pytest.mark.parametrize("target", ["gone.md", "docs/gone/", "README.md#no-such-heading", "#no-such-heading"])
def test_a_broken_link_is_seen(target: str) -> None:
    assert list(broken_links("CONTRIBUTING.md", f"[here]({target})")) == [target]


def test_sound_links_are_left_alone() -> None:
    text = "[a](https://example.org/x) [b](docs/adr/README.md) [c](ARCHITECTURE.md#where-do-i-change-it) [d](#tests)"
    assert list(broken_links("CONTRIBUTING.md", text)) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("run `towpath lnit`", "towpath lnit"),
        ("    $ towpath pr lst", "towpath pr lst"),
        ("```\ntowpath promote x --atest review=1\n```", "towpath promote --atest"),
        ("    $ towpath new x \\\n      --featrue f", "towpath new --featrue"),
    ],
)
def test_a_wrong_command_is_seen(text: str, wrong: str) -> None:
    assert list(wrong_commands(text)) == [wrong]


def test_prose_is_no_command() -> None:
    text = 'towpath walks. `cd towpath && ls`, `towpath hold x --reason "no --such"`, `towpath pr show 2`, `towpath/v1`'
    assert list(wrong_commands(text)) == []


def test_a_wrong_target_is_seen() -> None:
    assert wrong_targets("we make sure: `make tset`, `make test`") == {"tset"}


def test_a_machine_path_and_a_registry_are_seen() -> None:
    inside = "/".join(("", "home", "ada", "x"))
    assert strangers(f"in {inside} and at https://{REGISTRIES[0]}/simple") == [inside[:5], REGISTRIES[0]]
    assert strangers("to /dev/null, ./tmp/x, a/work/b, /workers") == []
