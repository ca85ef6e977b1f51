"""Forges: implementations of the pull-request port of `towpath.model.forge`."""
