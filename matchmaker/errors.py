"""What the matcher refuses, each with a code, the reason and the mend."""


class MatchmakerError(Exception):
    """A refusal of the matcher. `code` is dotted and stable; the message is Chinese and says what, why and how on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message


class EncoderError(MatchmakerError):
    """The encoder cannot be made, found or trusted."""


class IndexSnapshotError(MatchmakerError):
    """A snapshot on disk is missing, torn or of another make."""


class ListFileError(MatchmakerError):
    """A list of needs or offers has a faulty row; the message names the row and the column."""
