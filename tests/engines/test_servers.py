"""A test server ends with the process that asked for it, and says why it cannot be had."""

import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from graph.connection import GraphSettings
from tests.engines.guard import COMMAND
from tests.engines.neo4j_jars import JarsUnavailable, neo4j_jars
from tests.engines.server import Server, ServerError, free_port

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def test_a_server_ends_when_its_owner_is_killed() -> None:
    owner_code = (
        "import subprocess, sys, time\n"
        "guard = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=sys.stdout, start_new_session=True)\n"
        "time.sleep(600)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", owner_code, *COMMAND, *SLEEP], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    with owner.stdout as said:
        assert said.readline() == b"up\n"
        (guard,) = psutil.Process(owner.pid).children()
        (server,) = guard.children()
        owner.kill()
        owner.wait()
        gone, alive = psutil.wait_procs([guard, server], timeout=30)
    assert len(gone) == 2
    assert not alive


def test_a_guard_ends_with_the_code_of_its_server() -> None:
    command = [*COMMAND, sys.executable, "-c", "raise SystemExit(3)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as guard:
        assert guard.wait(60) == 3


def test_a_server_that_does_not_start_says_its_last_words_and_leaves_nothing() -> None:
    home = Path(tempfile.mkdtemp(prefix="qianglian-test-"))
    settings = GraphSettings(f"bolt://127.0.0.1:{free_port()}", "neo4j", "x")
    with pytest.raises(ServerError, match="no space left"):
        Server([sys.executable, "-c", "raise SystemExit('no space left')"], home, settings)
    assert not home.exists()


def test_jars_that_cannot_be_fetched_are_named_and_not_half_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JarsUnavailable, match="mvn"):
        neo4j_jars()
    failing = tmp_path / "mvn"
    failing.write_text("#!/bin/sh\necho offline; exit 1\n")
    failing.chmod(0o755)
    with pytest.raises(JarsUnavailable, match="offline"):
        neo4j_jars()
    assert [path.name for path in (tmp_path / "qianglian").iterdir() if path.is_dir()] == []
