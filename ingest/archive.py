"""Opens an xlsx or ods as the zip that it is, under guard (受限解压): nothing is trusted, all is counted.

Runs in the child process only. A member is inflated in pieces and counted on the way, for the sizes in a
zip's directory are what its author wrote there.
"""

import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ingest.limits import Limits
from ingest.refused import Refused

_PIECE = 256 * 1024
_UNPACKS_SMALL = 2**20
_MACROS = re.compile(r"(^|/)(vbaProject[^/]*\.bin|macrosheets/.*|activeX/.*|Basic/.*|Scripts/.*)$", re.IGNORECASE)
_EXTERNAL = re.compile(r"(^|/)externalLinks/", re.IGNORECASE)
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LINK_OUT = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.DOTALL)


class Archive:
    """The members of one zip. `read` gives each whole; every byte is counted over the life of the object."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises Refused: broken, too many members, names that lead out or come twice, encrypted, macros, links."""
        self._limits, self._inflated = limits, 0
        self._packed = max(path.stat().st_size, 1)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise _broken(error) from None
        members = self._zip.infolist()
        if len(members) > limits.members:
            message = f"压缩包里有 {len(members)} 个部件, 上限是 {limits.members}。请删去多余的工作表和图片后另存。"
            raise Refused("file.zip.too_many_members", message)
        self.names = [m.filename for m in members]
        for member in members:
            # No office program writes such members; two of one name are read differently by different programs.
            if stat.S_ISLNK(member.external_attr >> 16) or _UNSAFE.search(member.orig_filename):
                raise Refused("file.zip.unsafe_member", f"压缩包里有不正常的部件({member.filename[:40]!r})。{_AGAIN}")
        if len(set(self.names)) < len(self.names):
            raise Refused("file.zip.duplicate_member", f"压缩包里有两个同名的部件。{_AGAIN}")
        if any(m.flag_bits & 1 for m in members):
            raise Refused("file.encrypted", "文件设有密码。请在 Excel 中取消密码后重新上传。")
        if any(_MACROS.search(name) for name in self.names):
            raise Refused("file.macros", "文件含有宏。请另存为不含宏的 .xlsx 后重新上传。")
        if any(_EXTERNAL.search(name) for name in self.names):
            raise Refused("file.external_link", _OUTSIDE)

    def check(self) -> None:
        """Inflate every member once. Raises Refused for bombs, DTDs, macros and links to other files."""
        for name in self.names:
            is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
            data = self.read(name) if is_xml else b""
            if not is_xml:
                for _ in self._pieces(name):
                    pass
            if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
                raise Refused("file.xml_encoding", "文件内部不是 UTF-8。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。")
            if _DTD.search(data):
                raise Refused("file.dtd", "文件内部含有 DTD 声明。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。")
            if name == "[Content_Types].xml" and b"macroEnabled" in data:
                raise Refused("file.macros", "文件是启用宏的格式。请另存为不含宏的 .xlsx 后重新上传。")
            if name.endswith(".rels") and any(_leads_outside(tag) for tag in _LINK_OUT.findall(data)):
                raise Refused("file.external_link", _OUTSIDE)

    def read(self, name: str) -> bytes:
        """The whole of one member. Raises Refused, also where there is none of that name."""
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        limits = self._limits
        try:
            with self._zip.open(name) as member:
                while piece := member.read(_PIECE):
                    self._inflated += len(piece)
                    too_dense = self._inflated > max(limits.ratio * self._packed, _UNPACKS_SMALL)
                    if self._inflated > limits.inflated_bytes or too_dense:
                        message = "文件解压后过大, 像是压缩炸弹。请删去空白的行、列和图片后另存, 再重新上传。"
                        raise Refused("file.zip.bomb", message)
                    yield piece
        except (
            zipfile.BadZipFile,
            KeyError,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise _broken(error) from None
        except Exception as error:
            # zlib.error has no public base but Exception; a guard's own refusal passes through.
            raise error if isinstance(error, Refused) else _broken(error) from None


_AGAIN = "请用 Excel 或 WPS 打开并另存后重新上传。"
_OUTSIDE = "文件引用了别的文件或网址的数据。请在 Excel「数据 - 编辑链接」中断开链接后另存, 再重新上传。"


def _leads_outside(tag: bytes) -> bool:
    # A hyperlink is never followed; a mail address typed into a cell makes one by itself.
    outside = re.search(rb"TargetMode\s*=\s*[\"']External", tag)
    return bool(outside) and not re.search(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", tag)


def _broken(error: Exception) -> Refused:
    detail = str(error)[:80] or type(error).__name__
    return Refused("file.zip.broken", f"文件已损坏, 不能解压({detail})。请用 Excel 打开并另存, 或重新下载后上传。")
