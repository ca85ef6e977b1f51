"""YAML text -> Document with a mark on every node; schema validation; comment-preserving edits."""
