"""The Java that runs the test servers: the one inside `arcadedb_embedded`, else one of the system."""

import importlib.util
import shutil
from pathlib import Path


def embedded_package() -> Path | None:
    """The folder of the installed `arcadedb_embedded`, found without importing it (that would start a JVM)."""
    spec = importlib.util.find_spec("arcadedb_embedded")
    return Path(spec.origin).parent if spec and spec.origin else None


def java() -> str | None:
    """The path of a Java that can run the Neo4j server, or None."""
    package = embedded_package()
    if package is not None and (package / "jre/bin/java").is_file():
        return str(package / "jre/bin/java")
    return shutil.which("java")
