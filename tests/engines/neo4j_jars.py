"""The jars of the Neo4j server, fetched once with Maven into a cache that all test runs share."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock

VERSION = "5.26.20"
POM = Path(__file__).with_name("pom.xml")


class JarsUnavailable(Exception):
    """The jars are not in the cache and could not be fetched; the message says why."""


def neo4j_jars() -> Path:
    """The folder of the jars. Raises JarsUnavailable."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qianglian"
    jars = cache / f"neo4j-{VERSION}"
    if jars.is_dir():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"neo4j-{VERSION}.lock"):
        if not jars.is_dir():
            _fetch(cache, jars)
    return jars


def _fetch(cache: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise JarsUnavailable("Neo4j is not in the cache and there is no `mvn` to fetch it with")
    with tempfile.TemporaryDirectory(dir=cache) as aside:
        target = Path(aside) / "jars"
        fetched = subprocess.run(
            [
                maven,
                "-B",
                "-q",
                "-f",
                str(POM),
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                f"-DoutputDirectory={target}",
            ],
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if fetched.returncode != 0:
            raise JarsUnavailable(f"`mvn` could not fetch Neo4j: {(fetched.stdout + fetched.stderr)[-600:]}")
        # Renamed when complete: a killed fetch never looks like a finished one.
        target.rename(jars)
