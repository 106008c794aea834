"""Loading from the command line, as an office does it: look, load, correct, take back, decide what is one firm."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from graph.embedded import EmbeddedEngines
from tests.ingest.firm_tables import RECOGNITION_HEADER, register, table
from tests.ingest.test_catalogue import TAX, lines
from tests.ingest.test_intentions import PROJECT
from tests.ingest.test_recognition import ROWS

QIANGLIAN = Path(sys.executable).with_name("qianglian")
OK, REFUSED, USAGE = 0, 1, 2
SOURCE = ("--source", "示例名录", "--synthetic")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One engine for all commands of this module, as beside a running service."""
    home = tmp_path_factory.mktemp("home")
    with EmbeddedEngines(home, redis=False):
        yield {**os.environ, "QL_HOME": str(home), "HF_HUB_OFFLINE": "1", "COLUMNS": "200"}


def run(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [QIANGLIAN, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def loads(environment: dict[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(environment, "loads", "--json").stdout)
    return found


def test_a_register_is_tried_loaded_listed_and_taken_back(environment: dict[str, str], tmp_path: Path) -> None:
    path = register(tmp_path / "名录.xlsx", {}, {"企业名称": None})
    before = loads(environment)
    tried = run(environment, "ingest", "register", path, *SOURCE, "--dry-run")
    assert tried.returncode == OK, tried.stderr
    assert "接受 1 行，拒收 1 行" in tried.stdout
    assert "register.name.missing" in tried.stdout
    assert loads(environment) == before
    done = run(environment, "ingest", "register", path, *SOURCE)
    assert "新增 1" in done.stdout
    assert "跳过" in run(environment, "ingest", "register", path, *SOURCE).stdout
    (load,) = [one for one in loads(environment) if one not in before]
    assert (load["rows_read"], load["accepted"], load["rejected"]) == (2, 1, 1)
    undone = run(environment, "loads", "undo", str(load["id"]), "--json")
    assert json.loads(undone.stdout)["firms_removed"] == 1
    assert loads(environment) == before
    assert run(environment, "loads", "undo", str(load["id"])).returncode == REFUSED


def test_the_report_is_corrected_and_fed_back(environment: dict[str, str], tmp_path: Path) -> None:
    path, out = (
        table(tmp_path / "名单.xlsx", RECOGNITION_HEADER, *ROWS, (3, "无锡市", None, None, "电机")),
        tmp_path / "报告.xlsx",
    )
    said = ("--tier", "小巨人", "--batch", "第七批")
    assert run(environment, "ingest", "recognition", path, *SOURCE, *said, "--report", out).returncode == OK
    book = openpyxl.load_workbook(out)
    assert book["接受"].max_row == 3
    book["拒收"].cell(2, 4).value = "无锡示例电机有限公司"
    book.save(out)
    again = run(environment, "ingest", "recognition", out, *SOURCE)
    assert "接受 1 行，拒收 0 行" in again.stdout, again.stdout + again.stderr


def test_a_mapping_is_seen_corrected_saved_and_used(environment: dict[str, str], tmp_path: Path) -> None:
    rows = (("企业名称", "拳头货"), ("苏州示例精密机械有限公司", "谐波减速器"))
    path = table(tmp_path / "怪表.xlsx", *rows)
    shown = run(environment, "ingest", "register", path, *SOURCE, "--preview")
    assert "「拳头货」" in shown.stdout, shown.stderr
    saved = run(
        environment,
        "ingest",
        "register",
        path,
        *SOURCE,
        "--preview",
        "--map",
        "拳头货=主要产品",
        "--save-profile",
        "怪表",
    )
    assert "「拳头货」 → 主要产品" in saved.stdout, saved.stderr
    used = run(environment, "ingest", "register", path, *SOURCE, "--profile", "怪表", "--dry-run")
    assert "接受 1 行" in used.stdout, used.stderr
    unknown = run(environment, "ingest", "register", path, *SOURCE, "--profile", "没有")
    assert (unknown.returncode, "profile.unknown" in unknown.stderr) == (REFUSED, True)
    assert run(environment, "ingest", "register", path, *SOURCE, "--map", "拳头货=长相").returncode == USAGE


def test_firms_that_may_be_one_are_shown_and_decided(environment: dict[str, str], tmp_path: Path) -> None:
    one = register(
        tmp_path / "a.xlsx",
        {"企业名称": "南通示例船用锚链有限公司", "设区市": "南通市", "县（市、区）": None, "地址": None},
    )
    two = register(
        tmp_path / "b.xlsx",
        {"企业名称": "南通示例船用锚练有限公司", "设区市": "南通市", "县（市、区）": None, "地址": None},
    )
    for path in (one, two):
        assert run(environment, "ingest", "register", path, *SOURCE).returncode == OK
    questions = json.loads(run(environment, "review", "list", "--json").stdout)
    asked = next(q for q in questions if "锚" in q["left"]["name"])
    assert {asked["left"]["name"], asked["right"]["name"]} == {"南通示例船用锚链有限公司", "南通示例船用锚练有限公司"}
    assert run(environment, "review", "same", asked["id"]).returncode == OK
    everything = json.loads(run(environment, "review", "list", "--all", "--json").stdout)
    decided = next(q for q in everything if q["id"] == asked["id"])
    assert decided["state"] == "same"
    loser = max(asked["left_code"], asked["right_code"])
    assert run(environment, "review", "unmerge", loser).returncode == OK
    assert run(environment, "review", "different", asked["id"]).returncode == OK
    assert asked["id"] not in {q["id"] for q in json.loads(run(environment, "review", "list", "--json").stdout)}


@pytest.mark.parametrize("kind", ["recognition", "register", "plans", "membership", "intentions", "catalogue"])
def test_every_kind_has_a_template_that_reads_back(environment: dict[str, str], tmp_path: Path, kind: str) -> None:
    out = tmp_path / "模板.xlsx"
    assert run(environment, "ingest", "template", kind, out).returncode == OK
    book = openpyxl.load_workbook(out)
    assert book.worksheets[0].max_column > 2
    extra = ("--buyer", "示例单位") if kind in ("plans", "intentions") else ()
    marks = () if kind in ("intentions", "catalogue") else ("--synthetic",)
    read = run(environment, "ingest", kind, out, "--source", "模板", *marks, *extra, "--preview")
    assert read.returncode == OK, read.stderr


def test_catalogues_divisions_and_intentions_go_in_too(environment: dict[str, str], tmp_path: Path) -> None:
    areas = tmp_path / "区划.csv"
    areas.write_text("code,name\n32,江苏省\n3205,苏州市\n", encoding="utf-8")
    for command, path, said in (
        ("catalogue", lines(tmp_path / "tax.jsonl", *TAX), "接受 3 行"),
        ("divisions", areas, "接受 2 行"),
        ("intentions", lines(tmp_path / "意向.jsonl", PROJECT), "接受 1 行"),
    ):
        done = run(environment, "ingest", command, path, "--source", "公开目录")
        assert (done.returncode, said in done.stdout) == (OK, True), done.stdout + done.stderr


def test_a_refused_file_does_not_stop_the_others(environment: dict[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    good = register(tmp_path / "好.xlsx", {"企业名称": "泰州示例船舶有限公司"})
    done = run(environment, "ingest", "register", bad, good, *SOURCE)
    assert done.returncode == REFUSED
    assert "好.xlsx：读取 1 行" in done.stdout
    assert "坏.xlsx" in done.stderr
    assert "Traceback" not in done.stderr
    assert (
        run(environment, "ingest", "register", bad, good, *SOURCE, "--report", tmp_path / "r.xlsx").returncode == USAGE
    )
