"""What every `qianglian ingest …` does with its files (导入命令的公共部分): preview, load, tell, report."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from api.commands.connect import with_graph
from api.commands.progress import bar
from api.settings import Settings
from graph.connection import Graph
from graph.model import Source
from ingest.faults import RefusedFile
from ingest.kinds.reading import TableChoice, is_table
from ingest.load import How
from ingest.load_report import LoadReport
from ingest.mapping_preview import MappingPreview, preview
from ingest.profiles import load_profile, save_profile
from ingest.report import write_report
from ingest.report_of import report_of
from ingest.table_kind import TableKind
from ingest.tables import open_sheets

Loader = Callable[[Graph, Source, Path, How], Awaitable[LoadReport]]
SHOWN_FAULTS = 50


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How the files of one command are loaded. `corrections` are `列=字段`, as B=企业名称."""

    dry_run: bool = False
    report: Path | None = None
    sheet: str | None = None
    profile: str | None = None
    save_profile: str | None = None
    corrections: tuple[str, ...] = ()
    preview: bool = False


def load_files(files: list[Path], source: Source, kind: TableKind | None, loader: Loader, options: LoadOptions) -> None:
    """Load one file after the other; a refused file stops neither the others nor hides its faults."""
    choice = _choice(files, kind, options)
    if options.preview or choice is None:
        return
    reports = _report_paths(files, options.report)

    async def run(graph: Graph) -> list[RefusedFile]:
        refused = []
        for path in files:
            try:
                with bar(f"导入 {path.name}") as tell:
                    report = await loader(graph, source, path, How(choice, options.dry_run, tell))
                _tell(report)
                if path in reports:
                    write_report(reports[path], report_of(report, kind.title if kind else source.name))
            except RefusedFile as error:
                refused.append(error)
        return refused

    refused = with_graph(run)
    if refused:
        raise RefusedFile([fault for error in refused for fault in error.faults])


def _choice(files: list[Path], kind: TableKind | None, options: LoadOptions) -> TableChoice | None:
    """The mapping to read with, shown and saved where that is asked for; None where only that was asked for."""
    folder = Settings().home / "profiles"
    profile = load_profile(folder, options.profile) if options.profile else None
    wanted = options.preview or options.save_profile or options.corrections
    tables = [path for path in files if is_table(path)]
    if not wanted:
        return TableChoice(profile, options.sheet)
    if kind is None or not tables:
        raise typer.BadParameter("只有表格文件有列映射可看、可存。")
    for path in tables:
        shown = preview(open_sheets(path), kind, profile, file=path.name, sheet=options.sheet)
        for correction in options.corrections:
            shown = _corrected(shown, kind, correction)
        if options.preview:
            typer.echo("\n".join(shown.lines(kind)))
        profile = shown.profile(options.save_profile or path.stem)
        if options.save_profile:
            saved = save_profile(folder, profile)
            typer.echo(f"映射方案已保存：{options.save_profile}（{saved}）", err=True)
    return TableChoice(profile, options.sheet)


def _corrected(shown: MappingPreview, kind: TableKind, correction: str) -> MappingPreview:
    column, _, name = correction.partition("=")
    letter = next((c.letter for c in shown.columns if column in (c.letter, c.header)), column.upper())
    keys = {text: spec.key for spec in kind.fields for text in (spec.header, spec.key)}
    if name and name not in keys:
        raise typer.BadParameter(f"没有名为“{name}”的字段。可用：{kind.headers}。")
    try:
        return shown.corrected(letter, keys[name] if name else None)
    except KeyError:
        letters = "、".join(f"{c.letter}「{c.header}」" for c in shown.columns)
        raise typer.BadParameter(f"没有“{column}”这一列。现有：{letters}。") from None


def _report_paths(files: list[Path], report: Path | None) -> dict[Path, Path]:
    if report is None:
        return {}
    if len(files) == 1 and not report.is_dir():
        return {files[0]: report}
    if not report.is_dir():
        raise typer.BadParameter("多个文件的报告请给一个文件夹：--report 文件夹。")
    return {path: report / f"{path.stem}-导入报告.xlsx" for path in files}


def _tell(report: LoadReport) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not report.skipped:
        written = report.written
        console.print(
            f"{report.file_name}：读取 {report.rows_read} 行，接受 {report.accepted} 行，拒收 {report.rejected} 行；"
            f"新增 {written.added}，变更 {written.changed}，不变 {written.same}，待核 {len(written.review)}。",
            markup=False,
        )
    for remark in report.notes:
        console.print(remark, markup=False)
    for told in (report.faults, report.flags):
        for fault in told[:SHOWN_FAULTS]:
            console.print(str(fault), markup=False)
        if len(told) > SHOWN_FAULTS:
            console.print(f"……另有 {len(told) - SHOWN_FAULTS} 条，见 --report 的报告。")
