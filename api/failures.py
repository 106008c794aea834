"""Refusals of this package (拒绝): what was asked for cannot be done, why, and what to do instead."""


class Failed(Exception):
    """An expected failure. `code` is dotted and stable; the message is for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
