"""What a person at the command line gets: exit codes, one clear message, and nothing half-written."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
import openpyxl
import pytest

from tests.ingest.books import COLUMNS, ROW, workbook

QIANGLIAN = Path(sys.executable).with_name("qianglian")
OK, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3
GOOD_CSV = f"{','.join(COLUMNS)}\n1,不锈钢板,304,300,吨,480,2027-03-31\n"
BUYER = ("--buyer", "常州示例变压器有限公司")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One data folder for all tests of this module; each command starts and stops its engine."""
    home = tmp_path_factory.mktemp("home")
    return {**os.environ, "QL_HOME": str(home), "HF_HUB_OFFLINE": "1", "COLUMNS": "200"}


def run(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [QIANGLIAN, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def unknown_header(folder: Path) -> Path:
    return workbook(folder / "未知表头.xlsx", [(*COLUMNS, "颜色偏好"), (*ROW, "红")])


def empty_sheet(folder: Path) -> Path:
    return workbook(folder / "空表.xlsx", [])


def words_for_a_number(folder: Path) -> Path:
    return workbook(folder / "文字数量.xlsx", [COLUMNS, (1, "不锈钢板", "304", "三百", "吨", 480, "2027-03-31")])


def merged_header(folder: Path) -> Path:
    return workbook(folder / "合并表头.xlsx", [COLUMNS, ROW], lambda sheet: sheet.merge_cells("B1:C1"))


def broken_gb18030(folder: Path) -> Path:
    path = folder / "坏编码.csv"
    path.write_bytes(
        f"{','.join(COLUMNS)}\n1,不锈钢板,304,300,吨,480,2027-03-31\n".encode("gb18030") + b"2,\xff\xff,,1\n"
    )
    return path


def with_password(folder: Path) -> Path:
    path = folder / "有密码.xlsx"
    with workbook(folder / "明文.xlsx", [COLUMNS, ROW]).open("rb") as plain, path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("geheim", target)
    return path


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (unknown_header, ("第 1 行「颜色偏好」", "plan.header.unknown")),
        (empty_sheet, ("需求", "plan.")),
        (words_for_a_number, ("第 2 行", "需求数量", "三百", "300", "plan.quantity.not_a_number")),
        (merged_header, ("第 1 行", "B1:C1", "plan.header.merged")),
        (broken_gb18030, ("第 3 行", "file.")),
        (with_password, ("密码", "file.")),
    ],
)
def test_a_bad_plan_is_refused_with_place_value_and_mend(
    environment: dict[str, str], tmp_path: Path, spoil: Callable[[Path], Path], said: tuple[str, ...]
) -> None:
    path = spoil(tmp_path)
    answer = run(environment, "ingest", "plans", path, *BUYER)
    assert answer.returncode == REFUSED
    assert path.name in answer.stderr
    for words in said:
        assert words in answer.stderr
    assert "请" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert json.loads(run(environment, "plan", "list", "--json").stdout) == []


def test_a_gb18030_csv_that_is_whole_is_read(environment: dict[str, str], tmp_path: Path) -> None:
    home = {**environment, "QL_HOME": str(tmp_path / "home")}
    path = tmp_path / "国标编码.csv"
    path.write_bytes(GOOD_CSV.encode("gb18030"))
    assert run(home, "ingest", "plans", path, *BUYER).returncode == OK
    assert [plan["lines"] for plan in json.loads(run(home, "plan", "list", "--json").stdout)] == [1]


def test_a_plan_file_is_matched_without_being_stored(environment: dict[str, str], tmp_path: Path) -> None:
    home = {**environment, "QL_HOME": str(tmp_path / "home")}
    register = tmp_path / "名录.jsonl"
    firm = {"name": "无锡示例不锈钢加工有限公司", "division": "3202", "source": "synthetic", "tier": None,
            "certificates": [], "capabilities": [{"product": "=304冷轧不锈钢板分条"}]}  # fmt: skip
    register.write_text(json.dumps(firm, ensure_ascii=False) + "\n", "utf-8")
    assert run(home, "ingest", "firms", register, "--source", "示例名录", "--synthetic").returncode == OK
    plan, out = workbook(tmp_path / "采购计划.xlsx", [COLUMNS, ROW]), tmp_path / "结果.xlsx"
    answer = run(home, "plan", "match", plan, "--json", "--xlsx", out)
    assert answer.returncode == OK
    supplier = json.loads(answer.stdout)["lines"][0]["suppliers"][0]
    assert supplier["firm"]["name"] == firm["name"]
    assert sum(supplier["parts"].values()) == pytest.approx(math.log(supplier["p"] / (1 - supplier["p"])))
    rows = list(openpyxl.load_workbook(out).worksheets[0].values)
    assert rows[1][7] == "'=304冷轧不锈钢板分条"
    assert json.loads(run(home, "plan", "list", "--json").stdout) == []


def test_an_unknown_plan_says_how_to_find_one(environment: dict[str, str]) -> None:
    answer = run(environment, "plan", "match", "plan-none")
    assert answer.returncode == REFUSED
    assert "qianglian plan list" in answer.stderr


def test_an_engine_that_does_not_answer_is_exit_code_three(environment: dict[str, str]) -> None:
    answer = run({**environment, "QL_NEO4J_URI": "bolt://127.0.0.1:9"}, "plan", "list")
    assert answer.returncode == UNREACHABLE
    assert "qianglian doctor" in answer.stderr


def test_a_missing_option_is_a_usage_error(environment: dict[str, str]) -> None:
    assert run(environment, "rank").returncode == USAGE


def test_ranking_twice_gives_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    needs, offers = tmp_path / "n.tsv", tmp_path / "o.tsv"
    needs.write_text("n1\t电机铁芯用无取向硅钢片\nn2\t谐波减速器\n", "utf-8")
    offers.write_text("o1\ts1\t冷轧电工钢带分条\no2\ts1\t塑料托盘\no3\ts2\t机器人谐波减速机\n", "utf-8")
    outs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for out in outs:
        command = ("rank", "--needs", needs, "--offers", offers, "--top", "2", "--out", out)
        assert run(environment, *command).returncode == OK
    assert outs[0].read_bytes() == outs[1].read_bytes()
    first, second = [json.loads(line) for line in outs[0].read_text("utf-8").splitlines()]
    assert [(r["supplier_id"], r["offer_id"]) for r in first["results"]] == [("s1", "o1"), ("s2", "o3")]
    assert second["results"][0]["supplier_id"] == "s2"


def test_a_faulty_list_names_row_and_column(environment: dict[str, str], tmp_path: Path) -> None:
    needs, out = tmp_path / "n.tsv", tmp_path / "out.jsonl"
    needs.write_text("n1\t硅钢片\nn2\n", "utf-8")
    answer = run(environment, "rank", "--needs", needs, "--offers", needs, "--out", out)
    assert answer.returncode == REFUSED
    assert "n.tsv 第 2 行" in answer.stderr
    assert not out.exists()


def test_a_command_beside_a_running_service_uses_its_engines(environment: dict[str, str], tmp_path: Path) -> None:
    home = {**environment, "QL_HOME": str(tmp_path / "home")}
    holder = (
        "import sys, pathlib; from graph.embedded import EmbeddedEngines; "
        "e = EmbeddedEngines(pathlib.Path(sys.argv[1]), redis=False).start(); print('ready', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, home["QL_HOME"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "ready\n"
        answer = run(home, "plan", "list", "--json")
        assert service.poll() is None
        service.communicate("\n")
    assert (answer.returncode, answer.stdout.strip()) == (OK, "[]")
