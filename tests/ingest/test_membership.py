"""Who belongs to a chain, and as what: by its name, by the row, by the title, or by what the loader says."""

from pathlib import Path

import pytest

from graph.model import ChainRole, Membership
from ingest.kinds.chain_names import ChainNames, role_in
from ingest.membership import MembershipSaid, read_membership
from tests.ingest.firm_tables import table

CHAINS = ChainNames({"rail": "轨道交通装备", "cnc": "高档数控机床", "crane": "起重机"})
SAID = MembershipSaid(CHAINS, synthetic=True)
HEADER = ("序号", "产业链", "企业名称", "角色", "设区市")


def test_a_list_gives_each_firm_its_chain_and_role(tmp_path: Path) -> None:
    path = table(
        tmp_path / "名单.xlsx",
        HEADER,
        (1, "轨道交通装备产业链", "常州示例车辆有限公司", "链主企业", "常州市"),
        (2, "同上", "常州示例车轴有限公司", "成员企业", "常州市"),
        (3, "起重机", "徐州示例起重机有限公司", "领航企业", "徐州市"),
        title=("产业链企业名单",),
    )
    reading = read_membership(path, SAID)
    assert [firm.memberships for firm in reading.items] == [
        (Membership("rail", ChainRole.LEAD),),
        (Membership("rail", ChainRole.MEMBER),),
        (Membership("crane", ChainRole.LEAD),),
    ]
    assert [firm.division for firm in reading.items] == ["3204", "3204", "3203"]


def test_a_title_of_lead_firms_holds_for_every_row(tmp_path: Path) -> None:
    path = table(
        tmp_path / "名单.xlsx", ("产业链", "企业名称"), ("起重机", "徐州示例起重机有限公司"), title=("链主企业名单",)
    )
    (firm,) = read_membership(path, SAID).items
    assert firm.memberships == (Membership("crane", ChainRole.LEAD),)


def test_what_the_file_leaves_out_is_what_the_loader_says(tmp_path: Path) -> None:
    path = table(tmp_path / "名单.xlsx", ("序号", "企业名称"), (1, "徐州示例起重机有限公司"))
    said = MembershipSaid(CHAINS, "起重机", ChainRole.LEAD, synthetic=True)
    (firm,) = read_membership(path, said).items
    assert firm.memberships == (Membership("crane", ChainRole.LEAD),)


def test_an_unknown_chain_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = table(
        tmp_path / "名单.xlsx",
        HEADER,
        (1, "起重机械", "徐州示例起重机有限公司", "成员", None),
        (2, None, "徐州示例起重臂有限公司", "老板", None),
    )
    reading = read_membership(path, SAID)
    assert [(f.row, f.code) for f in reading.faults] == [
        (2, "membership.chain.unknown"),
        (3, "membership.chain.missing"),
        (3, "membership.role.unknown"),
    ]
    assert "起重机" in reading.faults[0].message


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("链主企业", ChainRole.LEAD),
        ("领航企业", ChainRole.LEAD),
        ("骨干企业", ChainRole.MEMBER),
        ("配套企业", ChainRole.MEMBER),
        ("其他", ChainRole.MEMBER),
        ("老板", None),
    ],
)
def test_roles_have_many_names(text: str, role: ChainRole | None) -> None:
    assert role_in(text) is role
