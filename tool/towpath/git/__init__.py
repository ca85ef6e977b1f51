"""The only place that runs git: isolated from the user's configuration, never touching a work tree."""
