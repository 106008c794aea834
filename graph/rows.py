"""Between frozen dataclasses and node properties, so that rows never leave the package as dicts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Protocol, TypeVar, cast, get_args


class Dataclass(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


D = TypeVar("D", bound=Dataclass)


def properties(item: Dataclass, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """The properties that hold `item`: tuples as lists, numbers declared float as floats, None to remove.

    A tuple of dataclasses becomes a list of JSON texts, because no engine stores a map as a property.
    """
    return {
        name: None if value is None else _to_property(kinds, value)
        for name, kinds, _ in _shape(type(item))
        if name not in leave_out
        for value in (getattr(item, name),)
    }


def built(cls: type[D], values: Mapping[str, Any], **more: Any) -> D:
    """The dataclass that `properties` were written from; `more` are fields that are not properties."""
    arguments = dict(more)
    for name, kinds, required in _shape(cls):
        if name in arguments:
            continue
        value = values.get(name)
        if value is not None:
            arguments[name] = _from_property(kinds, value)
        elif required:
            arguments[name] = None
    return cls(**arguments)


@cache
def _shape(cls: type[Any]) -> tuple[tuple[str, tuple[type, ...], bool], ...]:
    return tuple(
        (
            item.name,
            get_args(item.type) if isinstance(item.type, UnionType) else (item.type,),
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(cls)
    )


def _to_property(kinds: tuple[Any, ...], value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_json(item) if is_dataclass(item) else item for item in value]
    # One engine keeps 120 as an int where the other field values are floats: one type per property.
    return float(value) if float in kinds else value


def _from_property(kinds: tuple[Any, ...], value: Any) -> Any:
    if isinstance(value, list):
        part = get_args(kinds[0])[:1]
        if part and is_dataclass(part[0]):
            cls = cast("type[Dataclass]", part[0])
            return tuple(built(cls, json.loads(text)) for text in value)
        return tuple(value)
    if float in kinds:
        return float(value)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind(value)
    return value


def _json(item: Any) -> str:
    values = {name: value for name, value in properties(item).items() if value is not None}
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
