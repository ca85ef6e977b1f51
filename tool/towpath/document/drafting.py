"""Answers to a few questions -> the text of a complete runbook.

What nobody answered gets a value that is safe to start from, and a comment that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from towpath.document.scalar_text import value_text

if TYPE_CHECKING:
    from datetime import date

DEFAULT_MARGIN = Decimal(5)
"""Percentage points a load-bearing task may lose when nobody said."""

_GUESSED_TOKENS = (1_000, 250)
"""Input and output tokens of a call that the first budget assumes."""

_GUESSED_CALL = Decimal("0.002")
"""USD a call that the first budget assumes when no price is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """A kind of work.

    Attributes:
        margin: percentage points it may lose; None for a task that is not load-bearing.
    """

    id: str
    load_bearing: bool
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteAnswer:
    """An evaluation: which tool wrote which file."""

    name: str
    adapter: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAnswer:
    """USD per million tokens."""

    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a new runbook is made of.

    Attributes:
        watch: the task most likely to get worse without showing in the average; empty in a draft.
        suites: none makes a draft.
        prices: model -> its price; a model that is missing is looked up in the price catalogue of `today`.
        retires: when the baseline is switched off.
    """

    id: str
    feature: str
    baseline: str
    candidate: str
    tasks: tuple[TaskAnswer, ...]
    watch: str
    watch_why: str
    users_per_month: int
    calls_per_day: int
    today: date
    suites: tuple[SuiteAnswer, ...] = ()
    prices: tuple[tuple[str, PriceAnswer], ...] = ()
    reason: str = "upgrade"
    owners: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    retires: date | None = None

    @property
    def draft(self) -> bool:
        """Whether something is missing without which no stage can be judged."""
        return not self.suites or not self.watch or not self.watch_why


def runbook_text(answers: Answers) -> str:
    """The runbook, with the four stages internal, 5 %, 50 % and 100 %.

    Raises:
        ValueError: an answer holds what YAML cannot write.
    """
    parts = (_head(answers), _arms(answers), _tasks(answers), _sources(answers), _checks(answers), _STAGES, _ROLLOUT)
    return "\n".join(parts)


def split_model(name: str) -> tuple[str, str]:
    """`provider:model` -> both; without a known provider in front, the provider is told from the model's name."""
    provider, colon, rest = name.partition(":")
    if colon and rest and provider.lower() in _PROVIDERS:
        return provider.lower(), rest
    for start, owner in _FAMILIES:
        if name.lower().startswith(start):
            return owner, name
    return "local", name


_HOSTED = ("openai", "azure", "anthropic", "google", "vertex", "bedrock", "mistral", "cohere", "xai", "deepseek")
_SERVED = ("groq", "together", "fireworks", "openrouter", "huggingface", "ollama", "vllm", "local")
_PROVIDERS = frozenset((*_HOSTED, *_SERVED))
_FAMILIES = (
    ("gpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("claude", "anthropic"),
    ("gemini", "google"),
    ("mistral-", "mistral"),
    ("command-", "cohere"),
    ("grok", "xai"),
    ("deepseek-", "deepseek"),
)


def _head(answers: Answers) -> str:
    owners = ", ".join(value_text(owner) for owner in answers.owners)
    lines = [
        "apiVersion: towpath/v1",
        "kind: Runbook",
        f"id: {value_text(answers.id)}",
        f"title: {value_text(_title(answers))}",
        f"reason: {value_text(answers.reason)} # upgrade | cost | deprecation | incident | compliance",
    ]
    if answers.incidents:
        lines.append(f"incidents: [{', '.join(map(value_text, answers.incidents))}]")
    if answers.draft:
        lines.append(
            "draft: true # something is missing: `towpath lint` names it; take this line away when it is there"
        )
    users, calls = answers.users_per_month, answers.calls_per_day
    lines += [
        f"owners: [{owners}]",
        "",
        f"feature: {{name: {value_text(answers.feature)}, users_per_month: {users}, calls_per_day: {calls}}}",
        f"cohort: {{unit: user, salt: {value_text(answers.id)}}} # the salt stays as it is for the whole migration",
        "",
    ]
    return "\n".join(lines)


def _title(answers: Answers) -> str:
    title = f"{answers.feature} moves from {split_model(answers.baseline)[1]} to {split_model(answers.candidate)[1]}"
    return title if len(title) <= 200 else f"{title[:197]}..."


def _arms(answers: Answers) -> str:
    lines = ["arms: # all that changes together; add prompts, tools and params where they belong to the change"]
    for arm, name in (("baseline", answers.baseline), ("candidate", answers.candidate)):
        provider, model = split_model(name)
        retires = f", retires: {answers.retires}" if arm == "baseline" and answers.retires else ""
        lines += [
            f"  {arm}:",
            f"    model: {{provider: {value_text(provider)}, id: {value_text(model)}{retires}}}",
            f"    price: {_price(answers, name)}",
        ]
    return "\n".join([*lines, ""])


def _price(answers: Answers, name: str) -> str:
    price = _price_of(answers, name)
    if price is None:
        return f"{{catalog: {answers.today}}} # or pin it: {{input: 0.10 USD/Mtok, output: 0.40 USD/Mtok, ...}}"
    amounts = f"input: {price.input:f} USD/Mtok, output: {price.output:f} USD/Mtok"
    return f"{{{amounts}, source: price list, as_of: {answers.today}}}"


def _price_of(answers: Answers, name: str) -> PriceAnswer | None:
    known = dict(answers.prices)
    return known.get(name) or known.get(split_model(name)[1])


def _tasks(answers: Answers) -> str:
    lines = ["tasks: # margin: the largest loss that is still acceptable, in percentage points"]
    for task in answers.tasks:
        value = f"{{margin: {margin_text(task)}}}" if task.load_bearing else "{load_bearing: false}"
        lines.append(f"  {value_text(task.id)}: {value}")
    if answers.watch:
        lines += ["", "watch: # the one task most likely to get worse without showing in the average"]
        lines.append(f"  task: {value_text(answers.watch)}")
        if answers.watch_why:
            lines.append(f"  why: {value_text(answers.watch_why)}")
    return "\n".join([*lines, ""])


def margin_text(task: TaskAnswer) -> str:
    """The margin as a runbook writes it."""
    return f"{DEFAULT_MARGIN if task.margin is None else task.margin:f}pp"


def _sources(answers: Answers) -> str:
    lines = []
    if answers.suites:
        lines.append("suites: # which evaluation wrote which file")
        for suite in answers.suites:
            value = value_text({"adapter": suite.adapter, "path": suite.path})
            lines.append(f"  {value_text(suite.name)}: {value}")
        lines.append("")
    path = f"flags/{answers.feature}.flagd.json"
    lines += [
        "metrics: # where live numbers come from",
        "  default: {source: prometheus, url_env: PROMETHEUS_URL}",
        '  support_tickets: {source: table, path: "metrics/tickets/*.parquet", better: lower}',
        f"exports: [{{target: flagd, path: {value_text(path)}}}]",
        "",
    ]
    return "\n".join(lines)


def _checks(answers: Answers) -> str:
    suite = f"      suite: {value_text(answers.suites[0].name)}\n" if answers.suites else ""
    watched = next((task for task in answers.tasks if task.id == answers.watch), None)
    budget, basis = first_budget(answers)
    watch = f"        watch: {{metric: quality, tasks: watch, worse_by: {margin_text(watched)}}}\n" if watched else ""
    return _CHECKS.format(suite=suite, watch=watch, budget=budget, basis=basis)


def first_budget(answers: Answers) -> tuple[int, str]:
    """USD a month to start from, and what it assumes: the dearer model at twice the volume, with a tenth to spare."""
    prices = [price for name in (answers.baseline, answers.candidate) if (price := _price_of(answers, name))]
    tokens_in, tokens_out = _GUESSED_TOKENS
    if prices:
        call = max(price.input * tokens_in + price.output * tokens_out for price in prices) / 1_000_000
        basis = f"assumes {tokens_in} tokens in and {tokens_out} out per call"
    else:
        call, basis = _GUESSED_CALL, f"assumes {_GUESSED_CALL} USD per call"
    return _rounded_up(call * answers.calls_per_day * 30 * 2 * Decimal("1.1")), basis


def _rounded_up(amount: Decimal) -> int:
    """Two significant digits, never less than 1."""
    whole = max(1, int(amount.to_integral_value(rounding="ROUND_CEILING")))
    step = int(10 ** max(0, len(str(whole)) - 2))
    return int(-(-whole // step) * step)


_CHECKS = """\
checks: # named once, used by name; a stage may also write a section inline or add to a named one
  eval:
    standard:
{suite}      confidence: 95%
      max_evidence_age: 30d
      require: # quality: every load-bearing task on its own against its margin
        quality: non_inferior
        latency_p50: {{at_most: 1.5x}}
        latency_p99: {{at_most: 2x}}
  cost:
    standard:
      total_increase: {{at_most: 10%}}
      budget: {budget} USD/month # {basis}: write what can really be paid
      volumes: [1x, 2x]
  rollback:
    standard:
      to: baseline
      alpha: 5% # chance of a false alarm over a whole stage, all triggers together
      when: # any one of these
        accuracy: {{metric: quality, tasks: load_bearing, worse_by: 5pp}}
{watch}        latency: {{metric: latency_p99, over: 2x}}
        errors: {{metric: error_rate, over: 2x, min_count: 20}}
        tickets: {{metric: support_tickets, per: user, over: 2x}}
        cost: {{metric: cost_per_call, over: 2x, of: expected}}
      no_data: {{after: 500 expected calls, then: hold}} # silence is no good news
"""

_STAGES = """\
stages:
  - name: internal
    segments: [employees]
    percent: 0 # share of everybody outside the segments
    bake: 48h
    eval: standard
    cost: standard
    rollback: standard
  - name: canary
    percent: 5
    bake: 72h
    eval: standard
    cost: standard
    rollback: standard
  - name: half
    percent: 50
    bake: 7d
    eval: standard
    cost: standard
    rollback: standard
  - name: full
    percent: 100
    bake: 14d
    control: frozen # nobody is left on the baseline: compared with the last stage that had one
    eval: standard
    cost: standard
    rollback: standard
"""

_ROLLOUT = """\
rollout: # the only block a bot edits; one small change per transition
  stage: planned
  percent: 0
  hold: null
"""
