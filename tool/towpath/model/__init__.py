"""The values that flow through Towpath. Standard library only; everything here is frozen."""
