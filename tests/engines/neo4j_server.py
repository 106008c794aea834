"""A Neo4j community server of its own for one test process: loopback, free port, generated password."""

import os
import secrets
import subprocess
from pathlib import Path

from graph.connection import GraphSettings
from tests.engines.java import java
from tests.engines.neo4j_jars import JarsUnavailable, neo4j_jars
from tests.engines.server import Server, ServerError, free_port

# Without preallocated logs an empty store takes 1 MB in place of 516 MB; the wipes between tests are small.
CONFIGURATION = """
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
server.memory.pagecache.size=64m
db.tx_log.preallocate=false
"""


def start_neo4j(home: Path) -> Server:
    """Starts one with its data in `home`, a new folder.

    Raises JarsUnavailable where the jars or a Java cannot be had, ServerError if it fails.
    """
    jars, program = neo4j_jars(), java()
    if program is None:
        raise JarsUnavailable("there is no Java to run Neo4j with")
    port, password = free_port(), secrets.token_hex(16)
    (home / "conf").mkdir(parents=True)
    (home / "conf/neo4j.conf").write_text(CONFIGURATION.format(port=port))
    command = [program, "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    for package in ("java.nio", "java.io", "sun.nio.ch"):
        command += ["--add-opens", f"java.base/{package}=ALL-UNNAMED"]
    command += ["-cp", str(jars / "*")]
    environment = os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    admin = [*command, "org.neo4j.server.startup.Neo4jAdminCommand", "dbms", "set-initial-password", password]
    done = subprocess.run(admin, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise ServerError(f"the first password could not be set: {done.stdout}{done.stderr}")
    serve = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    settings = GraphSettings(f"bolt://127.0.0.1:{port}", "neo4j", password)
    return Server([*command, *serve], home, settings, environment)
