"""TOML files of data that come with the package, or beside it: read as tables, every fault refused by file and key."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from perfeval.errors import PerfEvalError

_LARGEST = 2_000_000  # bytes
TEXTS = list[str]
ANYTHING = object
_KIND_WORDS = {
    str: "不空白的文字", TEXTS: "文字的列表", list: "列表", dict: "表", date: "日期", int: "整数", bool: "true 或 false",
}  # fmt: skip


class Place(NamedTuple):
    """A file, and where in it: ``[group 第 2 项] ``. ``what`` it is (标准文件) and the error it raises come first."""

    path: Path
    what: str
    error: type[PerfEvalError]
    where: str = ""

    def at(self, where: str) -> Place:
        """A place within this one."""
        return self._replace(where=f"{self.where}{where}")

    def fault(self, reason: str) -> PerfEvalError:
        """The error that names the file, the place and the reason."""
        return self.error(f"{self.what} {self.path.name}：{self.where}{reason}")


def read(place: Place) -> dict[str, Any]:
    """The content of a file; the place's error where there is none, or no TOML."""
    try:
        status = place.path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise place.error(f"{place.what} {place.path} 不是普通文件")
        if status.st_size > _LARGEST:
            raise place.fault(f"超过 {_LARGEST // 1_000_000} MB，不像是这样的文件")
        return tomllib.loads(place.path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise place.error(f"{place.what} {place.path} 不存在") from None
    except OSError as error:
        raise place.error(f"{place.what} {place.path} 打不开：{error.strerror}") from error
    except (ValueError, RecursionError) as error:  # ValueError: also what is no UTF-8, and a number of 5,000 digits
        raise place.fault(f"不是有效的 TOML（{error}）") from error


def check(table: Any, kinds: Mapping[str, Any], place: Place, needed: Iterable[str] | None = None) -> None:
    """Refuses a table with unknown, missing or mistyped keys; all are needed where none are named."""
    if not isinstance(table, dict):
        raise place.fault("应是表")
    for key, value in table.items():
        if key not in kinds:
            raise place.fault(f"不认识的项 {key}")
        if not is_a(value, kinds[key]):
            raise place.fault(f"{key} 应是{_KIND_WORDS[kinds[key]]}")
    for key in kinds if needed is None else needed:
        if key not in table:
            raise place.fault(f"缺少 {key}")


def is_a(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind; a text must not be blank, dates are no date-times."""
    if kind == TEXTS:
        return type(value) is list and all(is_a(one, str) for one in value)
    return kind is ANYTHING or (type(value) is kind and (kind is not str or bool(value.strip())))
