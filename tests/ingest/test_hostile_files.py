"""A hostile or broken file is refused by name before it can cost memory, and the reading process lives on."""

import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.faults import RefusedFile
from ingest.limits import DEFAULT, MIB, Limits
from ingest.plans import read_plan
from ingest.tables import open_sheets
from tests.ingest.books import COLUMNS, HEADER, ROW, codes_of, faults_of, workbook
from tests.ingest.hostile import Case
from tests.ingest.hostile_old import XLS_AND_ODS
from tests.ingest.hostile_text import TEXTS_AND_PAPERS
from tests.ingest.hostile_xlsx import MAIN, XLSX, good, with_shared_texts
from tests.ingest.old_books import old_workbook

CASES = (*XLSX, *XLS_AND_ODS, *TEXTS_AND_PAPERS)
PROJECT = Path(__file__).resolve().parent.parent.parent


def probed(path: Path) -> dict[str, Any]:
    """What became of the file in a calling process of its own, which must end well."""
    command = [sys.executable, "-m", "tests.ingest.hostile_probe", str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def refused_under(path: Path, limits: Limits) -> list[str]:
    """The codes with which `path` is refused under `limits`."""
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, HEADER, limits=limits)
    return [fault.code for fault in refused.value.faults]


def test_there_are_many_distinct_hostile_files() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 90


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_by_code_or_read_where_it_is_harmless(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    try:
        case.make(path)
        told = probed(path)
    finally:
        path.unlink(missing_ok=True)
    if told["codes"]:
        assert set(told["codes"]) <= case.codes, told
        assert all("。" in message for message in told["messages"])
    else:
        assert case.cell is not None, told
        assert case.cell in told["cells"]
    if sys.platform == "linux":
        assert told["child_mib"] <= DEFAULT.memory_bytes / MIB


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not limit the memory of a process")
def test_the_kernel_holds_the_child_to_its_limits() -> None:
    probe = (
        "import resource, sys; from ingest.limits import Limits; from ingest.workbook_worker import limit_itself;"
        "limit_itself(Limits(memory_bytes=300 * 2**20, cpu_seconds=7));"
        "print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)); bytearray(400 * 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"({300 * MIB}, {300 * MIB}) (7, 7)"
    assert "MemoryError" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not limit the memory of a process")
def test_a_parser_that_wants_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "styles.xlsx"
    next(case for case in XLSX if case.name == path.name).make(path)
    assert open_sheets(path)
    assert refused_under(path, replace(DEFAULT, memory_bytes=150 * MIB)) == ["file.parser.memory"]


def test_a_shared_text_that_is_used_a_million_times_ends_the_child_and_not_the_service(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 40_001))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
    text = f"<si><t>{'铁' * 30_000}</t></si>".encode()
    path = with_shared_texts(tmp_path / "shared.xlsx", text, lambda _: sheet)
    assert set(codes_of(path)) <= {"file.parser.memory", "file.too_much_text"}


def test_what_is_no_workbook_is_refused_by_its_content(tmp_path: Path) -> None:
    book = good(tmp_path / "good.xlsx").read_bytes()
    for name, data, code in [
        ("text.xlsx", "物料名称,数量\n".encode(), "file.not_a_zip"),
        ("empty.xlsx", b"", "file.empty"),
        ("book.csv", book, "file.type_mismatch"),
        ("paper.xlsx", b"%PDF-1.7 ...", "file.type_mismatch"),
        ("cut.xlsx", book[:-200], "file.zip.broken"),
        ("head.xlsx", book[:40], "file.zip.broken"),
    ]:
        (tmp_path / name).write_bytes(data)
        assert codes_of(tmp_path / name) == [code], name
    assert codes_of(tmp_path / "nowhere.xlsx") == ["file.missing"]


def test_a_password_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    next(case for case in XLSX if case.name == path.name).make(path)
    (fault,) = faults_of(path)
    assert fault.code == "file.encrypted"
    assert "密码" in fault.message


def test_a_hyperlink_is_no_external_link(tmp_path: Path) -> None:
    def link(sheet: object) -> None:
        sheet["B2"].hyperlink = "mailto:someone@example.com"  # type: ignore[index]

    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW], link)
    assert len(read_plan(path, HEADER).lines) == 1


def test_size_is_limited_before_anything_is_read(tmp_path: Path) -> None:
    assert refused_under(good(tmp_path / "good.xlsx"), replace(DEFAULT, file_bytes=100)) == ["file.too_large"]


def test_a_parser_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert refused_under(good(tmp_path / "good.xlsx"), replace(DEFAULT, wall_seconds=0)) == ["file.parser.time"]


def test_the_caller_of_a_dying_parser_keeps_its_own_memory(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = tmp_path / "far_apart.xlsx"
    next(case for case in XLSX if case.name == path.name).make(path)
    for _ in range(3):
        with pytest.raises(RefusedFile):
            open_sheets(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert open_sheets(old_workbook(tmp_path / "good.xls", {"需求": [COLUMNS[:3], ROW[:3]]}))[0].rows[1] == ROW[:3]


def test_the_child_imports_neither_the_engines_nor_the_models() -> None:
    probe = (
        "import sys, ingest.workbook_worker; from python_calamine import CalamineWorkbook;"
        "heavy = {'torch', 'neo4j', 'numpy', 'openpyxl', 'pdfplumber', 'rapidfuzz', 'graph.connection'};"
        "heavy &= set(sys.modules);"
        "sys.exit(','.join(sorted(heavy)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refusal_prints_where_what_and_how(tmp_path: Path) -> None:
    path = tmp_path / "macro.xlsx"
    next(case for case in XLSX if case.name == path.name).make(path)
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, HEADER)
    assert str(refused.value) == "macro.xlsx: 文件含有宏。请另存为不含宏的 .xlsx 后重新上传。 (file.macros)"
    assert refused.value.code == "file.macros"
