"""How a standard wants forms reviewed: the limits of findings, and levels other than the findings' own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perfeval.arithmetic import Scaled
from perfeval.datafiles import Place, check
from perfeval.errors import InvalidValue
from perfeval.findings import Kind, Level, kinds
from perfeval.quantities import PERCENT, quantity

_KEYS = {"execution_low": str, "money_left": str, "divergence": str, "source": str, "levels": dict}


@dataclass(frozen=True, slots=True)
class Review:
    """Limits as fractions, and the levels that a standard sets.

    ``execution_low``: an execution rate below it wants a reason; ``money_left``: a share of the budget left over above
    it wants a reason that speaks of the money; ``divergence``: so far may 执行率 lie below the share of points got.
    """

    execution_low: Scaled
    money_left: Scaled
    divergence: Scaled
    source: str
    levels: Mapping[str, Level] = field(default_factory=dict)

    def level(self, kind: Kind) -> Level:
        """The level of a kind of finding under this standard, also where it is set for the code that it had before."""
        return self.levels.get(kind.code, self.levels.get(kind.formerly, kind.level))


def review(table: Any, place: Place) -> Review:
    """The settings in a standard's [findings]. Raises StandardError naming the key and the fault."""
    place = place.at("[findings] ")
    check(table, _KEYS, place, needed=[key for key in _KEYS if key != "levels"])
    limits = {key: _share(table[key], key, place) for key in ("execution_low", "money_left", "divergence")}
    return Review(**limits, source=table["source"], levels=_levels(table.get("levels", {}), place.at("levels 的 ")))


def _share(text: str, key: str, place: Place) -> Scaled:
    try:
        read = quantity(text)
    except InvalidValue as error:
        raise place.fault(f"{key} {error.reason}") from error
    if read.unit != PERCENT or read.number.units < 0:
        raise place.fault(f"{key} 的值“{text}”应是百分数，例如 20%")
    return read.number


def _levels(table: Mapping[str, Any], place: Place) -> dict[str, Level]:
    for code, level in table.items():
        if code not in kinds():
            raise place.fault(f"{code} 不是复核发现的编号，应是 R01 这样")
        if level not in set(Level):
            raise place.fault(f"{code} 的级别“{level}”不认识，可用：{'、'.join(Level)}")
    return {code: Level(level) for code, level in table.items()}
