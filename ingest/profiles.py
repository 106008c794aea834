"""Named mappings (映射方案): what a person settled once for a file's headers, kept for the next file of that shape."""

import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.faults import Fault, RefusedFile, shown
from ingest.headers import MONEY_UNITS

_NAME = re.compile(r"[\w一-鿿][\w一-鿿 .()（）-]{0,59}")
_LARGEST = 2**20


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """What the column under `header` is: the field `key`, or None where a person chose not to read it.

    `money_unit` (元, 万元 …) is for money whose header does not say it.
    """

    header: str
    key: str | None
    money_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A mapping under a name, for tables of one kind; the columns in the order of the file it was made from."""

    name: str
    kind: str
    columns: tuple[ProfileColumn, ...]


def save_profile(folder: Path, profile: Profile) -> Path:
    """Write the profile as `<name>.json` under `folder`, whole or not at all.

    Raises RefusedFile: `profile.name`, `profile.twice` (one field under two headers), `profile.money_unit`.
    """
    path = _path(folder, profile.name)
    if fault := _fault(path.name, profile):
        raise RefusedFile([fault])
    folder.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed, so that a reader never sees half a profile.
    handle, beside = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(profile), file, ensure_ascii=False, indent=1)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def load_profile(folder: Path, name: str) -> Profile:
    """The profile of that name. Raises RefusedFile: `profile.name`, `profile.unknown`, `profile.broken`."""
    path = _path(folder, name)
    if not path.is_file():
        known = "、".join(profile_names(folder)) or "还没有保存过"
        message = f"没有名为“{shown(name)}”的映射方案(已有: {known})。请检查名称, 或先预览并保存。"
        raise RefusedFile([Fault(path.name, "profile.unknown", message)])
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError
        profile = _profile_of(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, RecursionError):
        profile = None
    if profile is None or _fault(path.name, profile):
        message = "映射方案文件已损坏。请删除后重新预览并保存。"
        raise RefusedFile([Fault(path.name, "profile.broken", message)])
    return profile


def profile_names(folder: Path) -> tuple[str, ...]:
    """The names of the profiles under `folder`, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.json"))) if folder.is_dir() else ()


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name) or ".." in name:
        message = f"“{shown(name)}” 不能作名称。请用文字、数字、空格和 -, 不超过 60 个字。"
        raise RefusedFile([Fault("", "profile.name", message)])
    return folder / f"{name}.json"


def _profile_of(stored: Any) -> Profile:
    columns = tuple(ProfileColumn(c["header"], c["key"], c.get("money_unit")) for c in stored["columns"])
    for text in (stored["name"], stored["kind"], *(c.header for c in columns)):
        if not isinstance(text, str):
            raise TypeError
    if not all(c.key is None or isinstance(c.key, str) for c in columns):
        raise TypeError
    return Profile(stored["name"], stored["kind"], columns)


def _fault(file: str, profile: Profile) -> Fault | None:
    keys = [column.key for column in profile.columns if column.key is not None]
    for column in profile.columns:
        if column.key is not None and keys.count(column.key) > 1:
            message = "同一项写了两列。请只保留一列。"
            return Fault(file, "profile.twice", message, column=column.header, value=column.key)
        if column.money_unit is not None and column.money_unit not in MONEY_UNITS:
            message = f"“{shown(column.money_unit)}” 不是金额单位。请改为{'、'.join(MONEY_UNITS)}。"
            return Fault(file, "profile.money_unit", message, column=column.header)
    return None
