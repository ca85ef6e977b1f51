"""Runbook -> Findings: the built-in rules, the packs that choose among them, and the engine that runs them."""
