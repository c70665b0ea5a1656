"""Standards that are stated leaf by leaf: 部门整体支出, 预算支出. The files stand in ``detailed/``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from perfeval.arithmetic import Scaled, add, decimal
from perfeval.conventions import Convention, DetailedConvention, convention_from
from perfeval.datafiles import ANYTHING, TEXTS, Place, check, is_a, read
from perfeval.errors import UnknownName
from perfeval.quantities import plain
from perfeval.standards.files import (
    FOLDERS,
    Published,
    grades,
    in_standard,
    options,
    points,
    published,
)
from perfeval.standards.loader import NATIONAL, PROJECTS, Standard
from perfeval.standards.printed import PLAIN_FORM, PrintedForm, printed_form
from perfeval.standards.rules import YES_NO, Input, Judgement, Rule, read_rule
from perfeval.standards.shelf import VERSION, Shelf, is_version, named, parsed

KINDS = {"department": "部门整体支出", "expenditure": "预算支出"}

_SECTIONS = {"leaf": list, "grades": ANYTHING, "convention": dict, "form": dict, "total": str, "contradiction": str}
_INPUT = {"name": str, "label": str, "unit": str, "most": str}
_SCORED = {"weight": str, "inputs": list, "rule": dict, "zero_if": str}
_PART = {"code": str, "name": str, **_SCORED}
_LEAF = {
    "code": str, "path": TEXTS, **_SCORED, "intended": dict, "part": list, "full_if": str,
    "source": dict, "contradiction": str, "note": str,
}  # fmt: skip
_SOURCE = {"document": str, "item": str}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A 三级指标 with all that its score needs: a rule, or parts (leaves themselves) that are summed.

    ``inputs`` are those of the rule or of the parts in order, then ``zero_if`` and ``full_if``: 是/否 questions that
    decide the whole score. ``intended`` is how a contradictory rule was probably meant.
    """

    code: str
    path: tuple[str, ...]
    weight: Scaled
    inputs: tuple[Input, ...]
    rule: Rule | None
    intended: Rule | None
    parts: tuple[Leaf, ...]
    zero_if: str
    full_if: str
    source: tuple[str, str]
    contradiction: str
    note: str

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path[-1]

    @property
    def full_path(self) -> str:
        """一级/二级/三级, for a part with its own name behind."""
        return "/".join(self.path)

    def entries(self) -> Iterator[tuple[Leaf, Input]]:
        """Its inputs in order, each with the leaf or part that it belongs to: input names are unique there."""
        for part in self.parts:
            yield from ((part, one) for one in part.inputs)
        own = self.inputs[sum(len(part.inputs) for part in self.parts) :]
        yield from ((self, one) for one in own)

    def worth(self, weight: Scaled) -> Leaf:
        """The same leaf with another weight."""
        return replace(self, weight=weight)


@dataclass(frozen=True, slots=True)
class DetailedStandard(Published):
    """A published standard, leaf by leaf. ``total`` is what its weights add up to."""

    contradiction: str
    total: Scaled
    leaves: tuple[Leaf, ...]
    convention: DetailedConvention
    form: PrintedForm
    _index: Mapping[str, tuple[Leaf, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, tuple[Leaf, ...]] = {}
        for leaf in self.every():
            for start in range(len(leaf.path)):
                key = _key("/".join(leaf.path[start:]))
                index[key] = (*index.get(key, ()), leaf)
            index[_key(leaf.code)] = (leaf,)
        object.__setattr__(self, "_index", index)

    def every(self) -> Iterator[Leaf]:
        """All leaves in order, each followed by its parts."""
        for leaf in self.leaves:
            yield from (leaf, *leaf.parts)

    def leaf(self, name: str) -> Leaf:
        """The leaf, or part of one, of this code, unique name, or path (二级/三级, 一级/二级/三级).

        Raises UnknownName; for an ambiguous name it lists the paths.
        """
        found = self._index.get(_key(name), ())
        if len(found) == 1:
            return found[0]
        if found:
            paths = "、".join("/".join(leaf.path[-2:]) for leaf in found)
            raise UnknownName(f"{self.id} 里有 {len(found)} 个“{name}”，请写明是哪一个：{paths}")
        raise UnknownName(f"{self.id} 没有指标“{name}”，可用：" + "、".join(leaf.name for leaf in self.leaves))


def _key(name: str) -> str:
    """A name without the signs that people write differently: quotation marks, brackets, blanks."""
    return re.sub(r"[\s“”‘’\"'《》()]", "", plain(name))


@lru_cache(maxsize=1024)
def detailed_standard(text: str, default: str = "") -> tuple[DetailedStandard, DetailedConvention]:
    """The standard a cell names by id or Chinese name, and its convention with ``; option=value`` overrides.

    ``default`` is meant where the text begins with an override. Raises UnknownName or InvalidValue.
    """
    return parsed(text, default, DETAILED.named, DETAILED.version)


@lru_cache(maxsize=1024)
def any_standard(text: str) -> tuple[Standard | DetailedStandard, Convention | DetailedConvention]:
    """The standard of either sort that a cell names, the national one for ``""``, and its convention.

    Raises UnknownName or InvalidValue.
    """
    return parsed(text, NATIONAL, _of_either_sort, version_of)


def version_of(identifier: str) -> str:
    """The version of a standard of either sort that does not come with the package; "" for one that does."""
    return next((shelf.version(identifier) for shelf in (PROJECTS, DETAILED) if identifier in shelf.added()), "")


def with_version(text: str) -> str:
    """A standard's text as a workbook carries it: with the version of one that does not come with the package."""
    if not text or any(is_version(part.partition("=")[0]) for part in plain(text).split(";")):
        return text
    version = version_of(any_standard(text)[0].id)
    return f"{text}; {VERSION[0]}={version}" if version else text


def adopt(path: Path) -> Standard | DetailedStandard:
    """The standard of either sort in a file, known by its id to this process from now on. Raises StandardError."""
    kind = read(in_standard(path)).get("kind")
    shelf = next((shelf for shelf in (PROJECTS, DETAILED) if shelf.takes(kind)), DETAILED)
    standard = shelf.adopt(path)
    for cached in (detailed_standard, any_standard):
        cached.cache_clear()
    return standard


def adopted(text: str) -> str:
    """A standard's text whose name may be that of a file (``县.toml; steps=floor``): the same with its id, which this process
    then knows. Raises StandardError."""
    name, mark, options = text.partition(";")
    return f"{adopt(Path(name.strip())).id}{mark}{options}" if name.strip().lower().endswith(".toml") else text


def user_file(standard: Standard | DetailedStandard) -> Path:
    """Where a user's own standard stands."""
    shelf = PROJECTS if isinstance(standard, Standard) else DETAILED
    return shelf.user_folder / f"{standard.id}.toml"


def _of_either_sort(name: str) -> Standard | DetailedStandard:
    return named(name, (PROJECTS, DETAILED), "标准")


def _standard(table: dict[str, Any], place: Place) -> DetailedStandard:
    for key in ("leaf", "grades", "convention"):
        if key not in table:
            raise place.fault(f"缺少 [{key}]")
    leaves = tuple(_leaf(entry, place, number) for number, entry in enumerate(table["leaf"], start=1))
    _check_codes(leaves, place)
    total = points(table["total"], place.at("total ")) if "total" in table else decimal("100")
    found = add([leaf.weight for leaf in leaves])
    if float(found) != float(total):
        raise place.fault(f"各指标分值 weight 合计 {found}，应是 {total}")
    if float(total) != 100 and "contradiction" not in table:
        raise place.fault(f"分值合计 {total} 而不是 100，应在 contradiction 写明")
    return DetailedStandard(
        **published(table, _grades(table["grades"], place)),
        contradiction=table.get("contradiction", ""),
        total=total,
        leaves=leaves,
        convention=convention_from(table["id"], options(table["convention"], place), DetailedConvention),
        form=printed_form(table["form"], place) if "form" in table else PLAIN_FORM,
    )


def _grades(entry: Any, place: Place) -> tuple[tuple[str, Scaled], ...]:
    """A table of grades, or the id of the project standard whose grades are used."""
    return PROJECTS.load(entry).grades if isinstance(entry, str) else grades(entry, place)


def _leaf(entry: Any, place: Place, number: int) -> Leaf:
    code = entry.get("code") if isinstance(entry, dict) else None
    place = place.at(f"[leaf {code if is_a(code, str) else f'第 {number} 项'}] ")
    check(entry, _LEAF, place, needed=("code", "path", "weight", "source"))
    if len(entry["path"]) != 3:
        raise place.fault("path 应有一级、二级、三级三层")
    check(entry["source"], _SOURCE, place.at("source "))
    weight = points(entry["weight"], place.at("weight "))
    path = tuple(entry["path"])
    source = (entry["source"]["document"], entry["source"]["item"])
    if ("rule" in entry) == ("part" in entry):
        raise place.fault("应有 rule 或 part，二者之一")
    if "part" not in entry:
        rule, inputs = read_rule(entry["rule"], weight, _inputs(entry, place), place.at("rule "))
        parts: tuple[Leaf, ...] = ()
    else:
        parts = tuple(_part(part, path, entry["code"], source, place) for part in entry["part"])
        rule, inputs = None, tuple(one for part in parts for one in part.inputs)
        if float(add([part.weight for part in parts])) != float(weight):
            raise place.fault(f"各 part 的分值合计与 weight {weight} 不同")
    intended = None
    if "intended" in entry:
        if "contradiction" not in entry or rule is None:
            raise place.fault("有 intended 就应有 rule，并在 contradiction 写明矛盾在哪里")
        intended, _ = read_rule(entry["intended"], weight, _inputs(entry, place), place.at("intended "))
    return Leaf(
        entry["code"], path, weight, (*inputs, *_questions(entry)), rule, intended, parts, entry.get("zero_if", ""),
        entry.get("full_if", ""), source, entry.get("contradiction", ""), entry.get("note", ""),
    )  # fmt: skip


def _part(entry: Any, path: tuple[str, ...], code: str, source: tuple[str, str], place: Place) -> Leaf:
    name = entry.get("name") if isinstance(entry, dict) else None
    place = place.at(f"[part {name}] ")
    check(entry, _PART, place, needed=("code", "name", "weight", "rule"))
    weight = points(entry["weight"], place.at("weight "))
    rule, inputs = read_rule(entry["rule"], weight, _inputs(entry, place), place.at("rule "))
    if isinstance(rule, Judgement):
        inputs = tuple(replace(one, label=f"{name}{one.label}") for one in inputs)
    return Leaf(
        f"{code}/{entry['code']}", (*path, entry["name"]), weight, (*inputs, *_questions(entry)), rule, None, (),
        entry.get("zero_if", ""), "", source, "", "",
    )  # fmt: skip


def _questions(entry: Mapping[str, Any]) -> Iterator[Input]:
    for key in ("zero_if", "full_if"):
        if key in entry:
            yield Input(key, entry[key], YES_NO)


def _inputs(entry: Mapping[str, Any], place: Place) -> tuple[Input, ...]:
    found = []
    for number, one in enumerate(entry.get("inputs", []), start=1):
        at = place.at(f"inputs 第 {number} 项 ")
        check(one, _INPUT, at, needed=("name", "label", "unit"))
        most = _most(one, at)
        found.append(Input(one["name"], one["label"], one["unit"], most))
    names = [one.name for one in found]
    if len(set(names)) != len(names):
        raise place.fault("inputs 里有两个同名的输入")
    return tuple(found)


def _most(entry: Mapping[str, Any], place: Place) -> Scaled | None:
    """The largest value, for a rate as a percentage."""
    if "most" not in entry:
        return None
    text = entry["most"]
    if entry["unit"] != "%":
        return points(text, place.at("most "))
    if not text.endswith("%"):
        raise place.fault(f'most {text!r} 应写成带引号的百分数，例如 "100%"')
    limit = points(text.removesuffix("%"), place.at("most "))
    return Scaled(limit.units, limit.places + 2)


def _check_codes(leaves: tuple[Leaf, ...], place: Place) -> None:
    every = [one for leaf in leaves for one in (leaf, *leaf.parts)]
    for kind, values in (("code", [one.code for one in every]), ("path", [one.full_path for one in every])):
        twice = [value for number, value in enumerate(values) if value in values[:number]]
        if twice:
            raise place.fault(f"有两个 {kind} “{twice[0]}”")


DETAILED = Shelf(FOLDERS[1], KINDS, _SECTIONS, _standard, "逐项计分的标准")
available_detailed, load_detailed, load_detailed_file = DETAILED.available, DETAILED.load, DETAILED.load_file
