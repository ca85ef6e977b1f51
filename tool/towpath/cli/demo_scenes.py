"""The scenes of the demo, in order. What the evidence says decides how far each migration goes; nothing is staged."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from typing import TYPE_CHECKING

import click

from towpath.cli.demo_stage import Stage, heading, say
from towpath.document.loading import find_runbook
from towpath.gate.entering import gate_for
from towpath.model.snapshot import Settings, Snapshot
from towpath.model.verdict import Verdict
from towpath.traffic.routing import routing_of

if TYPE_CHECKING:
    from pathlib import Path

    from towpath.model.runbook import Runbook
    from towpath.model.verdict import GateReport

STOPPED = "support-triage-2026-11"
MOVING = "order-desk-2026-12"
SHOWN = "synthetic-2026-12"
USERS = [f"user-{number:05d}" for number in range(10_000)]
EMPLOYEES = 200
"""The first so many users belong to the segment `employees`."""

RECORDED = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
"""Where the demo's clock starts: after the recording, whenever the demo is played."""

_JUDGED = (0, 1, 3)
"""What the gate may say of real evidence; an error is no answer."""


def play(folder: Path) -> int:
    """Every scene; 0 when all went as the evidence says."""
    stage = Stage.build(folder, RECORDED)
    _lint(stage)
    _import(stage)
    _stop(stage)
    if _climb(stage, MOVING) is not Verdict.PASS:
        _synthetic(stage)
    _roll_back(stage)
    code = _audit(stage)
    _goodbye(stage)
    return code


def _lint(stage: Stage) -> None:
    heading("1. Two migrations, written down and checked")
    stage.run("lint")
    say("The same runbook with what goes wrong by hand: a bare number for a margin, a rollout that stands at 25 % in a")
    say("stage of 50 %, a watch task nobody declared, and no way back:")
    source = stage.work / "runbooks" / f"{STOPPED}.yaml"
    broken = source.with_name("broken-2026-11.yaml")
    broken.write_text(break_runbook(source.read_text(encoding="utf-8")), encoding="utf-8")
    stage.run("lint", "runbooks/broken-2026-11.yaml", expect=(1,))
    broken.unlink()


def break_runbook(text: str) -> str:
    """The runbook as somebody in a hurry would leave it."""
    changes = (
        (STOPPED, "broken-2026-11"),
        ("name: support-triage,", "name: other-feature,"),
        ("flags/support-triage", "flags/other-feature"),
        ("  ticket-routing: {margin: 10pp}", "  ticket-routing: {margin: 0.1}"),
        ("  task: refund-approval", "  task: refund-aproval"),
        ("      to: baseline\n", ""),
        ("  stage: planned\n  percent: 0", "  stage: half\n  percent: 25"),
    )
    for old, new in changes:
        text = text.replace(old, new)
    return text


def _import(stage: Stage) -> None:
    heading("2. Results recorded on real models, imported as evidence")
    say("Three small models answered 1,050 support messages each; promptfoo recorded the first pair. See RECORDING.md.")
    stage.run("evidence", "import", STOPPED, "--suite", "offline")
    stage.run("evidence", "import", MOVING, "--suite", "offline")
    stage.commit("Runbooks and their evidence")


def _stop(stage: Stage) -> None:
    heading("3. A migration that is better on average, and stopped")
    stage.run("gate", STOPPED, expect=_JUDGED)
    stage.run("promote", STOPPED, expect=_JUDGED)


def _climb(stage: Stage, name: str) -> Verdict:
    """Promote as far as the gate lets it; the verdict that ended the climb, or pass when it is at 100 %."""
    heading(f"4. Stage by stage: {name}")
    stage.run("gate", name, expect=_JUDGED)
    while True:
        runbook, report = _look(stage, name)
        if report is None:
            return Verdict.PASS
        if report.verdict is not Verdict.PASS:
            say(f"The evidence stops it before {report.stage}; nothing is promoted:")
            stage.run("promote", name, expect=_JUDGED)
            return report.verdict
        before, lines = _arms(runbook), _flag_file(stage, runbook)
        if runbook.rollout.stage != "planned":
            current = runbook.stage(runbook.rollout.stage)
            bake = current.bake if current is not None and current.bake is not None else timedelta(0)
            if runbook.rollout.stage == "internal":
                say("Too early, the stage has not baked:")
                stage.run("promote", name, expect=(3,))
            say(f"... {bake.days} days later ...")
            stage.wait(bake)
        stage.run("promote", name)
        number = _newest(stage)
        if runbook.rollout.stage == "planned":
            say("The pull request as a reviewer reads it, and its change of the runbook (the rest: record, flag file):")
            stage.run("pr", "show", number)
            stage.run("pr", "diff", number, "runbooks")
        stage.run("pr", "merge", number)
        stage.pull()
        _show_traffic(stage, _look(stage, name)[0], before, lines)


def _look(stage: Stage, name: str) -> tuple[Runbook, GateReport | None]:
    from towpath.cli.context import FolderFiles

    snapshot = Snapshot(files=FolderFiles(stage.work), now=stage.now, settings=Settings(simulated=True))
    runbook = find_runbook(snapshot, name).runbook
    assert runbook is not None  # find_runbook raises instead
    if runbook.rollout.stage == runbook.stages[-1].name:
        return runbook, None
    return runbook, gate_for(snapshot, runbook)


def _newest(stage: Stage) -> str:
    from towpath.forge.local import LocalForge

    return str(LocalForge(stage.work.parent / "hub.git").list("open")[0].number)


def _arms(runbook: Runbook) -> set[str]:
    """The users that get the candidate."""
    cohort = routing_of(runbook, RECORDED.date()).cohort
    segments = [("employees",) if number < EMPLOYEES else () for number in range(len(USERS))]
    return {user for user, own in zip(USERS, segments, strict=True) if cohort.arm(user, own) == "candidate"}


def _flag_file(stage: Stage, runbook: Runbook) -> list[str]:
    """The lines of the runbook's flag file; none while there is no file."""
    path = stage.work / runbook.exports[0].path
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _show_traffic(stage: Stage, runbook: Runbook, before: set[str], lines: list[str]) -> None:
    after = _arms(runbook)
    click.echo(f"{runbook.exports[0].path}, and where 10,000 users go now:")
    for line in unified_diff(lines, _flag_file(stage, runbook), n=0) if lines else ():
        if not line.startswith(("---", "+++", "@@")):
            click.echo("  " + click.style(f"{line[0]} {line[1:].strip()}", fg={"+": "green", "-": "red"}.get(line[0])))
    filled = round(40 * len(after) / len(USERS))
    bar = click.style("█" * filled, fg="green") + click.style("░" * (40 - filled), fg="blue")
    inside = len(after.intersection(USERS[:EMPLOYEES]))
    employees = f" ({inside} of them employees)" if inside else ""
    click.echo(f"  {bar}  {len(after):,} get the candidate{employees}")
    click.echo(f"  {len(after - before):,} came in, {len(before - after):,} went back")
    click.echo()


def _synthetic(stage: Stage) -> None:
    """The full way to 100 %, on results that a program made up and everything says so."""
    heading("4b. The way to 100 %, on SYNTHETIC results")
    say("No measured pair passes every stage. To show the way up, a third runbook gets results made by a program;")
    say("they are called synthetic on the screen, in the evidence and in every record.")
    source = (stage.work / "runbooks" / f"{MOVING}.yaml").read_text(encoding="utf-8")
    text = source.replace(MOVING, SHOWN).replace("order-desk", "synthetic-feature")
    text = text.replace("title: Order desk", "title: SYNTHETIC example")
    head, _, _ = text.partition("\nrollout:")
    text = head + "\nrollout:\n  stage: planned\n  percent: 0\n  hold: null\n"
    (stage.work / "runbooks" / f"{SHOWN}.yaml").write_text(text, encoding="utf-8")
    results = stage.work / "evals" / "synthetic-feature" / "results.jsonl"
    results.parent.mkdir(parents=True)
    results.write_text("".join(made_up(stage)), encoding="utf-8")
    stage.run("evidence", "import", SHOWN, "--suite", "offline", "--synthetic")
    stage.commit("A synthetic pair, for show")
    _climb(stage, SHOWN)


def made_up(stage: Stage) -> list[str]:
    """Results of a pair that is level: every example answered alike, the candidate somewhat slower."""
    examples = [json.loads(line) for line in (stage.work / "suite" / "examples.jsonl").read_text("utf-8").splitlines()]
    at = (stage.now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = []
    for number, example in enumerate(examples):
        for model, slower in (("qwen2.5-coder-0.5b-q4_k_m", 1.0), ("qwen2.5-coder-1.5b-q4_k_m", 1.6)):
            row = {
                "example_id": example["id"],
                "task": example["task"],
                "model": model,
                "score": int(number % 5 != 0),
                "latency_ms": round((400 + number % 97) * slower, 1),
                "input_tokens": 100 + number % 13,
                "output_tokens": 3,
                "error": "",
                "measured_at": at,
            }
            lines.append(json.dumps(row) + "\n")
    return lines


def _roll_back(stage: Stage) -> None:
    heading("5. Three in the morning: back, at once")
    name = next((name for name in (SHOWN, MOVING) if _moved(stage, name)), None)
    if name is None:
        say("Nothing has moved, so there is nothing to roll back.")
        return
    runbook = _look(stage, name)[0]
    before, lines = _arms(runbook), _flag_file(stage, runbook)
    stage.wait(timedelta(hours=5))
    stage.run("rollback", name, "--reason", "support tickets doubled")
    stage.run("pr", "merge", _newest(stage))
    stage.pull()
    _show_traffic(stage, _look(stage, name)[0], before, lines)
    say("Promotions are blocked until somebody resumes:")
    stage.run("status", name)


def _moved(stage: Stage, name: str) -> bool:
    if not (stage.work / "runbooks" / f"{name}.yaml").is_file():
        return False
    return _look(stage, name)[0].rollout.stage not in ("planned", "rolled-back", "done")


def _audit(stage: Stage) -> int:
    heading("6. A year later: who decided, on what")
    return stage.run("audit", expect=(0, 1))


def _goodbye(stage: Stage) -> None:
    heading("That was it")
    click.echo(f"The repository is yours: {stage.work}")
    click.echo("Try there, with the demo's clock:")
    click.echo(f"  cd {stage.work}")
    click.echo(f"  export TOWPATH_NOW={stage.now.strftime('%Y-%m-%dT%H:%M:%SZ')}")
    click.echo("  towpath status --all          where everything stands")
    click.echo("  towpath pr list --all         the pull requests that were merged")
    click.echo("  git log --first-parent        the history the audit read")
    click.echo("Your own: towpath init my-runbooks, then towpath new")
