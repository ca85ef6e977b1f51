"""Tests and intervals: numbers in, numbers out. Undetermined is a value with a reason, never a NaN."""
