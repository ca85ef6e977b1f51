"""How often the gate is wrong, by simulation, beside the rules people use today.

    python bench/decision_quality.py [--quick | --full] [--write]

Quick (the default) takes under a minute, full a few minutes; `--write` runs full and writes docs/decision-quality.md.
Every number is the share of simulated migrations that pass. The gate's own functions decide (towpath.stats, checked
against towpath.gate.quality on the first draws of every cell). The seed is fixed, so that the table is the same again.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from towpath.gate.pairing import Pair, TaskPairs
from towpath.gate.quality import compare, margin_criterion
from towpath.model.quantity import Points
from towpath.model.runbook import Task
from towpath.model.verdict import Verdict
from towpath.stats.clustered import clustered_scores
from towpath.stats.estimate import Estimate
from towpath.stats.graded import paired_scores
from towpath.stats.power import chance_to_pass
from towpath.stats.tango import paired_shares

SEED = 20261123
MARGIN = 0.05
ALPHA = 0.05
LEVEL = 0.85
"""Share of examples that the baseline gets right; mean of its graded scores."""
DISCORDANCE = 0.13
CLUSTER = 5
PAGE = Path(__file__).resolve().parents[1] / "docs" / "decision-quality.md"
RULES = ("towpath", "threshold", "any delta", "unpaired z", "aggregate")
KINDS = ("binary", "graded", "clustered")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One task of one simulated evaluation: both arms' scores, example by example."""

    kind: str
    baseline: Floats
    candidate: Floats

    @property
    def differences(self) -> Floats:
        """Candidate - baseline."""
        return self.candidate - self.baseline


def draw(kind: str, n: int, loss: float, rng: np.random.Generator) -> Drawn:
    """n examples of which the candidate truly loses `loss` on average."""
    if kind == "graded":
        right = rng.random(n) < LEVEL
        # a quarter of the answers are graded otherwise, by up to a whole point; the rest only by noise
        moved = rng.random(n) < 0.25
        down = rng.random(n) < 0.5 + loss / (2 * 0.25 * 0.5)
        jump = np.where(down, -1.0, 1.0) * rng.random(n) * moved
        return Drawn(kind=kind, baseline=right.astype(float), candidate=right + jump + rng.normal(0, 0.03, n))
    # among the examples that both answer alike, so that the baseline has its level whatever the candidate loses
    right = rng.random(n) < (LEVEL - (DISCORDANCE + loss) / 2) / (1 - DISCORDANCE)
    if kind == "clustered":
        # in a quarter of the conversations half of the answers differ, all in one direction
        group = np.arange(n) // CLUSTER
        groups = int(group[-1]) + 1
        touched = (rng.random(groups) < 2 * DISCORDANCE)[group] & (rng.random(n) < 0.5)
        lost = (rng.random(groups) < 0.5 + loss / (2 * DISCORDANCE))[group]
    else:
        touched = rng.random(n) < DISCORDANCE
        lost = rng.random(n) < 0.5 + loss / (2 * DISCORDANCE)
    return Drawn(
        kind=kind, baseline=np.where(touched, lost, right).astype(float), candidate=np.where(touched, ~lost, right)
    )


@cache
def shares_pass(lost: int, won: int, n: int) -> bool:
    """The product's answer for counts; the same counts always have the same answer."""
    found = paired_shares(lost, won, n, margin=MARGIN)
    return isinstance(found, Estimate) and found.lower > -MARGIN


def passes(drawn: Drawn, first_group: int = 0) -> bool:
    """Whether the product lets one task pass."""
    differences = drawn.differences
    if drawn.kind == "binary":
        return shares_pass(int((differences < 0).sum()), int((differences > 0).sum()), len(differences))
    if drawn.kind == "graded":
        found = paired_scores(differences.tolist(), margin=MARGIN)
    else:
        clusters = [str(first_group + index // CLUSTER) for index in range(len(differences))]
        found = clustered_scores(differences.tolist(), clusters, margin=MARGIN)
    return isinstance(found, Estimate) and found.lower > -MARGIN


def asked_of_the_gate(drawn: Drawn) -> bool:
    """The same by the gate itself, pairs and all."""
    pairs = tuple(
        Pair(
            example=str(index),
            baseline=float(before),
            candidate=float(after),
            cluster=str(index // CLUSTER) if drawn.kind == "clustered" else "",
        )
        for index, (before, after) in enumerate(zip(drawn.baseline, drawn.candidate, strict=True))
    )
    none = {"baseline": 0, "candidate": 0}
    answers = {"baseline": len(pairs), "candidate": len(pairs)}
    found = TaskPairs(task="t", pairs=pairs, as_wrong=pairs, errors=none, answers=answers, alone=())
    one = compare(Task(id="t", margin=Points(Decimal(str(MARGIN)))), found, 1 - ALPHA, 0)
    return margin_criterion(one, one, "noisy", 1 - ALPHA, 0.05).verdict is Verdict.PASS


def threshold(tasks: list[Drawn]) -> bool:
    """Every task's raw score is at least what the baseline is known to have, less the margin."""
    return all(float(task.candidate.mean()) >= LEVEL - MARGIN for task in tasks)


def any_delta(tasks: list[Drawn]) -> bool:
    """No task's mean went down at all."""
    return all(float(task.differences.mean()) >= 0 for task in tasks)


def unpaired_z(tasks: list[Drawn]) -> bool:
    """No task is significantly worse by a z test of two separate means (two-sided 5 %)."""
    for task in tasks:
        error = sqrt((float(task.baseline.var()) + float(task.candidate.var())) / len(task.baseline))
        if error and float(task.differences.mean()) / error < -1.96:
            return False
    return True


def aggregate(tasks: list[Drawn]) -> bool:
    """The product's own test, of all examples in one heap."""
    return passes(
        Drawn(
            kind=tasks[0].kind,
            baseline=np.concatenate([task.baseline for task in tasks]),
            candidate=np.concatenate([task.candidate for task in tasks]),
        )
    )


def towpath(tasks: list[Drawn]) -> bool:
    """Every task passes."""
    return all(passes(task) for task in tasks)


DECIDE: dict[str, Callable[[list[Drawn]], bool]] = dict(
    zip(RULES, (towpath, threshold, any_delta, unpaired_z, aggregate), strict=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Shares that pass, by rule: with one task exactly at the margin (wrong), and with all tasks equal (right)."""

    kind: str
    n: int
    tasks: int
    repeats: int
    wrong: dict[str, float]
    right: dict[str, float]

    @property
    def error(self) -> float:
        """Two standard errors of a rate of alpha with so many repeats."""
        return 2 * sqrt(ALPHA * (1 - ALPHA) / self.repeats)


def simulate(kind: str, n: int, tasks: int, repeats: int) -> Cell:
    """One cell, with random numbers of its own."""
    rng = np.random.default_rng([SEED, KINDS.index(kind), n, tasks])
    rates = []
    for loss in (MARGIN, 0.0):
        count = dict.fromkeys(RULES, 0)
        for number in range(repeats):
            drawn = [draw(kind, n, loss if index == 0 else 0.0, rng) for index in range(tasks)]
            if number < 3 and passes(drawn[0]) is not asked_of_the_gate(drawn[0]):
                raise SystemExit("the gate decides otherwise than this program")
            for rule, decide in DECIDE.items():
                count[rule] += decide(drawn)
        rates.append({rule: passed / repeats for rule, passed in count.items()})
    return Cell(kind=kind, n=n, tasks=tasks, repeats=repeats, wrong=rates[0], right=rates[1])


def cells(*, full: bool) -> Iterator[Cell]:
    """Every cell of the table."""
    sizes, counts = ((50, 200, 1000, 5000), (1, 4, 12)) if full else ((50, 200, 1000), (1, 4))
    most, examples = (4000, 1_500_000) if full else (1000, 150_000)
    for kind in KINDS:
        for n in sizes:
            for tasks in counts:
                yield simulate(kind, n, tasks, max(300 if full else 60, min(most, examples // (n * tasks))))


def exact_rates() -> list[tuple[float, float, int, float]]:
    """(margin, discordance, n, exact rate of wrong passes) for scores of right and wrong: no simulation error."""
    return [
        (margin, psi, n, chance_to_pass(psi, n, margin, loss=margin))
        for margin in (0.02, 0.05, 0.10)
        for psi in (margin, 0.13, 0.25)
        for n in (50, 100, 200, 500, 1000, 5000)
    ]


HEAD = ("scores", "n per task", "tasks", "repeats")


def table(found: list[Cell], which: str) -> str:
    """Markdown; rates in percent, an asterisk where ours is above alpha by more than simulation error."""
    rows = ["| " + " | ".join((*HEAD, *RULES)) + " |", "|---|" + "---:|" * (len(HEAD) + len(RULES) - 1)]
    for cell in found:
        rates = cell.wrong if which == "wrong" else cell.right
        over = "*" if which == "wrong" and rates["towpath"] > ALPHA + cell.error else ""
        shown = [f"{rates[rule]:.1%}" + (over if rule == "towpath" else "") for rule in RULES]
        rows.append(f"| {cell.kind} | {cell.n} | {cell.tasks} | {cell.repeats} | " + " | ".join(shown) + " |")
    return "\n".join(rows)


def exact_table() -> tuple[str, float]:
    """Markdown, and the highest rate."""
    rates = exact_rates()
    sizes = sorted({n for _, _, n, _ in rates})
    rows = ["| margin | differing | " + " | ".join(f"n={n}" for n in sizes) + " |", "|---:" * (len(sizes) + 2) + "|"]
    for margin, psi in dict.fromkeys((margin, psi) for margin, psi, _, _ in rates):
        row = [rate for m, p, _, rate in rates if (m, p) == (margin, psi)]
        rows.append(f"| {margin * 100:g} points | {psi:.0%} | " + " | ".join(f"{rate:.1%}" for rate in row) + " |")
    return "\n".join(rows), max(rate for _, _, _, rate in rates)


def page(found: list[Cell]) -> str:
    """The page, with what the table shows."""
    exact, highest = exact_table()
    over = [cell for cell in found if cell.wrong["towpath"] > ALPHA + cell.error]
    named = (
        "".join(
            f"\n* {cell.kind}, {cell.n} examples per task, {cell.tasks} task{'s' if cell.tasks > 1 else ''}: "
            f"{cell.wrong['towpath']:.1%} wrong passes"
            for cell in over
        )
        or "\n* none"
    )
    return TEXT.format(
        points=f"{MARGIN * 100:g}",
        level=f"{LEVEL:.0%}",
        differing=f"{DISCORDANCE:.0%}",
        cluster=CLUSTER,
        seed=SEED,
        wrong=table(found, "wrong"),
        right=table(found, "right"),
        exact=exact,
        highest=f"{highest:.1%}",
        over=named,
        cells=len(found),
        fewest_repeats=min(cell.repeats for cell in found),
        widest=f"{max(cell.error for cell in found) * 100:.1f}",
    )


TEXT = """\
<!-- Written by `python bench/decision_quality.py --write`; change the program and run it again. -->
# How often the gate is wrong

Simulated migrations, judged by the gate's own functions and by the rules people use today. Seed {seed}; the same
program gives the same tables.

## What was simulated

Every migration has 1, 4 or 12 load-bearing tasks with a margin of {points} points at 95 % confidence, so a wrong pass
may happen in at most 5 % of the cases. The baseline has {level} right. *Wrong passes*: one task truly loses exactly its
margin, the others nothing. *Right passes*: no task loses anything.

* **binary**: right or wrong; the models differ on {differing} of the examples, as neighbouring strong models do.
* **graded**: a quarter of the scores move, by up to a whole point; the rest differ by a grader's noise.
* **clustered**: right or wrong in conversations of {cluster} turns; what differs in one conversation differs in one
  direction. 50 examples are only 10 conversations.

The rules beside it, on the same data:

* **threshold**: every task's raw score of the candidate is at least the baseline's known level less the margin.
* **any delta**: no task's score went down at all.
* **unpaired z**: no task is significantly worse by a z test of two separate means (two-sided, 5 %).
* **aggregate**: the gate's own test, but of all tasks in one heap.

A rate stands on the number of repeats beside it: at {fewest_repeats} repeats, the fewest, a true 5 % may show as
{widest} points more or less (two standard errors). An asterisk marks a rate of ours above 5 % by more than that.

## Wrong passes: one task loses exactly its margin

{wrong}

## Right passes: every task is exactly as good

{right}

## Exact rates for right and wrong

One task; no simulation: every possible outcome counted (Tango's limit is an approximation, so single cells may be a
little above 5 %). The highest is {highest}.

{exact}

## What it means

Where our rule passes too often, of {cells} cells:
{over}

* By chance alone about one cell in forty gets an asterisk; one that stands on few repeats and whose neighbours are at
  5 % is most likely that.
* With **right-or-wrong** scores a wrong pass is as rare as declared. With more tasks it becomes rarer, because all of
  them have to pass.
* With **graded** scores whose losses are rare and large, the t limit passes a little too often up to some hundred
  examples: about 6 % instead of 5 %.
* **Few clusters deceive the gate.** The cluster-robust error is too small when clusters are few: 10 conversations pass
  wrongly about twice as often as declared, 40 about 6 %, 200 as declared. Read a pass on fewer than 40 clusters with
  care; the gate does not refuse it today.
* The price is paid by good candidates: with few examples, many tasks or strong clusters an equal candidate often does
  not pass, and "cannot tell" is then the usual answer. `towpath power` says beforehand how many examples it takes.
* A threshold on raw scores lets a loss of the whole margin through about every second time or more when there is one
  task, whatever the number of examples. *Any delta* turns away half of the equal candidates for each task.
  *Unpaired z* passes what it cannot see: the fewer examples, the more it passes. *Aggregate* passes a lost task the
  more surely the more other tasks there are.

Not simulated: wrong labels, judges that drift, examples unlike real traffic, errors of the run, speed and cost.
"""


def main() -> None:
    """Print the table, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="fewer sizes and repeats; the default")
    parser.add_argument("--full", action="store_true", help="every size")
    parser.add_argument("--write", action="store_true", help="run full and write docs/decision-quality.md")
    asked = parser.parse_args()
    started = time.perf_counter()
    found = list(cells(full=(asked.full or asked.write) and not asked.quick))
    print(f"passes although one task loses exactly its margin ({MARGIN:.0%}); at most {ALPHA:.0%} is right")
    print(table(found, "wrong"))
    print("\npasses when every task is exactly as good")
    print(table(found, "right"))
    exact, highest = exact_table()
    print(f"\nexact rate of wrong passes for right and wrong; highest {highest:.1%}\n{exact}")
    over = [cell for cell in found if cell.wrong["towpath"] > ALPHA + cell.error]
    print(f"\n{len(over)} of {len(found)} cells above {ALPHA:.0%} by more than simulation error")
    print(f"seed {SEED}, {time.perf_counter() - started:.0f} s")
    if asked.write:
        temporary = PAGE.with_suffix(".tmp")
        temporary.write_text(page(found), encoding="utf-8")
        os.replace(temporary, PAGE)
        print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
