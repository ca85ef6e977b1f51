"""Writes many realistic runbooks, some with a defect, for measuring lint: about 140 lines each, no two alike."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = ("support-bot", "search-rerank", "doc-summary", "code-review", "mail-triage", "kb-answers", "ticket-router")
MODELS = (
    "alpha-3-small-2026-03",
    "alpha-3-large-2026-03",
    "beta-2-mini-2026-01",
    "beta-2-pro-2026-01",
    "gamma-1-2025-11",
)
TASKS = (
    "refunds",
    "routing",
    "order-number",
    "urgency",
    "language",
    "tone",
    "summary",
    "citations",
    "refusal",
    "dates",
)
TEAMS = ("platform-ml", "search", "support-eng", "risk", "docs")
WORDS = (
    *("the", "prompt", "template", "keeps", "tool", "calls", "short", "so", "token", "budgets", "hold", "while"),
    *("latency", "stays", "inside", "target", "and", "reviewers", "see", "drift", "early", "enough", "to", "act"),
)
DEFECTS = ("missing-cost", "bare-number", "unknown-key", "wrong-value", "duplicate-key")


def write_runbooks(folder: Path, count: int, *, today: date, seed: int = 7, bad: float = 0.1) -> int:
    """Write `count` files below `folder/runbooks`; returns how many have a defect."""
    chance = random.Random(seed)
    (folder / "runbooks").mkdir(parents=True, exist_ok=True)
    (folder / "towpath.toml").write_text("", encoding="utf-8")
    broken = 0
    for number in range(count):
        defect = chance.choice(DEFECTS) if chance.random() < bad else ""
        broken += bool(defect)
        text = runbook_text(chance, number, today, defect)
        (folder / "runbooks" / f"migration-{number:04d}.yaml").write_text(text, encoding="utf-8")
    for name in ("system", "tools"):
        (folder / "prompts").mkdir(exist_ok=True)
        (folder / "prompts" / f"{name}.md").write_text("Be kind.\n", encoding="utf-8")
    return broken


def runbook_text(chance: random.Random, number: int, today: date, defect: str = "") -> str:
    """One runbook."""
    service = chance.choice(SERVICES)
    old, new = chance.sample(MODELS, 2)
    tasks = chance.sample(TASKS, 6)
    lines = [
        f"# Runbook {number:04d}: {service}",
        "apiVersion: towpath/v1",
        "kind: Runbook",
        f"id: migration-{number:04d}",
        f'title: "{service}: {old} to {new}"',
        f"reason: {'upgrad' if defect == 'wrong-value' else 'upgrade'}",
        f'owners: ["@acme/{chance.choice(TEAMS)}"]',
        *(["ownres: nobody"] if defect == "unknown-key" else []),
        "",
        "feature:",
        f"  name: {service}-{number:04d}",
        f"  users_per_month: {chance.randrange(1000, 90000)}",
        f"  calls_per_day: {chance.randrange(1000, 200000)}",
        "cohort:",
        "  unit: user",
        f"  salt: migration-{number:04d}",
        "",
        "arms:",
        *_arm(chance, "baseline", old, today, f", retires: {today + timedelta(days=400)}"),
        *_arm(chance, "candidate", new, today, ""),
        "",
        "tasks:",
        *(f"  {task}: {{margin: {chance.randrange(2, 9)}pp}}" for task in tasks[:-1]),
        *([f"  {tasks[0]}: {{margin: 9pp}}"] if defect == "duplicate-key" else []),
        f"  {tasks[-1]}: {{load_bearing: false}}",
        "watch:",
        f"  task: {tasks[0]}",
        "  why: >-",
        f"    {_sentence(chance, 14)}",
        f"    {_sentence(chance, 12)}.",
        "",
        *_sources(service, number),
        *_checks(chance, defect),
        "stages:",
    ]
    for index, (name, percent, bake) in enumerate(
        (("internal", 0, "48h"), ("canary", 5, "72h"), ("half", 50, "7d"), ("full", 100, "14d"))
    ):
        lines += _stage(chance, index, name, percent, bake, defect)
    lines += ["", "rollout: # the only block a bot edits", "  stage: planned", "  percent: 0", "  hold: null", ""]
    return "\n".join(lines)


def _arm(chance: random.Random, name: str, model: str, today: date, retires: str) -> list[str]:
    return [
        f"  {name}:",
        f"    model: {{provider: acme-models, id: {model}{retires}}}",
        "    prompts: [prompts/system.md, prompts/tools.md]",
        f"    params: {{temperature: 0.{chance.randrange(9)}, max_tokens: {chance.randrange(64, 512)}}}",
        "    price:",
        f"      input: {chance.uniform(0.1, 3):.2f} USD/Mtok",
        f"      output: {chance.uniform(0.4, 9):.2f} USD/Mtok",
        "      source: price list  # looked up by hand",
        f"      as_of: {today - timedelta(days=chance.randrange(1, 20))}",
    ]


def _sources(service: str, number: int) -> list[str]:
    return [
        "suites:",
        "  offline:",
        "    adapter: promptfoo",
        f"    path: evals/{service}/results-{number:04d}.json",
        "    id_from: metadata.id",
        "    task_from: metadata.task",
        "metrics:",
        "  default: {source: prometheus, url_env: PROMETHEUS_URL}",
        '  support_tickets: {source: table, path: "metrics/tickets/*.parquet", better: lower}',
        f"exports: [{{target: flagd, path: flags/{service}-{number:04d}.flagd.json}}]",
        "notify:",
        "  page: env:PAGER_URL",
        "  chat: env:CHAT_URL",
        "",
    ]


def _checks(chance: random.Random, defect: str) -> list[str]:
    worse = "0.05" if defect == "bare-number" else "5pp"
    return [
        "checks:",
        "  eval:",
        "    standard:",
        "      suite: offline",
        "      confidence: 95%",
        "      max_evidence_age: 30d",
        "      require:",
        "        quality: non_inferior",
        "        latency_p50: {at_most: 1.5x}",
        "        latency_p99: {at_most: 2x}",
        "  cost:",
        "    standard:",
        f"      total_increase: {{at_most: {chance.randrange(5, 40)}%}}",
        f"      budget: {chance.randrange(1000, 90000)} USD/month",
        "      volumes: [1x, 2x]",
        "  rollback:",
        "    standard:",
        "      to: baseline",
        "      alpha: 5%",
        "      when:",
        f"        accuracy: {{metric: quality, tasks: load_bearing, worse_by: {worse}}}",
        "        watch: {metric: quality, tasks: watch, worse_by: 3pp}",
        "        latency: {metric: latency_p99, over: 2x}",
        "        errors: {metric: error_rate, over: 2x, min_count: 20}",
        "        tickets: {metric: support_tickets, per: user, over: 2x}",
        "        cost: {metric: cost_per_call, over: 2x, of: expected}",
        "      no_data: {after: 500 expected calls, then: hold}",
        "",
    ]


def _stage(chance: random.Random, index: int, name: str, percent: int, bake: str, defect: str) -> list[str]:
    lines = [f"  - name: {name}"]
    lines += ["    segments: [employees]"] if index == 0 else []
    lines += [f"    percent: {percent}", f"    bake: {bake}  # {_sentence(chance, 4)}"]
    if index in (1, 2):
        lines += [
            "    compare:",
            "      control: concurrent",
            "      metrics: [activation, satisfaction, support_tickets]",
        ]
    lines += ["    control: frozen"] if index == 3 else []
    lines += ["    eval: standard"]
    lines += [] if defect == "missing-cost" and index == 2 else ["    cost: standard"]
    return [*lines, "    rollback: standard"]


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words))
