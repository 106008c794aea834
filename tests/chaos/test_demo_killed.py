"""A demo that is killed at any moment, and run again, ends with the same graph and leaves no process."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from graph.connection import Graph
from graph.digest import Digest, digest
from graph.embedded import EmbeddedEngines

DEMO = (Path(sys.executable).with_name("qianglian"), "demo", "--no-serve")
STARTING, SCHEMA, LOADING, INDEXED = "", "准备模型和产品词库", "建立约束和索引", "供给索引"


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "QL_HOME": str(home), "HF_HUB_OFFLINE": "1"}


def run(home: Path) -> str:
    """The demo from beginning to end; returns the line with the counts."""
    done = subprocess.run(DEMO, env=environment(home), capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return next(line for line in done.stdout.splitlines() if line.startswith("企业"))


def run_and_kill(home: Path, after: str, pause: float) -> None:
    """Start the demo in a process group of its own and kill -9 the group `pause` seconds after a step ended."""
    with subprocess.Popen(
        DEMO, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0
    ) as demo:
        assert demo.stderr is not None
        if after:
            assert any(after in line for line in demo.stderr), f"the demo ended before “{after}”"
        time.sleep(pause)
        assert demo.poll() is None, "the demo ended before it could be killed"
        os.killpg(demo.pid, signal.SIGKILL)


def left_over(home: Path) -> list[str]:
    """Command lines of processes that work on `home`."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        if str(home) in " ".join([*(process.info["cmdline"] or ()), process.info["cwd"] or ""]):
            found.append(" ".join(process.info["cmdline"] or ()))
    return found


def digest_of(home: Path) -> Digest:
    async def ask(engines: EmbeddedEngines) -> Digest:
        async with Graph.connect(engines.graph) as graph:
            return await digest(graph)

    with EmbeddedEngines(home, redis=False) as engines:
        return asyncio.run(ask(engines))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Digest]:
    """The home of a demo that nobody killed, its counts and its digest."""
    home = tmp_path_factory.mktemp("undisturbed")
    return home, run(home), digest_of(home)


@pytest.mark.parametrize(
    ("after", "pause", "encoded"),
    [
        pytest.param(STARTING, 3.0, True, id="while-engines-start"),
        pytest.param(SCHEMA, 0.1, True, id="while-the-schema-is-made"),
        pytest.param(LOADING, 0.6, True, id="while-files-are-loaded"),
        pytest.param(LOADING, 12.0, False, id="while-capabilities-are-encoded"),
        pytest.param(INDEXED, 1.0, True, id="while-plans-are-matched"),
    ],
)
def test_the_next_run_ends_as_if_nothing_had_happened(
    undisturbed: tuple[Path, str, Digest], tmp_path: Path, after: str, pause: float, encoded: bool
) -> None:
    reference, counts, content = undisturbed
    home = tmp_path / "home"
    home.mkdir()
    if encoded:
        shutil.copytree(reference / "index", home / "index")
    run_and_kill(home, after, pause)
    assert run(home) == counts
    assert digest_of(home) == content
    assert left_over(home) == []


def test_a_second_run_finds_everything_done(undisturbed: tuple[Path, str, Digest]) -> None:
    home, counts, content = undisturbed
    done = subprocess.run(DEMO, env=environment(home), capture_output=True, text=True, timeout=300, check=False)
    assert counts in done.stdout
    assert "匹配 0 行需求" in done.stderr
    assert digest_of(home) == content


def test_ctrl_c_stops_everything(undisturbed: tuple[Path, str, Digest]) -> None:
    home, *_ = undisturbed
    with subprocess.Popen(
        [*DEMO[:2], "--port", "18431"], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, process_group=0,
    ) as demo:  # fmt: skip
        assert demo.stderr is not None
        assert any("网页已就绪" in line for line in demo.stderr)
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(60) in (0, 130)
    assert left_over(home) == []
