"""Reads the standards' files and refuses, with file and key, whatever is not as it should be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from perfeval.arithmetic import Scaled, add, decimal
from perfeval.conventions import Convention, convention_from, overridden
from perfeval.errors import PerfEvalError, StandardError, UnknownName
from perfeval.quantities import plain

FOLDER = Path(__file__).parent
NATIONAL = "cn-project-2020"

_TEXTS = list[str]
_HEADER = {
    **dict.fromkeys(("id", "title", "kind", "region", "scope", "document"), str),
    "names": _TEXTS,
    "effective": date,
}
_SECTIONS = {"execution": dict, "group": list, "grades": dict, "convention": dict}
_EXECUTION = {"name": str, "weight": object, "source": str}
_GROUP = {**_EXECUTION, "kinds": _TEXTS}
_GRADES = {"steps": list, "source": str}
_KIND_WORDS = {str: "不空白的文字", _TEXTS: "文字的列表", list: "列表", dict: "表", date: "日期"}
_KINDS = ("project",)


@dataclass(frozen=True, slots=True)
class Group:
    """A 一级指标 of a project standard: its weight and the 二级指标 it is made of."""

    name: str
    weight: Scaled
    kinds: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A published standard. ``grades`` are (name, lowest total), best first."""

    id: str
    title: str
    names: tuple[str, ...]
    kind: str
    region: str
    scope: str
    effective: date
    document: str
    note: str
    execution: Group
    groups: tuple[Group, ...]
    grades: tuple[tuple[str, Scaled], ...]
    convention: Convention

    def known_as(self, name: str) -> bool:
        """Whether a person may mean this standard by ``name``: id, title, or one of its names."""
        return plain(name) in {plain(one) for one in (self.id, self.title, *self.names)}


def available() -> tuple[str, ...]:
    """The ids of all standards, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(identifier: str) -> Standard:
    """The standard of this id. Raises UnknownName, or StandardError for a faulty file."""
    if identifier not in available():
        raise UnknownName(f"没有标准“{identifier}”，可用：" + "、".join(available()))
    return load_file(FOLDER / f"{identifier}.toml")


def load_file(path: Path) -> Standard:
    """The standard in one TOML file. Raises StandardError naming the file, the key and the fault."""
    content = _merged(path, ())
    try:
        return _standard(content, path)
    except StandardError:
        raise
    except PerfEvalError as error:
        raise StandardError(f"标准文件 {path.name}：{error.reason}") from error


@lru_cache(maxsize=1024)
def convention(text: str = NATIONAL) -> Convention:
    """The convention a cell names: a standard's id or Chinese name, then ``; option=value`` overrides.

    ``""`` is the national standard's. Raises UnknownName or InvalidValue.
    """
    return _resolved(text)[1]


@lru_cache(maxsize=1024)
def project_standard(text: str = NATIONAL) -> Standard:
    """The standard that a convention text names. Raises UnknownName."""
    return _resolved(text)[0]


def _resolved(text: str) -> tuple[Standard, Convention]:
    parts = [part.strip() for part in plain(text).split(";") if part.strip()]
    name = parts.pop(0) if parts and "=" not in parts[0] else NATIONAL
    standard = _named(name)
    if not parts:
        return standard, standard.convention
    overrides = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise UnknownName(f"口径“{part}”应写成“名称=值”，例如 reverse=reciprocal")
        overrides[key] = value
    return standard, overridden(standard.convention, overrides, "; ".join((standard.id, *parts)))


def _named(name: str) -> Standard:
    if name in available():
        return load(name)
    for identifier in available():
        if load(identifier).known_as(name):
            return load(identifier)
    raise UnknownName(f"没有标准或口径“{name}”，可用：" + "、".join(available()))


def _merged(path: Path, below: tuple[str, ...]) -> dict[str, Any]:
    """A file's content over that of the standard it extends; tables of options merge, lists replace."""
    content = _read(path)
    base_name = content.get("extends")
    if base_name is None:
        return content
    if base_name in (*below, path.stem):
        raise StandardError(f"标准文件 {path.name}：extends 绕回了自己（{base_name}）")
    beside = {one.stem: one for folder in (FOLDER, path.parent) for one in folder.glob("*.toml")}
    base_path = beside.get(base_name)
    if base_path is None:
        raise StandardError(f"标准文件 {path.name}：extends 的标准“{base_name}”不存在")
    base = _merged(base_path, (*below, path.stem))
    inherited = {key: value for key, value in base.items() if key not in _HEADER and key != "note"}
    merged = inherited | content
    merged["convention"] = inherited.get("convention", {}) | content.get("convention", {})
    return merged


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StandardError(f"标准文件 {path} 不存在") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardError(f"标准文件 {path.name}：不是有效的 TOML（{error}）") from error
    _check(content, {**_HEADER, "extends": str, "note": str, **_SECTIONS}, "", path, needed=_HEADER)
    if content["id"] != path.stem:
        raise StandardError(f"标准文件 {path.name}：id “{content['id']}”与文件名不同")
    if content["kind"] not in _KINDS:
        raise StandardError(f"标准文件 {path.name}：kind “{content['kind']}”不认识，可用：{'、'.join(_KINDS)}")
    return content


def _standard(content: dict[str, Any], path: Path) -> Standard:
    for key in _SECTIONS:
        if key not in content:
            raise StandardError(f"标准文件 {path.name}：缺少 [{key}]")
    _check(content["execution"], _EXECUTION, "[execution] ", path)
    execution = _group(content["execution"] | {"kinds": []}, "[execution] ", path)
    groups = tuple(
        _group(entry, f"[group 第 {place} 项] ", path) for place, entry in enumerate(content["group"], start=1)
    )
    _check_groups((execution, *groups), path)
    return Standard(
        id=content["id"],
        title=content["title"],
        names=tuple(content["names"]),
        kind=content["kind"],
        region=content["region"],
        scope=content["scope"],
        effective=content["effective"],
        document=content["document"],
        note=content.get("note", ""),
        execution=execution,
        groups=groups,
        grades=_grades(content["grades"], path),
        convention=_convention(content, path),
    )


def _check(table: Any, kinds: dict[str, Any], place: str, path: Path, needed: Iterable[str] = ()) -> None:
    """Refuses a table with unknown, missing or mistyped keys; all are needed where none are named."""
    if not isinstance(table, dict):
        raise StandardError(f"标准文件 {path.name}：{place}应是表")
    for key, value in table.items():
        if key not in kinds:
            raise StandardError(f"标准文件 {path.name}：{place}不认识的项 {key}")
        if not _is(value, kinds[key]):
            raise StandardError(f"标准文件 {path.name}：{place}{key} 应是{_KIND_WORDS[kinds[key]]}")
    for key in needed or kinds:
        if key not in table:
            raise StandardError(f"标准文件 {path.name}：{place}缺少 {key}")


def _is(value: Any, kind: Any) -> bool:
    if kind == _TEXTS:
        return type(value) is list and all(_is(one, str) for one in value)
    return kind is object or (type(value) is kind and (kind is not str or bool(value.strip())))


def _group(entry: Any, place: str, path: Path) -> Group:
    _check(entry, _GROUP, place, path)
    return Group(entry["name"], _points(entry["weight"], place, path), tuple(entry["kinds"]), entry["source"])


def _check_groups(groups: tuple[Group, ...], path: Path) -> None:
    total = add([group.weight for group in groups])
    if total.units != 100 * 10**total.places:
        raise StandardError(f"标准文件 {path.name}：各组权重 weight 合计 {total}，应是 100")
    for names in ([group.name for group in groups], [kind for group in groups for kind in group.kinds]):
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        if twice:
            raise StandardError(f"标准文件 {path.name}：[group] 里有两个“{twice[0]}”")


def _grades(entry: dict[str, Any], path: Path) -> tuple[tuple[str, Scaled], ...]:
    _check(entry, _GRADES, "[grades] ", path)
    if not all(type(step) is list and len(step) == 2 and _is(step[0], str) for step in entry["steps"]):
        raise StandardError(f'标准文件 {path.name}：[grades] steps 的每一档应是 ["名称", "最低分"]')
    steps = tuple((name, _points(lowest, "[grades] ", path)) for name, lowest in entry["steps"])
    lowest = [float(points) for _, points in steps]
    if not steps or lowest != sorted(set(lowest), reverse=True) or lowest[-1] != 0:
        raise StandardError(f"标准文件 {path.name}：[grades] steps 应从高到低排列，最后一档从 0 起")
    return steps


def _convention(content: dict[str, Any], path: Path) -> Convention:
    for key, value in content["convention"].items():
        if type(value) is not str:
            raise StandardError(f"标准文件 {path.name}：[convention] {key} 的值 {value!r} 应写成带引号的文字")
    return convention_from(content["id"], content["convention"])


def _points(text: Any, place: str, path: Path) -> Scaled:
    """A weight or a limit, written as a quoted decimal so that it is exact."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", text, re.ASCII):
        raise StandardError(f'标准文件 {path.name}：{place}的数值 {text!r} 应写成带引号的数，例如 "10"')
    return decimal(text)
