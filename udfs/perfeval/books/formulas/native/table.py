"""The table of native functions, and the two ways into it.

A ``scalar`` function takes single values and is applied cell by cell to arrays; a ``whole`` one takes ranges and
arrays as they are.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfeval.books.formulas.operands import Operand
    from perfeval.forms.grid import Value


@dataclass(frozen=True, slots=True)
class Native:
    """A function of the worksheet itself, with the fewest and the most arguments it takes."""

    call: Callable[..., Any]
    scalar: bool
    takes_errors: bool
    fewest: int
    most: float


NATIVE: dict[str, Native] = {}


def _register(names: str, call: Callable[..., Any], *, scalar: bool, takes_errors: bool = False) -> None:
    parameters = inspect.signature(call).parameters.values()
    varying = any(parameter.kind == parameter.VAR_POSITIONAL for parameter in parameters)
    required = [parameter for parameter in parameters if parameter.default is parameter.empty]
    fewest, most = len(required) - varying, math.inf if varying else len(parameters)
    for name in names.split():
        NATIVE[name] = Native(call, scalar, takes_errors, fewest, most)


def scalar(names: str, *, takes_errors: bool = False) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function of single values under its worksheet names; errors among its arguments are its result."""

    def registered(call: Callable[..., Value]) -> Callable[..., Value]:
        _register(names, call, scalar=True, takes_errors=takes_errors)
        return call

    return registered


def whole(names: str) -> Callable[[Callable[..., Operand]], Callable[..., Operand]]:
    """Register a function that takes ranges and arrays whole."""

    def registered(call: Callable[..., Operand]) -> Callable[..., Operand]:
        _register(names, call, scalar=False)
        return call

    return registered
