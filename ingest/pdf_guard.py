"""Looks over a PDF before its pages are read (PDF 预检): passwords, scripts, attachments, too many pages."""

import re
from pathlib import Path
from typing import Any

from pdfplumber.pdf import PDF
from pdfplumber.utils.pdfinternals import resolve

from ingest.limits import Limits
from ingest.refused import Refused

_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
# Three letters turn up by chance in megabytes of packed drawing.
_CONTENT = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm)\b")
_ACTIVE_KEYS = frozenset({"JavaScript", "EmbeddedFiles", "XFA"})
_SCRIPT_ACTIONS = frozenset({"JavaScript", "Launch", "ImportData", "SubmitForm"})


def check_bytes(path: Path) -> None:
    """What the bytes show before a parser sees them. Raises Refused: `file.encrypted`, `file.pdf.active`."""
    data = _CONTENT.sub(b"stream", path.read_bytes())
    if re.search(rb"/Encrypt\b", data):
        raise Refused("file.encrypted", "PDF 设有密码或权限限制。请取消限制后另存, 或上传 Excel 表格。")
    # A name may spell its letters as #4A; what is inside packed objects is looked for in the catalogue.
    if _ACTIVE.search(_HEX_NAME.sub(lambda m: bytes([int(m[1], 16)]), data)):
        raise _active()


def check_document(pdf: PDF, limits: Limits) -> None:
    """What the opened document shows. Raises Refused: `file.pdf.active`, `file.pdf.too_many_pages`."""
    _check_catalogue(pdf.doc.catalog)
    if len(pdf.pages) > limits.pdf_pages:
        message = f"PDF 超过 {limits.pdf_pages} 页。请只保留表格所在的页, 或拆分后分别上传。"
        raise Refused("file.pdf.too_many_pages", message)


def _check_catalogue(catalogue: dict[str, Any]) -> None:
    for holder in ("Names", "AcroForm"):
        if _ACTIVE_KEYS & set(_dictionary(catalogue.get(holder))):
            raise _active()
    action = _dictionary(catalogue.get("OpenAction")).get("S")
    if getattr(action, "name", None) in _SCRIPT_ACTIONS or "AA" in catalogue:
        raise _active()


def _dictionary(value: Any) -> dict[str, Any]:
    resolved = resolve(value)
    return resolved if isinstance(resolved, dict) else {}


def _active() -> Refused:
    message = "PDF 含有脚本、附件或表单动作。请用“打印为 PDF”另存一份, 或上传 Excel 表格。"
    return Refused("file.pdf.active", message)
