"""How the child process says no (拒收): a code and what the user reads; the parent makes a fault of it."""


class Refused(Exception):
    """The file is refused. `row` counts from 1."""

    def __init__(
        self, code: str, message: str, sheet: str | None = None, row: int | None = None, value: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.sheet, self.row, self.value = code, message, sheet, row, value
