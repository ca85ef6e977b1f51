"""Records of transitions: build, write, verify the chain."""
