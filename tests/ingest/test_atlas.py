"""What the atlas promises: every fault of every file at once, with the place; and that the shipped one has none."""

from pathlib import Path

import pytest

from graph.model import Status
from ingest.atlas import shipped_folder
from ingest.atlas.products import COLUMNS
from ingest.atlas.reader import Atlas, read_atlas
from ingest.faults import Fault, RefusedFile

CLUSTER = """
cluster: {code: power, name: 新型电力装备, status: working, source: 工作名单}
chains:
  - {code: grid, name: 智能电网, status: sourced, source: 公开报道}
links:
  - {code: grid-steel, name: 硅钢片, chain: grid, layer: 上游, kind: 材料,
     tax: ["1090404010000000000"], classes: [C3821]}
  - {code: grid-core, name: 铁芯, chain: grid, layer: 中游}
  - {code: grid-transformer, name: 变压器, chain: grid, layer: 下游}
feeds:
  - [grid-steel, grid-core]
  - [grid-core, grid-transformer]
products: [grid]
"""
STEEL = [
    "取向硅钢片",
    "grid-steel",
    "冷轧取向电工钢、CRGO",
    "冷连轧后高温退火并涂绝缘膜的含硅带材, 厚0.23-0.30mm, 供变压器厂叠铁",
    "无取向硅钢片、非晶带材",
    "GB/T 2521.2",
    "ISO 9001",
    "吨",
]


def folder(tmp_path: Path, cluster: str = CLUSTER, rows: list[list[str]] | None = None) -> Path:
    (tmp_path / "products").mkdir()
    (tmp_path / "power.yaml").write_text(cluster, encoding="utf-8")
    table = [list(COLUMNS), *([STEEL] if rows is None else rows)]
    text = "".join("\t".join(row) + "\n" for row in table)
    (tmp_path / "products" / "grid.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(path: Path) -> list[Fault]:
    with pytest.raises(RefusedFile) as refused:
        read_atlas(path)
    return list(refused.value.faults)


def codes_of(path: Path) -> set[str]:
    return {fault.code for fault in faults_of(path)}


@pytest.fixture(scope="module")
def shipped() -> Atlas:
    return read_atlas(shipped_folder())


def test_a_sound_folder_is_read_with_its_links_feeds_and_products(tmp_path: Path) -> None:
    atlas = read_atlas(folder(tmp_path))
    assert [cluster.code for cluster in atlas.clusters] == ["power"]
    assert [(chain.code, chain.status) for chain in atlas.chains] == [("grid", Status.SOURCED)]
    assert {link.code: link.feeds for link in atlas.links} == {
        "grid-steel": ("grid-core",),
        "grid-core": ("grid-transformer",),
        "grid-transformer": (),
    }
    assert atlas.products[0].synonyms == ("冷轧取向电工钢", "CRGO")
    assert atlas.products[0].unit == "吨"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("layer: 中游", "layer: 中间", "atlas.layer_unknown"),
        ("status: sourced", "status: sure", "atlas.status_unknown"),
        ("[grid-steel, grid-core]", "[grid-steel, grid-cores]", "atlas.link_unknown"),
        ("[grid-steel, grid-core]", "[grid-core, grid-core]", "atlas.feeds_itself"),
        ("[grid-core, grid-transformer]", "[grid-transformer, grid-core]", "atlas.layer_backwards"),
        ("code: grid-core, name: 铁芯", "code: grid-core, name: 硅钢片", "atlas.link_name_twice"),
        ("code: grid-core, name", "code: grid-steel, name", "atlas.code_twice"),
        ("chain: grid, layer: 下游", "chain: girds, layer: 下游", "atlas.chain_unknown"),
        ("  - [grid-core, grid-transformer]\n", "", "atlas.link_orphan"),
        ("C3821", "C9999", "atlas.code_unknown"),
        ("1090404010000000000", "1090404019999999999", "atlas.code_unknown"),
        ("kind: 材料", "kind: 原料", "atlas.kind_unknown"),
        ("[grid-core, grid-transformer]", "{from: grid-core, to: grid-steel, loop: true}", "atlas.loop_unexplained"),
    ],
)
def test_a_fault_of_the_map_is_named(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in CLUSTER
    assert code in codes_of(folder(tmp_path, CLUSTER.replace(old, new)))


def test_a_cycle_inside_a_layer_is_shown_as_the_way_it_goes(tmp_path: Path) -> None:
    cyclic = CLUSTER.replace("layer: 上游", "layer: 中游").replace("layer: 下游", "layer: 中游")
    path = folder(tmp_path, cyclic.replace("feeds:", "feeds:\n  - [grid-transformer, grid-steel]"))
    [fault] = faults_of(path)
    assert fault.code == "atlas.cycle"
    assert all(code in fault.message for code in ("grid-steel", "grid-core", "grid-transformer"))


def test_a_cycle_with_a_reason_is_taken(tmp_path: Path) -> None:
    loop = "feeds:\n  - {from: grid-transformer, to: grid-steel, loop: true, reason: 退役变压器的硅钢片回炉}"
    atlas = read_atlas(folder(tmp_path, CLUSTER.replace("feeds:", loop)))
    assert {link.code: link.loops for link in atlas.links}["grid-transformer"] == ("grid-steel",)


def changed(column: str, value: str) -> list[str]:
    return [value if name == column else cell for name, cell in zip(COLUMNS, STEEL, strict=True)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed("link", "grid-stell"), "product.link_unknown"),
        (changed("synonyms", "CRGO"), "product.synonyms_count"),
        (changed("description", "各类产品"), "product.description_length"),
        (changed("description", "供货及时的取向硅钢片, 冷连轧后高温退火并涂绝缘膜"), "product.description_names_it"),
        (changed("confused_with", "非晶带材、CRGO"), "product.confused_with_itself"),
        (changed("confused_with", "非晶带材"), "product.confusions_count"),
        (STEEL[:-1], "product.columns"),
    ],
)
def test_a_fault_of_a_product_is_named_with_its_row(tmp_path: Path, row: list[str], code: str) -> None:
    [fault] = faults_of(folder(tmp_path, rows=[row]))
    assert (fault.file, fault.row, fault.code) == ("grid.tsv", 2, code)


def test_one_name_belongs_to_one_product(tmp_path: Path) -> None:
    other = ["变压器铁芯", "grid-core", "CRGO、叠铁", "步进叠积的三相五柱芯体, 阶梯接缝, 不叠上轭工艺", *STEEL[4:]]
    namesake = [*changed("synonyms", "电工钢带、变压器铁芯")]
    codes = codes_of(folder(tmp_path, rows=[STEEL, other, namesake]))
    assert {"product.twice", "product.synonym_shared", "product.synonym_is_product"} <= codes


def test_a_description_that_could_be_anybodys_gives_nothing_away(tmp_path: Path) -> None:
    anybody = "专业制造, 质量可靠, 规格齐全, 交货及时, 可按图定制"
    rows = [[f"产品{i}", "grid-steel", f"甲{i}、乙{i}", anybody, "丙、丁", "", "", "件"] for i in range(20)]
    assert {fault.code for fault in faults_of(folder(tmp_path, rows=rows))} == {"product.description_empty"}


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    path = folder(tmp_path, CLUSTER.replace("layer: 中游", "layer: 中间"), [changed("link", "x"), changed("unit", "")])
    assert {fault.file for fault in faults_of(path)} == {"power.yaml", "grid.tsv"}


def test_what_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    [fault] = faults_of(folder(tmp_path, "cluster: {code: power\nchains: ]"))
    assert (fault.code, fault.row) == ("atlas.not_yaml", 2)


def test_the_shipped_atlas_has_16_clusters_and_50_chains_each_with_its_status_and_source(shipped: Atlas) -> None:
    assert len(shipped.clusters) == 16
    assert len(shipped.chains) == 50
    assert all(item.source for item in (*shipped.clusters, *shipped.chains))
    assert not any(item.status is Status.OFFICIAL for item in (*shipped.clusters, *shipped.chains))


def test_the_shipped_atlas_is_as_wide_as_promised(shipped: Atlas) -> None:
    assert len(shipped.links) >= 500
    assert sum(len(link.feeds) for link in shipped.links) >= 900
    assert len(shipped.products) >= 6_000


def test_every_shipped_chain_runs_through_its_layers_and_every_link_makes_something(shipped: Atlas) -> None:
    made = {product.link_code for product in shipped.products}
    assert {link.code for link in shipped.links} == made
    for chain in shipped.chains:
        layers = [link.layer for link in shipped.links if link.chain_code == chain.code]
        assert set(layers) == {"上游", "中游", "下游"}, chain.name
        assert 8 <= len(layers) <= 20, chain.name


def test_silicon_steel_reaches_both_the_electric_car_and_the_transformer(shipped: Atlas) -> None:
    feeds = {link.code: link.feeds for link in shipped.links}
    names = {link.code: link.name for link in shipped.links}
    chains = {link.code: link.chain_code for link in shipped.links}
    reached, waiting = set(), [code for code in feeds if "硅钢" in names[code]]
    while waiting:
        code = waiting.pop()
        reached.add(code)
        waiting += [end for end in feeds[code] if end not in reached]
    assert {"xinnengyuan-qiche", "tegaoya-shebei"} <= {chains[code] for code in reached}
