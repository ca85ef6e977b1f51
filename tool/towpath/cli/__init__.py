"""Commands: parse arguments, wire the edges, print, exit."""
