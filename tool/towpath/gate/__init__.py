"""Runbook + Evidence -> GateReport."""
