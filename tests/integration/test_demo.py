"""The demo as a newcomer plays it: a new home, no network, what the recorded evidence says and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.repositories import plain_git
from support.watched import Watched, watched

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "support-triage"
STOPPED, MOVING = "support-triage-2026-11", "order-desk-2026-12"
WATCH = "refund-approval"
STAGES = ("internal", "canary", "half", "full")
PERCENTS = (0, 5, 50, 100)
TOWPATH = [sys.executable, "-m", "towpath.cli.main"]


@dataclass(frozen=True)
class Played:
    """A demo that was played, and the repository it left."""

    demo: Watched
    repository: Path

    @property
    def clock(self) -> str:
        """The simulated moment at its end, as the demo tells it."""
        found = re.search(r"^  export TOWPATH_NOW=(\S+)$", self.demo.output, re.MULTILINE)
        assert found
        return found[1]

    def scene(self, title: str) -> str:
        """What a scene printed."""
        for scene in self.demo.output.split("── ")[1:]:
            if scene.startswith(title):
                return scene
        raise AssertionError(f"there is no scene {title!r}")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A towpath command in the repository, at the demo's clock."""
        return subprocess.run(
            [*TOWPATH, *arguments],
            cwd=self.repository,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.repository), "TOWPATH_NOW": self.clock},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    demo = watched([*TOWPATH, "demo", "--keep", str(folder / "kept")], folder / "run", cwd=folder)
    assert demo.code == 0, demo.output
    return Played(demo, folder / "kept" / "runbooks-repository")


def recorded(task: str | None) -> dict[str, float]:
    """Share of right answers of each model, counted from the result file itself."""
    results = json.loads((EXAMPLE / "evals" / "support-triage" / "results.json").read_text(encoding="utf-8"))
    scores: dict[str, list[float]] = {}
    for result in results["results"]["results"]:
        if task in (None, result["testCase"]["metadata"]["task"]):
            label = result["provider"].get("label") or result["provider"]["id"]
            scores.setdefault(label, []).append(result["score"])
    return {model: sum(found) / len(found) for model, found in scores.items()}


def test_under_a_minute_without_network(played: Played) -> None:
    assert played.demo.seconds < 60
    assert played.demo.network == ()


def test_nothing_is_written_outside_the_folder_asked_for(played: Played) -> None:
    home = played.repository.parent.parent / "run" / "home"
    assert list(home.iterdir()) == []
    assert {entry.name for entry in played.repository.parent.iterdir()} == {"runbooks-repository", "hub.git"}
    assert plain_git(played.repository, "status", "--porcelain") == ""


def test_no_command_of_the_demo_fails_where_it_should_not(played: Played) -> None:
    """Exit codes 1 and 3 belong to the story, each where it is told; another one would be a defect."""
    commands = [block.partition("\n") for block in played.demo.output.split("\n$ towpath ")[1:]]
    assert len(commands) > 20
    ended = [(command, re.findall(r"^\(exit code (\d+)\)$", told, re.MULTILINE)) for command, _, told in commands]
    assert [(command, codes) for command, codes in ended if codes] == [
        ("lint runbooks/broken-2026-11.yaml", ["1"]),
        (f"gate {STOPPED}", ["1"]),
        (f"promote {STOPPED}", ["1"]),
        (f"promote {MOVING}", ["3"]),
    ]
    assert "Traceback" not in played.demo.output


def test_a_broken_runbook_is_refused_at_the_right_lines(played: Played) -> None:
    scene = played.scene("1.")
    assert "clean: 2 runbooks checked" in scene
    lines = (EXAMPLE / "runbooks" / f"{STOPPED}.yaml").read_text(encoding="utf-8").splitlines()

    def number(text: str) -> int:
        return next(number for number, line in enumerate(lines, 1) if line.startswith(text))

    target = number("      to: baseline")
    expected = {
        ("unit-missing", number("  ticket-routing:")),
        ("watch-task", number("  task: refund-approval")),
        ("rollback-target", target - 1),
        # one line up, because the line with the target is gone
        ("rollout-stage", number("rollout:") + 2 - 1),
    }
    found = re.findall(r"^runbooks/broken-2026-11\.yaml:(\d+):\d+: error: .* \[([a-z-]+)\]$", scene, re.MULTILINE)
    assert {(rule, int(line)) for line, rule in found} == expected
    assert "4 errors in 1 runbook" in scene


def test_a_migration_better_on_average_is_stopped_by_its_watch_task(played: Played) -> None:
    baseline, candidate = "smollm2-135m-q4_1", "qwen2.5-coder-0.5b-q4_k_m"
    average, watch = recorded(None), recorded(WATCH)
    assert average[candidate] > average[baseline]
    assert watch[candidate] < watch[baseline] - 0.10
    scene = played.scene("3.")
    assert re.search(rf"^FAIL +{STOPPED}: internal must not be entered: {WATCH} fails$", scene, re.MULTILINE)
    shares = rf"^  {WATCH} +{watch[baseline]:.1%} +{watch[candidate]:.1%} +worse .* FAIL +\(watch task\)$"
    assert re.search(shares, scene, re.MULTILINE)
    assert re.search(rf"examples: {average[baseline]:.1%} -> {average[candidate]:.1%} ", scene)
    assert f"{STOPPED}: no: the gate for internal says fail" in scene


def test_promoted_as_far_as_the_evidence_allows(played: Played) -> None:
    """The measured pair passes every stage, so the demo shows it, and nothing synthetic."""
    assert "SYNTHETIC" not in played.demo.output
    scene = played.scene("4.")
    assert re.findall(
        rf"^{MOVING}: \S+ \(\d+ %\) -> (\w+) \((\d+) %\): pull request #\d opened$", scene, re.MULTILINE
    ) == [(stage, str(percent)) for stage, percent in zip(STAGES, PERCENTS, strict=True)]
    assert re.findall(r"^merged #(\d) as [0-9a-f]{12} into main$", scene, re.MULTILINE) == ["1", "2", "3", "4"]
    assert f"{MOVING}: not yet: stage internal has baked 0s of 48h" in scene
    assert "+  stage: internal" in scene


def test_where_ten_thousand_users_go(played: Played) -> None:
    scene = played.scene("4.")
    went = [int(count.replace(",", "")) for count in re.findall(r"([\d,]+) get the candidate", scene)]
    assert went[0] == 200  # the employees
    for count, percent in zip(went, PERCENTS, strict=True):
        share = percent / 100
        assert abs(count - 200 - 9_800 * share) <= 4 * (9_800 * share * (1 - share)) ** 0.5, (count, percent)
    # nobody who has the candidate loses it on the way up
    assert re.findall(r"came in, (\d+) went back", scene) == ["0"] * 4
    assert all(f'+ "basisPoints": {100 * percent}' in scene for percent in PERCENTS[1:])


def test_rolled_back_at_once(played: Played) -> None:
    scene = played.scene("5.")
    assert f"{MOVING}: full (100 %) -> rolled-back (0 %): pull request #5 opened" in scene
    assert "0 came in, 10,000 went back" in scene
    assert "next   not yet: the migration was rolled back" in scene


def test_audit_and_status_work_in_the_repository_left_behind(played: Played) -> None:
    assert "every transition is proven by its record" in played.scene("6.")
    audit = played.run("audit", "--format", "json")
    assert audit.returncode == 0, audit.stderr
    told: dict[str, Any] = json.loads(audit.stdout)
    assert told["holds"]
    transitions = {one["runbook"]: one["transitions"] for one in told["runbooks"]}
    assert transitions[STOPPED] == []
    assert [(one["action"], one["to"]["stage"]) for one in transitions[MOVING]] == [
        *(("promote", stage) for stage in STAGES),
        ("rollback", "rolled-back"),
    ]
    assert all(one["simulated"] and one["record_simulated"] and not one["synthetic"] for one in transitions[MOVING])
    status = played.run("status", "--all")
    assert status.returncode == 0, status.stderr
    assert re.search(rf"^{MOVING} .*\n  now    rolled-back, 0 %", status.stdout, re.MULTILINE)
    assert re.search(rf"^{STOPPED} .*\n  now    planned, 0 %", status.stdout, re.MULTILINE)


def test_one_record_per_transition_marked_simulated(played: Played) -> None:
    line = plain_git(played.repository, "log", "--first-parent", "--reverse", "--format=%H", "main").splitlines()
    new = [
        [
            path
            for path in plain_git(
                played.repository, "diff", "--name-only", "--diff-filter=A", f"{commit}^1", commit
            ).splitlines()
            if path.startswith("records/")
        ]
        for commit in line[1:]
    ]
    assert new == [[f"records/{MOVING}/{number:06d}.json"] for number in range(1, 6)]
    for (path,) in new:
        predicate = json.loads((played.repository / path).read_text(encoding="utf-8"))["predicate"]
        assert predicate["simulated"] is True
        assert predicate["synthetic"] is False


def test_a_history_rewritten_by_hand_is_found(played: Played, tmp_path: Path) -> None:
    """So that the audit above is worth something: the same repository with one byte of a record changed."""
    plain_git(tmp_path, "clone", "--quiet", "--mirror", str(played.repository.parent / "hub.git"), "hub.git")
    work = tmp_path / "work"
    plain_git(tmp_path, "clone", "--quiet", "hub.git", "work")
    record = work / "records" / MOVING / "000002.json"
    record.write_text(record.read_text(encoding="utf-8").replace("Dana", "Dora"), encoding="utf-8")
    plain_git(work, "commit", "--quiet", "--all", "-m", "a small correction")
    plain_git(work, "push", "--quiet")
    audit = Played(played.demo, work).run("audit")
    assert audit.returncode == 1, audit.stdout
    assert "not proven" in audit.stdout


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_colour_is_for_terminals(tmp_path: Path, terminal: bool) -> None:
    kept = tmp_path / "kept"
    demo = watched([*TOWPATH, "demo", "--keep", str(kept)], tmp_path / "run", cwd=tmp_path, terminal=terminal)
    assert demo.code == 0, demo.output
    if terminal:
        assert demo.output.count("\x1b[") > 100
        assert re.search(r"\x1b\[3[16]m\x1b\[1mFAIL|\x1b\[31m", demo.output)
    else:
        assert "\x1b" not in demo.output


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine")
    demo = watched([*TOWPATH, "demo", "--keep", "kept"], tmp_path / "run", cwd=tmp_path)
    assert demo.code == 2
    assert "is not empty" in demo.output
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["mine.txt"]
