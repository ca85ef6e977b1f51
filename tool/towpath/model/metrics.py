"""The metrics Towpath knows by name: what an eval section may require, and what a trigger may watch."""

from __future__ import annotations

QUALITY = "quality"
"""Each load-bearing task's own metric against its margin."""

REQUIRED: tuple[str, ...] = (
    QUALITY,
    "latency_p50",
    "latency_p99",
    "latency_mean",
    "input_tokens",
    "output_tokens",
    "cost_per_call",
    "error_rate",
)
"""What `require` may name: measured by the gate on evidence."""

WATCHED: tuple[str, ...] = (*REQUIRED, "refusal_rate", "support_tickets")
"""What a rollback trigger may name without the runbook declaring it under `metrics`."""

ADAPTERS: tuple[str, ...] = ("promptfoo", "inspect", "lm-eval", "deepeval", "generic")
"""Formats of result files that can be imported."""
