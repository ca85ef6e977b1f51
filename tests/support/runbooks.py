"""One complete, clean runbook, and repositories in memory made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

from towpath.model.snapshot import MappedFiles, Settings, Snapshot

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The moment of every example."""

CLEAN_ID = "support-triage-2026-11"
CLEAN_PATH = f"runbooks/{CLEAN_ID}.yaml"

CLEAN = """\
apiVersion: towpath/v1
kind: Runbook
id: support-triage-2026-11
title: Support triage moves from SmolLM2 135M to Qwen2.5-Coder 0.5B
reason: upgrade
owners: ["@acme/support-ai"]
feature: {name: support-triage, users_per_month: 42000, calls_per_day: 120000}
cohort: {unit: user, salt: support-triage-2026-11}
arms:
  baseline:
    model: {provider: local, id: smollm2-135m-q4_1, retires: 2027-06-30}
    prompts: [prompts/triage.md]
    price: {input: 0.10 USD/Mtok, output: 0.40 USD/Mtok, source: illustrative, as_of: 2026-11-01}
  candidate:
    model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}
    prompts: [prompts/triage.md]
    price: {input: 0.12 USD/Mtok, output: 0.45 USD/Mtok, source: illustrative, as_of: 2026-11-01}
tasks:
  refund-eligibility: {margin: 3pp}
  ticket-routing: {margin: 5pp}
  order-number: {margin: 5pp}
  harmful-request: {margin: 2pp, metric: refusal, better: higher}
  smalltalk: {load_bearing: false}
watch:
  task: refund-eligibility
  why: >-
    6 % of traffic, so a 10-point drop moves the aggregate by 0.6 points, inside its noise; wrong answers cost money.
suites:
  offline: {adapter: promptfoo, path: evals/results.json, id_from: metadata.id, task_from: metadata.task}
metrics:
  default: {source: prometheus, url_env: PROMETHEUS_URL}
  support_tickets: {source: table, path: "metrics/tickets/*.parquet", better: lower}
exports: [{target: flagd, path: flags/support-triage.flagd.json}]
notify: {page: env:PAGER_URL, chat: env:CHAT_URL}
checks:
  eval:
    standard:
      suite: offline
      confidence: 95%
      max_evidence_age: 30d
      require:
        quality: non_inferior
        latency_p50: {at_most: 1.5x}
        latency_p99: {at_most: 2x}
  cost:
    standard:
      total_increase: {at_most: 10%}
      per_user_increase: {at_most: 0.01 USD/month}
      budget: 20000 USD/month
      volumes: [1x, 2x]
  rollback:
    standard:
      to: baseline
      alpha: 5%
      when:
        accuracy: {metric: quality, tasks: load_bearing, worse_by: 5pp}
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        latency: {metric: latency_p99, over: 2x}
        errors: {metric: error_rate, over: 2x, min_count: 20}
        tickets: {metric: support_tickets, per: user, over: 2x}
        cost: {metric: cost_per_call, over: 2x, of: expected}
      no_data: {after: 500 expected calls, then: hold}
stages:
  - name: internal
    segments: [employees]
    percent: 0
    bake: 48h
    review: {by: "@acme/support-leads", sample: 50, at_most: 2 serious}
    eval: standard
    cost: standard
    rollback: standard
  - name: canary
    percent: 5
    bake: 72h
    compare: {control: concurrent, metrics: [activation, satisfaction, support_tickets]}
    eval: standard
    cost: standard
    rollback: standard
  - name: half
    percent: 50
    bake: 7d
    compare: {control: concurrent, metrics: [activation, satisfaction, support_tickets], significance: 5%}
    eval: standard
    cost: standard
    rollback: standard
  - name: full
    percent: 100
    bake: 14d
    control: frozen
    eval: standard
    cost: standard
    rollback: standard
rollout:
  stage: planned
  percent: 0
  hold: null
"""

AROUND: dict[str, bytes] = {
    "prompts/triage.md": b"Sort the ticket.\n",
}
"""Files a complete repository has beside its runbook."""


def laid_over(fragment: str, without: tuple[str, ...] = ()) -> str:
    """The clean runbook with the fragment's top-level keys instead of its own; the fragment's lines come first."""
    mine = dedent(fragment)
    replaced = {*_blocks(mine), *without}
    rest = "".join(text for key, text in _blocks(CLEAN).items() if key not in replaced)
    return mine + ("" if mine.endswith("\n") or not mine else "\n") + rest


def snapshot(
    files: dict[str, str | bytes] | None = None,
    *,
    before: dict[str, str | bytes] | None = None,
    now: datetime = NOW,
    settings: Settings | None = None,
) -> Snapshot:
    """A repository in memory: the given files beside the prompts; with `before`, these are its base revision."""
    return Snapshot(
        files=_mapped(files if files is not None else {CLEAN_PATH: CLEAN}),
        base=None if before is None else _mapped(before),
        now=now,
        settings=settings or Settings(),
    )


def _mapped(files: dict[str, str | bytes]) -> MappedFiles:
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return MappedFiles({**AROUND, **contents})


def _blocks(text: str) -> dict[str, str]:
    """Top-level keys and their whole text, in order; comments before the first key are left out."""
    blocks: dict[str, str] = {}
    key = ""
    for line in text.splitlines(keepends=True):
        if line[:1].isalpha() and ":" in line:
            key = line.partition(":")[0]
            blocks[key] = ""
        if key:
            blocks[key] += line
    return blocks
