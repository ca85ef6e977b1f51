"""Towpath: model migrations as policy-checked, evidence-gated pull requests."""

__version__ = "0.1.0"
