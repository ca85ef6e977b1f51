"""Records the suite on two models behind OpenAI-compatible endpoints, one example after the other, both arms in turn.

    python record.py --arm MODEL=http://127.0.0.1:8102/v1 --arm MODEL=http://127.0.0.1:8103/v1 --out evals/order-desk

Writes into the --out folder:
  results.jsonl    example_id, task, model, score, latency_ms, input_tokens, output_tokens, error, measured_at: what
                   towpath imports
  answers.jsonl    example_id, model, answer: the text behind each score
  recording.json   what was run, where and when: parameters, digests of suite and prompts, host, notes

Standard library only. Stopped half-way, the same command goes on where it stopped; the three files appear together when
the last answer is in. An API key is read from the environment variable named by --key-env and never written anywhere.
Temperature 0, seed 7, 24 tokens; the arms take turns so that whatever slows the machine slows both.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "suite"))

from make_suite import prompt_for, prompts  # noqa: E402
from scoring import is_right  # noqa: E402

PARAMETERS = {"temperature": 0, "seed": 7, "max_tokens": 24}


def ask(url: str, model: str, prompt: str, key: str) -> dict[str, Any]:
    """One call: answer, latency in milliseconds, tokens, and a short class of failure."""
    body = {"model": model, "messages": [{"role": "user", "content": prompt}], **PARAMETERS}
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(f"{url}/chat/completions", json.dumps(body).encode(), headers)
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            reply = json.load(response)
    except urllib.error.HTTPError as problem:
        return {"error": "rate_limit" if problem.code == 429 else f"http_{problem.code}"}
    except (TimeoutError, urllib.error.URLError, ValueError):
        return {"error": "unreachable"}
    elapsed = (time.perf_counter() - started) * 1000
    usage = reply.get("usage", {})
    return {
        "answer": reply["choices"][0]["message"].get("content") or "",
        "latency_ms": round(elapsed, 1),
        "input_tokens": usage.get("prompt_tokens"),
        "output_tokens": usage.get("completion_tokens"),
        "error": "",
    }


def row(example: dict[str, Any], model: str, reply: dict[str, Any]) -> dict[str, Any]:
    """The line kept for one call, with its answer."""
    failed = reply["error"]
    score = None if failed else int(is_right(example["task"], reply["answer"], example["expected"]))
    return {
        "example_id": example["id"],
        "task": example["task"],
        "model": model,
        "score": score,
        **{key: reply.get(key) for key in ("latency_ms", "input_tokens", "output_tokens")},
        "error": failed,
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tags": example["tags"],
        "answer": reply.get("answer", ""),
    }


def record(arms: dict[str, str], examples: list[dict[str, Any]], unfinished: Path, key: str) -> list[dict[str, Any]]:
    """Every call that is not in the unfinished file yet, appended to it as it comes in."""
    rows = []
    if unfinished.is_file():
        # a last line that was cut off is asked again
        rows = [
            json.loads(line) for line in unfinished.read_text(encoding="utf-8").splitlines(True) if line[-1] == "\n"
        ]
    unfinished.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    done = {(one["example_id"], one["model"]) for one in rows}
    templates = prompts()
    for model, url in arms.items():
        # the first call after a start pays for reading the weights
        ask(url, model, "ping", key)
    with unfinished.open("a", encoding="utf-8") as target:
        for number, example in enumerate(examples, start=1):
            for model, url in arms.items():
                if (example["id"], model) in done:
                    continue
                rows.append(row(example, model, ask(url, model, prompt_for(example, templates), key)))
                target.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                target.flush()
            if number % 10 == 0 or number == len(examples):
                print(f"\r{number} of {len(examples)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return rows


def digest(path: Path) -> str:
    """sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def about(arms: dict[str, str], started: datetime, weights: list[str], note: str) -> dict[str, Any]:
    """What was run, without the name of the machine or of the user."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")), platform.machine()
    )
    return {
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "finished": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "models": list(arms),
        "parameters": PARAMETERS,
        "order": "arms in turn, example by example",
        "suite_sha256": digest(HERE / "suite" / "examples.jsonl"),
        "prompts_sha256": digest(HERE / "prompts" / "triage.md"),
        "scoring_sha256": digest(HERE / "suite" / "scoring.py"),
        "weights_sha256": {Path(name).name: digest(Path(name)) for name in weights},
        "host": {"cpu": cpu, "cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()},
        "note": note,
    }


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def write(out: Path, rows: list[dict[str, Any]], recording: dict[str, Any]) -> None:
    """The three files; each appears whole."""
    results = [{key: value for key, value in one.items() if key != "answer"} for one in rows]
    answers = [{key: one[key] for key in ("example_id", "model", "answer")} for one in rows]
    texts = {
        "results.jsonl": "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in results),
        "answers.jsonl": "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers),
        "recording.json": json.dumps(recording, indent=2) + "\n",
    }
    for name, text in texts.items():
        part = out / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(out / name)


def main() -> int:
    """Read the command line, record, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arm", action="append", metavar="MODEL=URL", help="a model and its endpoint; give two")
    parser.add_argument("--out", type=Path, help="folder for the results")
    parser.add_argument("--limit", type=int, help="only so many examples of each task (to try it out)")
    parser.add_argument("--weights", action="append", default=[], help="weight file whose sha256 is kept")
    parser.add_argument("--note", default="", help="anything a reader should know, such as versions and threads")
    parser.add_argument("--key-env", default="OPENAI_API_KEY", help="environment variable with the API key")
    options = parser.parse_args()
    if not options.arm or len(options.arm) != 2 or not options.out or any("=" not in arm for arm in options.arm):
        parser.print_help(sys.stderr)
        print("\nneeded: two --arm MODEL=URL and --out FOLDER", file=sys.stderr)
        return 2
    arms = dict(arm.split("=", 1) for arm in options.arm)
    examples = [json.loads(line) for line in (HERE / "suite" / "examples.jsonl").read_text("utf-8").splitlines()]
    if options.limit:
        tasks = dict.fromkeys(example["task"] for example in examples)
        examples = [e for task in tasks for e in [e for e in examples if e["task"] == task][: options.limit]]
    options.out.mkdir(parents=True, exist_ok=True)
    unfinished, started = options.out / "unfinished.jsonl", datetime.now(UTC)
    rows = record(arms, examples, unfinished, os.environ.get(options.key_env, ""))
    write(options.out, rows, about(arms, started, options.weights, options.note))
    unfinished.unlink()
    failed = sum(bool(one["error"]) for one in rows)
    print(f"{len(rows)} calls, {failed} failed: {options.out / 'results.jsonl'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
