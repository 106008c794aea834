"""Chain files and lists of plans are read whole or refused with every fault."""

from pathlib import Path

import pytest

from graph.model import Chain, Cluster, Link, Status
from ingest.atlas.reader import read_atlas
from ingest.faults import RefusedFile
from ingest.manifest import read_manifest

GOOD = """
cluster: {code: power, name: 新型电力装备, status: working}
chains:
  - {code: uhv, name: 特高压设备, status: sourced, source: 省级公开报道}
links:
  - {code: uhv-steel, name: 硅钢片, chain: uhv, layer: 上游}
  - {code: uhv-transformer, name: 变压器, chain: uhv, layer: 中游}
feeds:
  - [uhv-steel, uhv-transformer]
products: []
"""


def file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path, text: str) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFile) as refused:
        read_atlas(file(path / "chains.yaml", text))
    return [(fault.code, fault.column) for fault in refused.value.faults]


def test_a_cluster_with_its_chain_and_links_is_read(tmp_path: Path) -> None:
    atlas = read_atlas(file(tmp_path / "chains.yaml", GOOD))
    assert atlas.clusters == (Cluster("power", "新型电力装备", Status.WORKING),)
    assert atlas.chains == (Chain("uhv", "特高压设备", "power", Status.SOURCED, "省级公开报道"),)
    assert atlas.links == (
        Link("uhv-steel", "硅钢片", "uhv", "上游", ("uhv-transformer",)),
        Link("uhv-transformer", "变压器", "uhv", "中游"),
    )


def test_several_clusters_fit_in_one_file(tmp_path: Path) -> None:
    text = """
clusters:
  - {code: a, name: 甲, status: working}
  - {code: b, name: 乙, status: working}
chains:
  - {code: c, name: 丙, cluster: b, status: working, source: 工作清单}
"""
    assert read_atlas(file(tmp_path / "one.yaml", text)).chains[0].cluster_code == "b"
    documents = GOOD + "---\n" + GOOD.replace("power", "other").replace("uhv", "x").replace("特高压设备", "超高压设备")
    assert [c.code for c in read_atlas(file(tmp_path / "two.yaml", documents)).chains] == ["uhv", "x"]


def test_what_is_no_chain_file_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "a: [") == [("atlas.not_yaml", None)]
    assert faults(tmp_path, "- 1") == [("atlas.not_a_mapping", None)]
    assert faults(tmp_path, "") == [("atlas.empty", "chains")]


def test_a_list_of_plans_gives_files_with_headers(tmp_path: Path) -> None:
    file(tmp_path / "a.csv", "品名\n钢板\n")
    text = "- {file: a.csv, buyer: 示例公司, chain: uhv, title: 计划, published_on: 2026-11-01, source: synthetic}\n"
    ((path, header),) = read_manifest(file(tmp_path / "plans.yaml", text))
    assert path == (tmp_path / "a.csv").resolve()
    assert (header.buyer, header.chain_code, header.published_on, header.synthetic) == (
        "示例公司",
        "uhv",
        "2026-11-01",
        True,
    )


def test_a_list_of_plans_with_faults_is_refused(tmp_path: Path) -> None:
    text = "- {file: ../a.csv, title: 计划, closes_on: 明天}\n- {file: b.csv, buyer: x, title: y}\n"
    with pytest.raises(RefusedFile) as refused:
        read_manifest(file(tmp_path / "plans.yaml", text))
    assert [(f.code, f.column) for f in refused.value.faults] == [
        ("manifest.file", "[1].file"),
        ("manifest.buyer", "[1].buyer"),
        ("manifest.closes_on", "[1].closes_on"),
        ("manifest.file", "[2].file"),
    ]
