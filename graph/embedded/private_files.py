"""Files and folders that only this user can read (私有文件): written whole or not at all."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def private_folder(folder: Path) -> Path:
    """Make `folder` with mode 0700 if it is missing, and take group and others off it if it is there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(folder.stat().st_mode & 0o700)
    return folder


def write_private(file: Path, text: str) -> None:
    """Replace `file` by `text`, mode 0600; a kill at any moment leaves the old or the new text, never a part."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def read_note(file: Path) -> Mapping[str, Any]:
    """The JSON object in `file`, or an empty one where there is none or it cannot be read."""
    try:
        note = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(file: Path, note: Mapping[str, object]) -> None:
    """Write `note` as a private JSON file."""
    write_private(file, json.dumps(note, ensure_ascii=False))


def secret_in(file: Path) -> tuple[str, bool]:
    """The secret that `file` keeps, and whether it was generated now because the file was missing or empty."""
    private_folder(file.parent)
    if file.exists():
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
        kept = file.read_text(encoding="utf-8").strip()
        if kept:
            return kept, False
    made = secrets.token_urlsafe(24)
    write_private(file, made)
    return made, True
