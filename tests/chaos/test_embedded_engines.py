"""Each test runs real engines on its own data folder below `tmp_path`; nothing is shared or mocked."""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import redis

from graph.connection import Graph
from graph.embedded import EmbeddedEngines, EngineError
from graph.embedded.errors import ProcessDiedError
from graph.embedded.orphans import Trace, leave_trace

# Starts the engines, then writes one node after another and prints the number of each that was acknowledged.
OWNER = """
import asyncio, sys
from pathlib import Path
from graph.connection import Graph
from graph.embedded import EmbeddedEngines

async def write(settings):
    async with Graph.connect(settings) as graph:
        number = 0
        while True:
            number += 1
            await graph.write("CREATE (:Probe {number: $number})", number=number)
            print(number, flush=True)

with EmbeddedEngines(Path(sys.argv[1])) as engines:
    print("ready", flush=True)
    asyncio.run(write(engines.graph))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def owner_of(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, in a process group of its own, that runs the engines on `home` and has begun to write."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, text=True, process_group=0
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        try:
            yield owner
        finally:
            owner.kill()


def acknowledged(owner: subprocess.Popen[str], at_least: int) -> int:
    """The number of the last node that the owner said was written, after it wrote `at_least`."""
    assert owner.stdout is not None
    return [int(owner.stdout.readline()) for _ in range(at_least)][-1]


def rest_of(owner: subprocess.Popen[str], last: int) -> int:
    """The last acknowledged number after the owner ended."""
    assert owner.stdout is not None
    whole = [line for line in owner.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return int(whole[-1]) if whole else last


def engines_on(home: Path) -> list[psutil.Process]:
    """Living processes with the data folder on their command line, other than this one and owners."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(f"{home}/" in part for part in command):
            found.append(process)
    return found


def until_none_is_left(home: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while engines_on(home):
        assert time.monotonic() < deadline, engines_on(home)
        time.sleep(0.05)


async def probes(engines: EmbeddedEngines) -> list[int]:
    async with Graph.connect(engines.graph) as graph:
        rows = await graph.read("MATCH (p:Probe) RETURN p.number AS number ORDER BY number")
    return [row["number"] for row in rows]


async def test_data_outlives_a_clean_stop_and_no_process_does(home: Path) -> None:
    with EmbeddedEngines(home) as engines:
        async with Graph.connect(engines.graph) as graph:
            await graph.write("CREATE (:Probe {number: 7})")
        with redis.Redis.from_url(engines.redis_url) as client:
            client.set("key", "value")
        assert len(engines_on(home)) == 2
    assert engines_on(home) == []
    engines.stop()
    with engines:
        assert await probes(engines) == [7]
        with redis.Redis.from_url(engines.redis_url) as client:
            assert client.get("key") == b"value"
    assert not (home / "redis/redis.sock").exists()


def test_nobody_else_can_reach_the_engines_or_read_their_secrets(home: Path) -> None:
    with EmbeddedEngines(home) as engines:
        secrets = [file.read_text() for file in (home / "secrets").glob("*.password")]
        for process in engines_on(home):
            listening = [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
            assert {c.laddr.ip.removeprefix("::ffff:") for c in listening} <= {"127.0.0.1"}
            assert not any(secret in part for secret in secrets for part in process.cmdline())
        assert len(secrets) == 2
        assert all(len(secret) >= 32 for secret in secrets)
        for folder in (home, home / "secrets", home / "graph", home / "redis"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for file in (home / "secrets").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with (
            redis.Redis(unix_socket_path=str(home / "redis/redis.sock")) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
        assert engines.graph.password not in repr(engines.graph)


def test_a_lost_secret_is_made_anew_and_a_changed_one_is_refused(home: Path) -> None:
    secret = home / "secrets/graph.password"
    with EmbeddedEngines(home, redis=False):
        first = secret.read_text()
    secret.unlink()
    with EmbeddedEngines(home, redis=False) as engines:
        assert engines.graph.password == secret.read_text() != first
    secret.write_text("another one")
    with pytest.raises(EngineError) as refused:
        EmbeddedEngines(home, redis=False).start()
    assert refused.value.code == "engine.secret.refused"
    assert engines_on(home) == []


def test_the_second_start_on_one_folder_is_told_who_has_it(home: Path) -> None:
    with owner_of(home) as owner:
        with pytest.raises(EngineError) as refused:
            EmbeddedEngines(home).start()
        assert refused.value.code == "engine.home.held"
        assert f"进程 {owner.pid}" in refused.value.message
        assert "QL_HOME" in refused.value.message
        # The refused start must not have touched the engines of the owner.
        assert len(engines_on(home)) == 2
        acknowledged(owner, 3)
        owner.send_signal(signal.SIGTERM)
        assert owner.wait() == 128 + signal.SIGTERM
        assert engines_on(home) == []
    with EmbeddedEngines(home, graph=False) as mine, pytest.raises(EngineError) as again:
        EmbeddedEngines(home, graph=False).start()
    assert "即本进程" in again.value.message
    assert mine is not None


@pytest.mark.parametrize("whom", ["the owner alone", "its process group", "the owner and both engines"])
async def test_every_acknowledged_write_survives_kill_9(home: Path, whom: str) -> None:
    with owner_of(home) as owner:
        last = acknowledged(owner, 25)
        engines = engines_on(home)
        if whom == "its process group":
            os.killpg(owner.pid, signal.SIGKILL)
        else:
            owner.kill()
        if whom == "the owner and both engines":
            for engine in engines:
                engine.kill()
        last = rest_of(owner, last)
    with EmbeddedEngines(home) as recovered:
        found = await probes(recovered)
        # The write that was on its way when the owner died may be there or not.
        assert found in (list(range(1, last + 1)), list(range(1, last + 2)))
        with redis.Redis.from_url(recovered.redis_url) as client:
            assert client.ping()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child when its parent is killed")
def test_engines_end_when_their_owner_is_killed(home: Path) -> None:
    with owner_of(home) as owner:
        owner.kill()
        owner.wait()
        until_none_is_left(home)


def test_an_orphan_of_ours_is_ended_and_a_stranger_is_left_alone(home: Path) -> None:
    with EmbeddedEngines(home, graph=False):
        program = next(iter(engines_on(home))).exe()
    config = str(home.resolve() / "secrets/redis.conf")
    with subprocess.Popen([program, config], cwd=home / "redis", stdout=subprocess.DEVNULL) as orphan:
        leave_trace(home / "redis", Trace.of(orphan.pid, config))
        with EmbeddedEngines(home, graph=False):
            assert orphan.wait(timeout=20) is not None
            assert [p.pid for p in engines_on(home)] != [orphan.pid]

    with subprocess.Popen(["sleep", "60"], cwd=home / "redis") as stranger:
        leave_trace(home / "redis", Trace.of(stranger.pid, config))
        with EmbeddedEngines(home, graph=False):
            assert stranger.poll() is None
        stranger.kill()


def test_an_engine_that_dies_while_starting_shows_its_last_words(home: Path) -> None:
    with pytest.raises(ProcessDiedError) as died:
        EmbeddedEngines(home, heap_mb=1).start()
    assert died.value.code == "engine.process.died"
    assert died.value.exit_code == 1
    assert any("heap" in line.lower() for line in died.value.log_tail)
    assert died.value.log_tail[-1] in str(died.value)
    assert engines_on(home) == []


def test_a_redis_file_that_cannot_be_read_is_reported_with_the_log(home: Path) -> None:
    with EmbeddedEngines(home, graph=False):
        pass
    manifest = next((home / "redis/appendonlydir").glob("*.manifest"))
    manifest.write_text("no manifest")
    with pytest.raises(ProcessDiedError) as died:
        EmbeddedEngines(home, graph=False).start()
    assert "AOF" in "\n".join(died.value.log_tail)


def test_a_start_that_takes_too_long_is_given_up(home: Path) -> None:
    with pytest.raises(EngineError) as late:
        EmbeddedEngines(home, redis=False, ready_seconds=0.1).start()
    assert late.value.code == "engine.process.not_ready"
    assert engines_on(home) == []


def test_a_taken_port_is_named_with_its_program(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError) as refused:
            EmbeddedEngines(home, redis=False, bolt_port=port).start()
    assert refused.value.code == "engine.port.taken"
    assert str(port) in refused.value.message
    assert f"进程 {os.getpid()}" in refused.value.message
    with EmbeddedEngines(home, redis=False, bolt_port=port) as engines:
        assert engines.graph.uri == f"bolt://127.0.0.1:{port}"


def test_a_full_disk_is_refused_before_anything_is_written(home: Path) -> None:
    with pytest.raises(EngineError) as refused:
        EmbeddedEngines(home, needed_mb=10**9).start()
    assert refused.value.code == "engine.disk.full"
    assert list(home.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(EngineError) as refused:
        EmbeddedEngines(file / "home").start()
    assert refused.value.code == "engine.home.not_writable"


def test_a_read_only_folder_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder)
        user = os.geteuid()
        # Root may write everywhere, so the start is tried as another user.
        locked.chmod(0o555)
        if user == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(EngineError) as refused:
                EmbeddedEngines(locked).start()
        finally:
            os.seteuid(user)
            locked.chmod(0o755)
    assert refused.value.code == "engine.home.not_writable"


def test_a_deep_folder_gets_a_short_and_private_socket(tmp_path: Path) -> None:
    home = tmp_path / ("数据目录 " * 6) / ("deep" * 20)
    with EmbeddedEngines(home) as engines, redis.Redis.from_url(engines.redis_url) as client:
        assert client.ping()
        path = Path(client.connection_pool.connection_kwargs["path"])
        assert len(os.fsencode(path)) < 104
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


def test_an_error_inside_the_block_stops_the_engines(home: Path) -> None:
    with pytest.raises(ZeroDivisionError), EmbeddedEngines(home, graph=False):
        raise ZeroDivisionError
    assert engines_on(home) == []


def test_nothing_is_touched_when_both_engines_are_elsewhere(home: Path) -> None:
    with EmbeddedEngines(home, graph=False, redis=False) as engines, pytest.raises(EngineError):
        assert engines.redis_url
    assert not home.exists()
