"""The doctor is asked about real engines, real ports and folders of the test's own."""

import io
import os
import socket
from pathlib import Path

import pytest
from rich.console import Console

from api.doctor import ENGINE_UNREACHABLE, LACKING, OK, Check, exit_code, render, run_checks
from graph.connection import GraphSettings
from graph.embedded import EmbeddedEngines
from graph.embedded.ports import free_port


def named(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_a_machine_that_runs_the_tests_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    checks = run_checks(tmp_path / "home", cache=tmp_path / "models", port=free_port())
    assert [check for check in checks if not check.ok] == []
    assert exit_code(checks) == OK
    assert list(tmp_path.iterdir()) == []


def test_the_deep_check_starts_and_stops_the_engines_elsewhere(tmp_path: Path) -> None:
    checks = run_checks(tmp_path / "home", cache=tmp_path, port=free_port(), deep=True)
    assert named(checks, "启动引擎").ok
    assert not (tmp_path / "home").exists()


def test_a_taken_page_port_names_its_program(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        checks = run_checks(tmp_path / "home", cache=tmp_path, port=port)
    check = named(checks, "页面端口")
    assert not check.ok
    assert f"进程 {os.getpid()}" in check.detail
    assert "QL_PORT" in check.mend
    assert exit_code(checks) == LACKING


def test_a_running_service_is_shown_and_is_no_fault(tmp_path: Path) -> None:
    with EmbeddedEngines(tmp_path, graph=False), socket.create_server(("127.0.0.1", 0)) as page:
        checks = run_checks(tmp_path, cache=tmp_path, port=page.getsockname()[1])
    assert f"进程 {os.getpid()}" in named(checks, "数据目录").detail
    assert exit_code(checks) == OK


def test_a_folder_below_a_file_cannot_be_the_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check = named(run_checks(tmp_path / "file/home", cache=tmp_path, port=free_port()), "数据目录")
    assert not check.ok
    assert "QL_HOME" in check.mend


@pytest.mark.parametrize(("encoder", "ok"), [("./missing", False), ("/missing", False), ("org/model", True)])
def test_an_encoder_that_is_named_as_a_folder_must_be_there(tmp_path: Path, encoder: str, ok: bool) -> None:
    checks = run_checks(tmp_path, cache=tmp_path, encoder=encoder, port=free_port())
    assert named(checks, "编码器").ok is ok


def test_external_engines_are_asked_and_their_passwords_never_shown(tmp_path: Path) -> None:
    port = free_port()
    checks = run_checks(
        tmp_path / "home",
        cache=tmp_path,
        port=free_port(),
        external_graph=GraphSettings(f"bolt://127.0.0.1:{port}", "neo4j", "hidden-word"),
        external_redis=f"redis://:hidden-word@127.0.0.1:{port}/0",
    )
    assert not named(checks, "外部图数据库").ok
    assert not named(checks, "外部 Redis").ok
    assert "hidden-word" not in repr(checks)
    assert exit_code(checks) == ENGINE_UNREACHABLE


def test_external_engines_that_answer_are_well(tmp_path: Path) -> None:
    with EmbeddedEngines(tmp_path) as engines:
        checks = run_checks(
            tmp_path,
            cache=tmp_path,
            port=free_port(),
            external_graph=engines.graph,
            external_redis=engines.redis_url,
        )
        assert engines.redis_url.partition("password=")[2] not in repr(checks)
    assert exit_code(checks) == OK


def test_the_table_shows_what_to_mend_with_its_brackets() -> None:
    out = io.StringIO()
    checks = [Check("甲", True, "好"), Check("乙", False, "缺 [x]", "请安装 [x]")]
    Console(file=out, width=100).print(render(checks))
    assert "缺 [x]" in out.getvalue()
    assert "→ 请安装 [x]" in out.getvalue()
