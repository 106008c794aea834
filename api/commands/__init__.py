"""The subcommands of `qianglian`, one module a subject."""
