"""What should change in the repository, as a value."""
