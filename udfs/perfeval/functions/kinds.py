"""The kinds of argument a worksheet function takes, and how each reads what a cell holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from perfeval.arithmetic import Scaled, exact
from perfeval.conventions import Convention, DetailedConvention
from perfeval.errors import InvalidValue
from perfeval.quantities import Quantity, of_number, quantity
from perfeval.standards import DetailedStandard, Standard, any_standard, convention, detailed_standard

REQUIRED = object()  # a blank here makes the whole result blank


def is_blank(value: Any) -> bool:
    """An empty cell, an omitted argument, or a text of nothing but blanks."""
    return value is None or (value.__class__ is str and not value.strip())


@dataclass(frozen=True, slots=True)
class Kind:
    """How an argument is read. ``blank``: what a blank cell means; ``errors``: error values are read, not passed on."""

    unit: str
    read: Callable[[Any], Any]
    array: bool = True
    blank: Any = REQUIRED
    errors: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: ``label`` and ``help`` are Chinese; ``default`` is REQUIRED where it must be given."""

    name: str
    label: str
    help: str
    kind: Kind
    default: Any
    variadic: bool

    @property
    def optional(self) -> bool:
        """Whether it may be left out."""
        return self.variadic or self.default is not REQUIRED

    @property
    def array(self) -> bool:
        """Whether a range may stand for it."""
        return self.kind.array


def amount(value: Any) -> Quantity:
    """A number, or a text that is one measure (56万元). Raises InvalidValue."""
    if value.__class__ is float or value.__class__ is int:
        return of_number(value)
    if isinstance(value, str):
        return quantity(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return of_number(value)
    raise InvalidValue(f"“{value}”不是数，请填数字")


def points(value: Any) -> Scaled:
    """A number of points, not negative. Raises InvalidValue."""
    number = score(value)
    if number.units < 0:
        raise InvalidValue(f"分值 {number} 是负数，请核对")
    return number


def score(value: Any) -> Scaled:
    """A plain number, as text perhaps with 分. Raises InvalidValue."""
    if value.__class__ is float or value.__class__ is int:
        return exact(value)
    read = amount(value)
    if read.unit not in {"", "分"}:
        raise InvalidValue(f"“{value}”应是分数，不应带“{read.unit}”")
    return read.number


def words(value: Any) -> str:
    """Any cell as text. Raises InvalidValue for TRUE and FALSE."""
    if value.__class__ is str:
        return value
    if isinstance(value, bool):
        raise InvalidValue("这里应是文字，不是 TRUE 或 FALSE")
    return str(of_number(value).number) if isinstance(value, float | int) else str(value)


def measured(value: Any) -> str | float | date:
    """A cell that holds a 指标值 or 完成值: text, a number or a date. Raises InvalidValue."""
    if value.__class__ is str or value.__class__ is float:
        return value
    if isinstance(value, bool) or not isinstance(value, str | float | int | date):
        raise InvalidValue("指标值和完成值应是文字、数或日期，不是 TRUE 或 FALSE")
    return value


def as_is(value: Any) -> Any:
    """The cell's value itself."""
    return value


AMOUNT = Kind("元或万元", amount)
POINTS = Kind("分", points)
SCORE = Kind("分", score)
MEASURED = Kind("", measured)
TEXT = Kind("", words)
KIND = Kind("", words, blank="")
SCORES = Kind("分", as_is, errors=True, blank=None)
CELL = Kind("", as_is, errors=True, blank=None)
CRITERION = Kind("", lambda value: None if value is None else words(value), blank=None)
CONVENTION = Kind("", lambda value: convention(words(value)), array=False)
STANDARD = Kind("", lambda value: any_standard(words(value)), array=False)
DETAILED = Kind("", lambda value: detailed_standard(words(value)), array=False)
QUARTERLY = Kind("", lambda value: detailed_standard(words(value), QUARTERLY_STANDARD), array=False)
NAME = Kind("", words, array=False)

NATIONAL: Any = ""  # no standard named: the national one
EXECUTION_WEIGHT: Any = 10  # the national weight of 预算执行率
QUARTERLY_STANDARD: Any = "sz-department-2020"  # the standard that scores 季度预算执行率
QUARTERLY_WEIGHT: Any = 6  # its weight there

Amount = Annotated[Quantity, AMOUNT]
Points = Annotated[Scaled, POINTS]
Score = Annotated[Scaled, SCORE]
Measured = Annotated[str | float | date, MEASURED]
Text = Annotated[str, TEXT]
KindText = Annotated[str, KIND]
Scores = Annotated[Any, SCORES]
Cell = Annotated[Any, CELL]
CriterionText = Annotated[str | None, CRITERION]
ConventionText = Annotated[Convention, CONVENTION]
StandardText = Annotated[tuple[Standard | DetailedStandard, Convention | DetailedConvention], STANDARD]
DetailedText = Annotated[tuple[DetailedStandard, DetailedConvention], DETAILED]
QuarterlyText = Annotated[tuple[DetailedStandard, DetailedConvention], QUARTERLY]
Name = Annotated[str, NAME]
