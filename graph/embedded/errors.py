"""What can go wrong with an embedded engine: each error says what, why and what to do, and has a code."""

from pathlib import Path

from graph.errors import GraphError


class EngineError(GraphError):
    """An embedded engine cannot be started or used."""

    code = "engine.failed"


class NotStartedError(EngineError):
    code = "engine.not_started"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} 还没有启动，没有地址可用。请先启动内嵌引擎。")


class UnsupportedPlatformError(EngineError):
    code = "engine.platform.unsupported"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"内嵌引擎不支持此操作系统（{platform}）：只支持 Linux 和 macOS。"
            "请在 WSL 2 中运行，或用 QL_NEO4J_URI 和 QL_REDIS_URL 指定已有的服务器。"
        )


class BinaryMissingError(EngineError):
    code = "engine.binary.missing"

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"找不到 {what}，引擎无法启动。{mend}")


class HomeNotWritableError(EngineError):
    code = "engine.home.not_writable"

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(f"数据目录 {home} 不能写入：{why}。请修正该目录的权限，或用 QL_HOME 指定当前用户可写的目录。")


class HomeHeldError(EngineError):
    code = "engine.home.held"

    def __init__(self, home: Path, holder: str, mend: str) -> None:
        super().__init__(f"数据目录 {home} 正被{holder}使用，一个目录同时只能由一个进程打开。{mend}")


class NoSpaceError(EngineError):
    code = "engine.disk.full"

    def __init__(self, home: Path, free_mb: int, needed_mb: int) -> None:
        super().__init__(
            f"数据目录 {home} 所在磁盘只剩 {free_mb} MB，少于启动所需的 {needed_mb} MB，"
            "继续启动可能写坏数据。请清理磁盘，或用 QL_HOME 指定另一块磁盘上的目录。"
        )


class PortTakenError(EngineError):
    code = "engine.port.taken"

    def __init__(self, port: int, by: str | None) -> None:
        who = f"已被{by}占用" if by else "已被其他程序占用"
        super().__init__(f"端口 127.0.0.1:{port} {who}。请结束该程序，或换一个端口（不指定端口时会自动选择空闲端口）。")


class UnsafeFolderError(EngineError):
    code = "engine.socket.unsafe_folder"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"套接字目录 {folder} 不属于当前用户，或其他用户也能打开，使用它不安全。"
            "请删除该目录，或用 QL_HOME 指定较短的路径。"
        )


class SecretRefusedError(EngineError):
    code = "engine.secret.refused"

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"图数据库不接受 {file} 中的密码：该文件被改过，或与数据不是同一套。"
            "请恢复原来的文件；如已丢失，请删除该文件后重新启动，系统会生成新密码，数据不受影响。"
        )


class ProcessStuckError(EngineError):
    code = "engine.process.stuck"

    def __init__(self, name: str, pid: int) -> None:
        super().__init__(
            f"上次遗留的 {name} 进程（{pid}）无法结束，它还占用着数据目录。请用管理员权限执行 kill -9 {pid} 后重试。"
        )


class WithLogError(EngineError):
    """An error whose text also shows the end of the engine's log. `log_tail` has at most 15 lines."""

    def __init__(self, message: str, log_tail: tuple[str, ...]) -> None:
        super().__init__(message)
        self.log_tail = log_tail

    def __str__(self) -> str:
        return "\n  ".join((f"{super().__str__()}\n日志末尾：", *(self.log_tail or ("（空）",))))


class ProcessDiedError(WithLogError):
    code = "engine.process.died"

    def __init__(self, name: str, exit_code: int | None, log: Path, log_tail: tuple[str, ...]) -> None:
        end = "主线程出错" if exit_code is None else _ending(exit_code)
        super().__init__(f"{name} 在启动时退出（{end}）。请按日志修正后重试；完整日志在 {log}。", log_tail)
        self.exit_code = exit_code


class NotReadyError(WithLogError):
    code = "engine.process.not_ready"

    def __init__(self, name: str, seconds: float, log: Path, log_tail: tuple[str, ...]) -> None:
        super().__init__(
            f"{name} 在 {seconds:g} 秒内没有就绪，已停止。机器可能过忙，或正在恢复大量数据："
            f"请稍后重试，或加长等待时间；完整日志在 {log}。",
            log_tail,
        )


def _ending(exit_code: int) -> str:
    if exit_code == -9:
        return "被强制结束，常见原因是内存不足"
    return f"被信号 {-exit_code} 结束" if exit_code < 0 else f"退出码 {exit_code}"
