"""One registry of worksheet functions. A function is a bare Python function; everything around it happens here, once.

Around it: errors handed in go out again, a blank required input gives "", values are read by their kind, ranges are
walked cell by cell (or by an int64 kernel), and what comes out is a number or a text.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from perfeval.arithmetic import Scaled, quotient
from perfeval.conventions import OPTION
from perfeval.errors import CellError, InvalidValue, PerfEvalError, PropagatedError, UnknownName
from perfeval.functions.kinds import CONVENTION, REQUIRED, STANDARD, Argument, is_blank, words
from perfeval.functions.ranges import each, is_range
from perfeval.quantities import plain
from perfeval.scoring import Outcome
from perfeval.standards import any_standard

FUNCTIONS: dict[str, WorksheetFunction] = {}


@dataclass(slots=True)
class WorksheetFunction:
    """A PE_* function as every host sees it."""

    name: str
    title: str
    group: str
    description: str
    rule: str
    options: tuple[str, ...]
    arguments: tuple[Argument, ...]
    implementation: Callable[..., Any]
    kernel: Callable[..., Any] | None = None
    required: int = field(init=False)
    variadic: bool = field(init=False)
    _readers: tuple[tuple[int, Callable[[Any], Any]], ...] = field(init=False, repr=False)
    _blanks: tuple[Any, ...] = field(init=False, repr=False)  # what stands for a blank or omitted argument
    _takes_errors: tuple[bool, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.required = sum(not argument.optional for argument in self.arguments)
        self.variadic = any(argument.variadic for argument in self.arguments)
        self._readers = tuple((place, argument.kind.read) for place, argument in enumerate(self.arguments))
        self._blanks = tuple(
            argument.kind.blank if argument.default is REQUIRED else argument.default for argument in self.arguments
        )
        self._takes_errors = tuple(argument.kind.errors for argument in self.arguments)

    @property
    def signature(self) -> str:
        """``PE_EXEC_SCORE(全年预算数, 全年执行数, [分值], [口径])``"""
        labels = [f"[{argument.label}]" if argument.optional else argument.label for argument in self.arguments]
        return f"{self.name}({', '.join(labels)}{', …' if self.variadic else ''})"

    def call(self, *values: Any) -> Any:
        """The function's value as a cell shows it: a float, a text, or for ranges a 2-D tuple of these.

        ``values`` are what cells hold: float, int, str, bool, date, None (blank or omitted), CellError, or 2-D tuples
        of them (numpy arrays too, which give arrays). Raises PerfEvalError; within an array the error value stands in
        its cell instead.
        """
        if not self.variadic and not _SINGLE.issuperset(map(type, values)) and any(map(is_range, values)):
            return each(self, values)
        return as_cell(self.outcome(values))

    def explain(self, *values: Any) -> str:
        """The arithmetic of one call in words with its rule, or the reason why it has no value."""
        if not self.variadic and any(is_range(value) for value in values):
            return "一次只能说明一个单元格的算法，请不要引用区域"
        try:
            result = self.outcome(values)
            shown = _in_words(result)
        except PerfEvalError as error:
            return f"不能计算：{error.reason}"
        if result is None:
            return "必填的单元格有空白，结果为空白"
        told = [result.arithmetic() if isinstance(result, Outcome) else f"结果：{shown}"]
        if self.rule:
            told.append(f"规则：{self.rule}")
        return "。".join(told + self._basis(values)).rstrip("。") + "。"

    def _basis(self, values: Sequence[Any]) -> list[str]:
        """The 口径 that decided, and the document it comes from."""
        for place, argument in enumerate(self.arguments):
            if argument.kind in (CONVENTION, STANDARD):
                given = words(
                    values[place] if place < len(values) and not is_blank(values[place]) else argument.default
                )
                standard, chosen = any_standard(given)
                options = "，".join(f"{OPTION[key].title} {chosen.words(key)}" for key in self.options)
                return [f"口径：{chosen.name}（{options}）", f"来源：{standard.document}"]
        return []

    def vectorised(self, kernel: Callable[..., Any]) -> Callable[..., Any]:
        """Registers the column form of the function: see ``perfeval.functions.ranges``."""
        self.kernel = kernel
        return kernel

    def outcome(self, values: Sequence[Any]) -> Any:
        """What the implementation returns for one row of values; None where a required input is blank."""
        given, known = len(values), len(self._readers)
        if given < self.required or (given > known and not self.variadic):
            raise InvalidValue(f"{self.name} 的参数个数不对，应为：{self.signature}")
        row = [*values, *self._blanks[given:]]
        for place, value in enumerate(values[:known]):
            kind = value.__class__
            if value is None or (kind is str and not value.strip()):
                if self._blanks[place] is REQUIRED:
                    return None
                row[place] = self._blanks[place]
            elif kind is CellError and not self._takes_errors[place]:
                raise PropagatedError(value)
        return self.implementation(*[read(row[place]) for place, read in self._readers], *row[known:])


_SINGLE = frozenset({float, int, str, bool, type(None), CellError})


def named(name: str) -> WorksheetFunction:
    """The function of this name, in any case, with or without PE_. Raises UnknownName."""
    wanted = plain(name).upper()
    known = FUNCTIONS.get(wanted) or FUNCTIONS.get(f"PE_{wanted}")
    if known is None:
        raise UnknownName(f"没有函数“{name}”，可用：{'、'.join(FUNCTIONS)}")
    return known


def as_cell(result: Any) -> float | str | tuple[tuple[Any, ...], ...]:
    """A result as a cell holds it: points as a float, judgement and blanks as "". Raises NumberTooLarge."""
    if result.__class__ is Outcome:
        result = result.value
    if result.__class__ is Scaled:
        return quotient(result.units, 10**result.places)
    return "" if result is None else result


def _in_words(result: Any) -> str:
    value = as_cell(result)
    return f"{value:.15g}" if isinstance(value, float) else str(value) or "空白"


def worksheet_function(
    *, title: str, group: str, rule: str = "", options: tuple[str, ...] = (), **labels: tuple[str, str]
) -> Callable[[Callable[..., Any]], WorksheetFunction]:
    """Registers a function under its upper-case name.

    Its parameters' annotations are the kinds of ``perfeval.functions.kinds``; ``labels`` give each parameter's Chinese
    name and help; ``options`` are the keys of the 口径 that its explanation states. The docstring is the description
    that hosts show.
    """

    def register(implementation: Callable[..., Any]) -> WorksheetFunction:
        hints = get_type_hints(implementation, include_extras=True)
        arguments = tuple(
            Argument(
                parameter.name,
                *labels[parameter.name],
                hints[parameter.name].__metadata__[0],
                REQUIRED if parameter.default is inspect.Parameter.empty else parameter.default,
                parameter.kind is inspect.Parameter.VAR_POSITIONAL,
            )
            for parameter in inspect.signature(implementation).parameters.values()
        )
        description = (inspect.getdoc(implementation) or "").replace("\n", "")
        name = implementation.__name__.upper()
        FUNCTIONS[name] = WorksheetFunction(name, title, group, description, rule, options, arguments, implementation)
        return FUNCTIONS[name]

    return register
