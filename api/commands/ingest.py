"""`qianglian ingest …`, `loads`, `review` and `migrate`: files into the graph, and what became of them (导入)."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import loads, review
from api.commands.connect import with_graph
from api.commands.load_files import LoadOptions, load_files
from graph.connection import Graph
from graph.migrate import migrate
from graph.model import ChainRole, PlanKind, Source
from ingest.atlas import shipped_folder
from ingest.atlas.load import SHIPPED, load_atlas
from ingest.catalogue import CATALOGUE, SCHEMES
from ingest.intentions import INTENTIONS
from ingest.kinds.chain_names import ChainNames
from ingest.kinds.known import KINDS
from ingest.kinds.titles import Announcement, tier_in
from ingest.load import (
    How,
    load_catalogue,
    load_division_file,
    load_intentions,
    load_listed_firms,
    load_membership,
    load_notices,
    load_plan,
    load_recognition,
    load_register,
)
from ingest.load_report import LoadReport
from ingest.membership import MEMBERSHIP, MembershipSaid
from ingest.plan_kind import PLAN
from ingest.plans import PlanHeader
from ingest.recognition import RECOGNITION
from ingest.register_table import REGISTER
from ingest.templates import write_template

Files = Annotated[list[Path], typer.Argument(help="要导入的文件，可以有多个。", metavar="FILE...")]
SourceName = Annotated[str, typer.Option("--source", help="数据来源的名称，例如“省工信厅2026年名单”。")]
Licence = Annotated[str, typer.Option("--licence", help="许可或使用范围。")]
Synthetic = Annotated[bool, typer.Option("--synthetic", help="示例（虚构）数据。")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")]
Report = Annotated[Path | None, typer.Option("--report", help="导入报告（xlsx）；多个文件时写文件夹。")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="多张工作表时，指明读哪一张。")]
Profile = Annotated[str | None, typer.Option("--profile", help="按已保存的映射方案读表。")]
SaveProfile = Annotated[str | None, typer.Option("--save-profile", help="把这次的列映射存为方案。")]
Map = Annotated[list[str] | None, typer.Option("--map", help="改正一列：列=字段，如 B=企业名称；不读写 B=。")]
Preview = Annotated[bool, typer.Option("--preview", help="只看每一列会读成什么，不导入。")]
DayOf = Annotated[str | None, typer.Option(help="日期，如 2026-07-01。")]

group = typer.Typer(no_args_is_help=True, help="把文件导入图数据库；同一文件导入两次等于一次。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="ingest")
    loads.register(app)
    review.register(app)
    app.command("migrate", help="建立或升级图数据库的约束与索引。")(migrate_command)


def migrate_command() -> None:
    """Bring the schema up to date."""

    async def run(graph: Graph) -> list[str]:
        return await migrate(graph)

    applied = with_graph(run)
    typer.echo("\n".join(applied) if applied else "已是最新，无需升级。")


@group.command("atlas", help="产业图谱：集群、产业链、环节、产品；不写路径则用自带的。")
def atlas(
    path: Annotated[Path | None, typer.Argument(help="图谱文件夹，或一个 YAML。", metavar="[PATH]")] = None,
    source: Annotated[str | None, typer.Option("--source", help="自己的图谱：数据来源的名称。")] = None,
    licence: Licence = "未注明",
    dry_run: DryRun = False,
) -> None:
    """Load the shipped atlas, or another one."""
    if path is not None and source is None:
        raise typer.BadParameter("自己的图谱要用 --source 写明来源。")
    where = _source(source, licence, False) if source else SHIPPED
    load_files([path or shipped_folder()], where, None, load_atlas, LoadOptions(dry_run))


@group.command("chains", help="集群、产业链、环节（YAML）。")
def chains(files: Files, source: SourceName, licence: Licence = "未注明", synthetic: Synthetic = False) -> None:
    """Load clusters, chains and links from files of one's own."""
    load_files(files, _source(source, licence, synthetic), None, load_atlas, LoadOptions())


@group.command("firms", help="企业：上市公司清单或中小企业名录（JSON Lines 或表格，自动识别）。")
def firms(
    files: Files,
    source: SourceName,
    licence: Licence = "未注明",
    synthetic: Synthetic = False,
    dry_run: DryRun = False,
    report: Report = None,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load listed firms or a register of firms."""

    async def either(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        return await (load_listed_firms if _is_listed(path) else load_register)(graph, where, path, how)

    options = _options(dry_run, report, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, synthetic), REGISTER, either, options)


group.command("register", help="企业名录（表格或 JSON Lines）：规模、认证、产品，文字拆成供给能力。")(firms)


@group.command("recognition", help="公示名单、认定名单：创新型、专精特新、小巨人、单项冠军。")
def recognition(
    files: Files,
    source: SourceName,
    tier: Annotated[str | None, typer.Option("--tier", help="名单没有写明时：哪一级称号。")] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="批次，如 2026年度第一批。")] = None,
    valid_from: DayOf = None,
    valid_until: DayOf = None,
    licence: Licence = "未注明",
    synthetic: Synthetic = False,
    dry_run: DryRun = False,
    report: Report = None,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load a recognition list."""
    if tier is not None and tier_in(tier) is None:
        raise typer.BadParameter(f"“{tier}” 不是称号。请填写创新型、专精特新、小巨人或单项冠军。")
    given = Announcement(tier_in(tier) if tier else None, batch, valid_from, valid_until)

    async def one(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        return await load_recognition(graph, where, path, given, how)

    options = _options(dry_run, report, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, synthetic), RECOGNITION, one, options)


@group.command("membership", help="产业链成员、链主与领航企业名单。")
def membership(
    files: Files,
    source: SourceName,
    chain: Annotated[str | None, typer.Option("--chain", help="名单没有写明时：哪条产业链。")] = None,
    lead: Annotated[bool, typer.Option("--lead", help="名单里都是链主（领航）企业。")] = False,
    licence: Licence = "未注明",
    synthetic: Synthetic = False,
    dry_run: DryRun = False,
    report: Report = None,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load the firms of chains."""
    said = MembershipSaid(ChainNames({}), chain, ChainRole.LEAD if lead else None)

    async def one(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        return await load_membership(graph, where, path, said, how)

    options = _options(dry_run, report, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, synthetic), MEMBERSHIP, one, options)


@group.command("notices", help="采购公告（JSON Lines）。")
def notices(
    files: Files, source: SourceName, licence: Licence = "未注明", dry_run: DryRun = False, report: Report = None
) -> None:
    """Load public purchase notices."""
    load_files(files, _source(source, licence, False), None, load_notices, LoadOptions(dry_run, report))


@group.command("intentions", help="政府采购意向（表格或 JSON Lines）。")
def intentions(
    files: Files,
    source: SourceName,
    buyer: Annotated[str | None, typer.Option("--buyer", help="表里没有写明时：采购单位。")] = None,
    licence: Licence = "未注明",
    dry_run: DryRun = False,
    report: Report = None,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load government purchase intentions."""

    async def one(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        return await load_intentions(graph, where, path, buyer, how)

    options = _options(dry_run, report, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, False), INTENTIONS, one, options)


@group.command("catalogue", help="分类目录：税收分类编码、GB/T 4754-2017、政府采购品目。")
def catalogue(
    files: Files,
    source: SourceName,
    scheme: Annotated[str | None, typer.Option("--scheme", help="看不出时说明：tax、gb4754 或 gpc。")] = None,
    licence: Licence = "未注明",
    dry_run: DryRun = False,
    report: Report = None,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load a public catalogue."""
    if scheme is not None and scheme not in SCHEMES:
        raise typer.BadParameter(f"没有名为“{scheme}”的目录。可用：{'、'.join(SCHEMES)}。")

    async def one(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        return await load_catalogue(graph, where, path, scheme, how)

    options = _options(dry_run, report, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, False), CATALOGUE, one, options)


@group.command("divisions", help="行政区划代码表（代码、名称）。")
def divisions(
    files: Files, source: SourceName, licence: Licence = "未注明", dry_run: DryRun = False, report: Report = None
) -> None:
    """Load administrative divisions."""
    load_files(files, _source(source, licence, False), None, load_division_file, LoadOptions(dry_run, report))


@group.command("plans", help="领航企业采购计划（xlsx 或 CSV）：有一处错误即整份拒收，并一次列出全部错误。")
def plans(
    files: Files,
    buyer: Annotated[str, typer.Option("--buyer", help="采购单位全称。")],
    title: Annotated[str | None, typer.Option("--title", help="计划名称；不填则用文件名。")] = None,
    chain: Annotated[str | None, typer.Option("--chain", help="产业链代码。")] = None,
    published: Annotated[str | None, typer.Option("--published", help="发布日期，如 2026-11-02。")] = None,
    closes: Annotated[str | None, typer.Option("--closes", help="截止日期，如 2026-12-31。")] = None,
    source: SourceName = "领航企业上报",
    licence: Licence = "仅限本系统使用",
    synthetic: Synthetic = False,
    dry_run: DryRun = False,
    sheet: Sheet = None,
    profile: Profile = None,
    save_profile: SaveProfile = None,
    map: Map = None,
    preview: Preview = False,
) -> None:
    """Load procurement plans, one a file."""
    if title is not None and len(files) > 1:
        raise typer.BadParameter("多个文件不能共用一个计划名称。请逐个导入，或不填 --title 而用文件名。")

    async def one(graph: Graph, where: Source, path: Path, how: How) -> LoadReport:
        header = PlanHeader(PlanKind.PLAN, title or path.stem, buyer, chain, published, closes, synthetic)
        return await load_plan(graph, where, path, header, how)

    options = _options(dry_run, None, sheet, profile, save_profile, map, preview)
    load_files(files, _source(source, licence, synthetic), PLAN, one, options)


@group.command("template", help="写出某一种表的模板（xlsx）：表头、示例和填写说明。")
def template(
    kind: Annotated[str, typer.Argument(help="、".join(KINDS), metavar="KIND")],
    out: Annotated[Path, typer.Argument(help="要写的文件，如 名录模板.xlsx。", metavar="OUT.xlsx")],
) -> None:
    """Write the template of one kind of table."""
    if kind not in KINDS:
        raise typer.BadParameter(f"没有名为“{kind}”的模板。可用：{'、'.join(KINDS)}。")
    write_template(KINDS[kind], out)
    typer.echo(f"模板已写入 {out}")


def _source(name: str, licence: str, synthetic: bool) -> Source:
    return Source(id=name, name=name, licence=licence, synthetic=synthetic)


def _is_listed(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return '"stock_code"' in file.readline(100_000)
    except OSError:
        # The reader says what is wrong with the file.
        return False


def _options(
    dry_run: bool,
    report: Path | None,
    sheet: str | None,
    profile: str | None,
    save_profile: str | None,
    corrections: list[str] | None,
    preview: bool,
) -> LoadOptions:
    return LoadOptions(dry_run, report, sheet, profile, save_profile, tuple(corrections or ()), preview)
