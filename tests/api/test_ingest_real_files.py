"""Every row of real files is accounted for, where the folder QL_REALDATA holds them; elsewhere this is skipped.

The files are public ones that are not ours to ship; see `FILES` for their shapes and names.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.embedded import EmbeddedEngines

QIANGLIAN = Path(sys.executable).with_name("qianglian")
REALDATA = os.environ.get("QL_REALDATA")
# command, file below the folder, rows in it
FILES = (
    ("divisions", "admin_divisions_gb2260/provinces.csv", 31),
    ("divisions", "admin_divisions_gb2260/cities.csv", 342),
    ("divisions", "admin_divisions_gb2260/areas.csv", 2978),
    ("divisions", "admin_divisions_gb2260/streets_jiangsu.csv", 1487),
    ("catalogue", "tax_goods_catalog/tax_catalog_dev.jsonl", 4139),
    ("catalogue", "gbt4754_2017/gbt4754_2017_with_notes.json", 1772),
    ("catalogue", "gov_procurement_catalog_2022/catalogs-full.json", 4272),
    ("firms", "chain_kg/firms.jsonl", 2042),
    ("notices", "telecom_procurement_notices_2026/notices.jsonl", 3073),
    ("intentions", "gov_purchase_intentions_shandong/intentions.jsonl", 25),
    ("register", "kag_supplychain_sample/Company.csv", 103),
    ("membership", "tw_value_chain/segment_company.tsv", 5856),
)
# Tables of products and what they feed: no list of firms, plans or codes, so no command takes them.
NO_KIND = (
    ("catalogue", "kag_supplychain_sample/Product.csv"),
    ("membership", "chain_kg/industrial_upstream_subset.tsv"),
)

pytestmark = pytest.mark.skipif(not REALDATA, reason="QL_REALDATA names no folder of real files")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One engine for all files."""
    home = tmp_path_factory.mktemp("home")
    with EmbeddedEngines(home, redis=False):
        yield {**os.environ, "QL_HOME": str(home), "COLUMNS": "200"}


def run(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([QIANGLIAN, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("command", "name", "rows"), FILES)
def test_every_row_of_a_real_file_is_accounted_for(
    environment: dict[str, str], command: str, name: str, rows: int
) -> None:
    start = time.perf_counter()
    done = run(environment, "ingest", command, Path(REALDATA or "") / name, "--source", name)
    print(f"\n{time.perf_counter() - start:6.1f} s {name}\n{done.stdout[:400]}")
    assert done.returncode == 0, done.stderr
    load = next(one for one in json.loads(run(environment, "loads", "--json").stdout) if one["source_id"] == name)
    assert load["rows_read"] == load["accepted"] + load["rejected"] == rows


@pytest.mark.parametrize(("command", "name"), NO_KIND)
def test_what_no_command_takes_is_refused_by_its_header(environment: dict[str, str], command: str, name: str) -> None:
    done = run(environment, "ingest", command, Path(REALDATA or "") / name, "--source", name)
    assert (done.returncode, "header" in done.stderr) == (1, True)
