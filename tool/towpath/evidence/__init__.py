"""Outside files -> evidence in normal form (edge, in)."""
