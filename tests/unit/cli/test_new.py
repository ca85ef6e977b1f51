"""`towpath new`: from flags, from answers typed at a terminal, and from another runbook."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from support.commands import Ran, runner
from support.runbooks import CLEAN, CLEAN_ID, CLEAN_PATH
from towpath.cli.new import new

FLAGS = (
    *("search-2026-11", "--feature", "search", "--baseline", "openai:gpt-4o-2024-08-06"),
    *("--candidate", "qwen2.5-coder-0.5b-q4_k_m", "--task", "refunds,load-bearing,margin=3pp"),
    *("--task", "orders,load-bearing", "--task", "chat", "--watch", "refunds", "--watch-why", "rare and dear"),
    *("--users", "42000", "--calls-per-day", "120000", "--suite", "offline=promptfoo:evals/results.json"),
    *("--owner", "@acme/search"),
)
ANSWERS = (
    "support\n"  # feature
    "\n"  # name of the migration
    "gpt-4o-2024-08-06\n"
    "gpt-5-2026-02-01\n"
    "4200\n"  # users
    "0\n12000\n"  # calls; 0 is asked again
    "Refunds!\nrefunds\ny\nfive\n3\n"  # a name and a margin that are refused first
    "smalltalk\nn\n"
    "\n"  # no more tasks
    "\n"  # the only one that matters is watched
    "rare, and every wrong answer costs money\n"
    "{suite}\n"
    "2.5/10\n"
    "\n"  # no price of the candidate
    "\n"  # reason
    "\n"  # owner
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Commands in an empty runbook repository."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "towpath.toml").write_text("simulated = true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOWPATH_NOW", "2026-11-23T12:00:00Z")
    monkeypatch.setenv("TOWPATH_ACTOR", "Ada <ada@example.org>")
    return runner(monkeypatch, capsys)


def without(flag: str) -> tuple[str, ...]:
    """The flags but one with its value."""
    at = FLAGS.index(flag)
    return FLAGS[:at] + FLAGS[at + 2 :]


def test_flags_write_a_runbook_that_lints_clean(run: Callable[..., Ran], tmp_path: Path) -> None:
    written = run("new", *FLAGS)
    assert written.code == 0, written.err
    assert "wrote runbooks/search-2026-11.yaml\n" in written.out
    linted = run("lint")
    assert linted.code == 0, linted.out
    data = json.loads(run("show", "search-2026-11", "--resolved", "--format", "json").out)
    assert [(stage["name"], stage["percent"], stage["bake"]) for stage in data["stages"]] == [
        ("internal", 0, "48h"),
        ("canary", 5, "72h"),
        ("half", 50, "7d"),
        ("full", 100, "14d"),
    ]
    for stage in data["stages"]:
        when = stage["rollback"]["when"]
        assert when["accuracy"] == {"metric": "quality", "tasks": "load_bearing", "worse_by": "5pp"}
        assert when["watch"] == {"metric": "quality", "tasks": "watch", "worse_by": "3pp"}
        assert [when[name]["over"] for name in ("latency", "tickets", "cost")] == ["2x", "2x", "2x"]
        assert when["cost"]["of"] == "expected"
    assert data["tasks"]["orders"]["margin"] == "5pp"
    assert data["tasks"]["chat"]["load_bearing"] is False
    assert data["arms"]["baseline"]["model"] == {"provider": "openai", "id": "gpt-4o-2024-08-06"}
    assert data["arms"]["candidate"]["model"] == {"provider": "local", "id": "qwen2.5-coder-0.5b-q4_k_m"}
    assert "draft" not in data
    assert (tmp_path / "runbooks" / "search-2026-11.yaml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (("--price", "gpt-4o-2024-08-06=2.5/10"), "price: {input: 2.5 USD/Mtok, output: 10 USD/Mtok, source"),
        (("--reason", "incident", "--incident", "INC-1"), "incidents: [INC-1]"),
        (("--incident", "INC-1"), "reason: incident"),
        (("--retires", "2028-01-31"), "retires: 2028-01-31"),
        (("--reason", "cost"), "reason: cost"),
        (("--suite", "more=generic:evals/more.csv"), "more: {adapter: generic, path: evals/more.csv}"),
    ],
)
def test_every_other_flag_is_written_and_lints_clean(
    run: Callable[..., Ran], more: tuple[str, ...], expected: str
) -> None:
    assert run("new", *FLAGS, *more).code == 0
    assert expected in Path("runbooks/search-2026-11.yaml").read_text(encoding="utf-8")
    linted = run("lint")
    assert linted.code == 0, linted.out


@pytest.mark.parametrize("why", ["no: it's #1 on the list", 'a "quoted" {brace} & more', "täglich 6 % – sehr teuer"])
def test_any_line_of_text_survives_being_written(run: Callable[..., Ran], why: str) -> None:
    assert run("new", *without("--watch-why"), "--watch-why", why).code == 0
    assert json.loads(run("show", "search-2026-11", "--format", "json").out)["watch"]["why"] == why


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (without("--candidate"), "missing: --candidate"),
        (("search-2026-11",), "missing: --feature, --baseline, --candidate, --task, --watch, --watch-why, --users"),
        ((*without("--watch"), "--watch", "chat"), "the watch task chat is not load-bearing"),
        ((*without("--watch"), "--watch", "refnds"), "--watch refnds is none of the tasks"),
        ((*FLAGS, "--task", "chat"), "--task chat is given twice"),
        ((*FLAGS, "--reason", "incident"), "--reason incident needs --incident"),
        ((*FLAGS, "--price", "gpt-4o=1/2"), "--price gpt-4o: neither baseline nor candidate is called so"),
        ((*without("--candidate"), "--candidate", "openai:gpt-4o-2024-08-06"), "are the same model"),
        ((*FLAGS, "--task", "x,margin=5pp"), "has a margin but is not load-bearing"),
        ((*FLAGS, "--task", "x,load-bearing,margin=5"), "is not a number of percentage points"),
        ((*FLAGS, "--task", "x,loadbearing"), "did you mean load-bearing?"),
        ((*FLAGS, "--task", "X"), "is no id"),
        ((*FLAGS, "--suite", "offline:promptfoo"), "is not NAME=ADAPTER:PATH"),
        ((*FLAGS, "--suite", "n=promptfo:x.json"), "did you mean promptfoo?"),
        ((*FLAGS, "--suite", "n=promptfoo:../x.json"), "is no path inside the repository"),
        ((*FLAGS, "--price", "gpt-4o-2024-08-06=cheap"), "is not MODEL=IN/OUT"),
        ((*FLAGS, "--price", "gpt-4o-2024-08-06=-1/2"), "is no price"),
        ((*FLAGS, "--owner", "two\nlines"), "write one line"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    run: Callable[..., Ran], arguments: tuple[str, ...], message: str
) -> None:
    refused = run("new", *arguments)
    assert refused.code == 2
    assert message in " ".join(refused.err.split())
    assert not Path("runbooks").exists()


def test_an_existing_file_or_id_is_not_overwritten(run: Callable[..., Ran]) -> None:
    assert run("new", *FLAGS).code == 0
    path = Path("runbooks/search-2026-11.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    again = run("new", *FLAGS)
    assert (again.code, "exists already" in again.err) == (2, True)
    path.rename("runbooks/other.yaml")
    taken = run("new", *FLAGS)
    assert (taken.code, "is taken by runbooks/other.yaml" in taken.err) == (2, True)
    assert Path("runbooks/other.yaml").read_text(encoding="utf-8").endswith("# mine\n")


def test_without_a_suite_it_is_a_draft_with_named_gaps_that_stays_planned(run: Callable[..., Ran]) -> None:
    written = run("new", *without("--suite"))
    assert written.code == 0
    assert "a draft" in written.out
    assert "names no suite" in written.out
    linted = run("lint", "--format", "json")
    assert linted.code == 1
    assert [(one["rule"], one["severity"]) for one in json.loads(linted.out)["findings"]] == [
        ("known-suite", "warning")
    ]
    gate = run("gate", "search-2026-11")
    assert gate.code == 2
    assert "draft" in gate.out + gate.err


def test_a_dry_run_prints_what_would_be_written(run: Callable[..., Ran]) -> None:
    shown = run("new", *FLAGS, "--dry-run")
    assert shown.code == 0
    assert not Path("runbooks").exists()
    assert run("new", *FLAGS).code == 0
    assert Path("runbooks/search-2026-11.yaml").read_text(encoding="utf-8") == shown.out


def test_json_names_the_file_and_its_gaps(run: Callable[..., Ran]) -> None:
    answer = json.loads(run("new", *without("--suite"), "--format", "json").out)
    assert (answer["path"], answer["written"], answer["draft"]) == ("runbooks/search-2026-11.yaml", True, True)
    assert [gap["rule"] for gap in answer["findings"]] == ["known-suite"]


@pytest.mark.parametrize(("suite", "draft"), [("evals/results.json", False), ("", True)])
def test_questions_make_the_same_kind_of_runbook(run: Callable[..., Ran], suite: str, draft: bool) -> None:
    asked = CliRunner().invoke(new, ["--ask"], input=ANSWERS.format(suite=suite), standalone_mode=False)
    assert asked.return_value == 0, asked.output
    assert "Of 100 refunds questions, how many extra mistakes could you accept?" in asked.output
    data = json.loads(run("show", "support-2026-11", "--format", "json").out)
    assert data["tasks"] == {"refunds": {"margin": "3pp"}, "smalltalk": {"load_bearing": False}}
    assert data["watch"] == {"task": "refunds", "why": "rare, and every wrong answer costs money"}
    assert data["feature"] == {"name": "support", "users_per_month": 4200, "calls_per_day": 12000}
    assert data["arms"]["baseline"]["price"]["input"] == "2.5 USD/Mtok"
    assert data["owners"] == ["Ada <ada@example.org>"]
    assert data.get("draft", False) is draft
    assert run("lint").code == int(draft)


def test_stopping_in_the_middle_writes_nothing(run: Callable[..., Ran]) -> None:
    stopped = CliRunner().invoke(new, ["--ask"], input="support\n\n", standalone_mode=False)
    assert stopped.exception is not None
    assert not Path("runbooks").exists()


def test_at_a_terminal_without_flags_it_asks(run: Callable[..., Ran], tmp_path: Path) -> None:
    typed = ANSWERS.format(suite="evals/results.json").encode()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "towpath.cli.main", "new"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path
    ) as process:
        os.close(theirs)
        os.write(ours, typed)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end was closed
                break
            if not part:
                break
            seen += part
        process.wait(timeout=30)
    os.close(ours)
    assert process.returncode == 0, seen.decode()
    assert b"\x1b[1mWhich feature of your product changes its model?" in seen
    assert (tmp_path / "runbooks" / "support-2026-11.yaml").is_file()
    assert run("lint").code == 0


def test_a_successor_keeps_what_was_said_and_starts_anew(run: Callable[..., Ran]) -> None:
    source = Path(CLEAN_PATH)
    source.parent.mkdir()
    source.write_text(
        CLEAN.replace("smalltalk:", "# nobody is hurt\n  smalltalk:").replace("stage: planned", "stage: done"), "utf-8"
    )
    made = run("new", "support-2027", "--from", CLEAN_ID, "--candidate", "qwen2.5-coder-1.5b-q4_k_m", "--owner", "@b")
    assert made.code == 0, made.err
    text = Path("runbooks/support-2027.yaml").read_text(encoding="utf-8")
    changed = [line for line in text.splitlines() if line not in source.read_text("utf-8").splitlines()]
    assert changed == [
        "id: support-2027",
        "title: support-triage moves from qwen2.5-coder-0.5b-q4_k_m to qwen2.5-coder-1.5b-q4_k_m",
        "owners: ['@b']",
        "cohort: {unit: user, salt: support-2027}",
        "    model: {provider: local, id: qwen2.5-coder-1.5b-q4_k_m}",
        "    price: {catalog: 2026-11-23}",
        "  stage: planned",
    ]
    assert "# nobody is hurt" in text


def test_a_successor_needs_a_source_that_is_there_and_a_new_model(run: Callable[..., Ran]) -> None:
    Path(CLEAN_PATH).parent.mkdir()
    Path(CLEAN_PATH).write_text(CLEAN, encoding="utf-8")
    assert run("new", "b-2027", "--from", "nothing", "--candidate", "m").code == 2
    assert run("new", "b-2027", "--from", CLEAN_ID).code == 2
    same = run("new", "b-2027", "--from", CLEAN_ID, "--candidate", "qwen2.5-coder-0.5b-q4_k_m")
    assert (same.code, "same model" in same.err) == (2, True)
    assert sorted(os.listdir("runbooks")) == [Path(CLEAN_PATH).name]
