"""Cohorts, and the files that turn a percentage into traffic."""
