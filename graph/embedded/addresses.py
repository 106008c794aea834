"""Where the engines of a data folder answer (引擎地址), for other commands of the same user on the same folder."""

from dataclasses import asdict, dataclass
from pathlib import Path

from graph.connection import GraphSettings
from graph.embedded.lock import owner_of
from graph.embedded.private_files import read_note, write_note

_NOTE = Path("secrets") / "addresses.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """How to reach the engines that a living process runs; None for one that it does not run."""

    graph: GraphSettings | None
    redis_url: str | None


def publish(home: Path, addresses: Addresses) -> None:
    """Leave `addresses` in a file that only this user can read."""
    graph = asdict(addresses.graph) if addresses.graph else None
    write_note(home / _NOTE, {"graph": graph, "redis_url": addresses.redis_url})


def withdraw(home: Path) -> None:
    """Take the file away."""
    (home / _NOTE).unlink(missing_ok=True)


def running_on(home: Path) -> Addresses | None:
    """The engines of `home` while their owner lives and says that they are ready, else None."""
    note = read_note(home / _NOTE)
    if not note or owner_of(home) is None:
        return None
    graph = note.get("graph")
    return Addresses(GraphSettings(**graph) if graph else None, note.get("redis_url"))
