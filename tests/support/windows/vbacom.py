"""COM as VBA uses it: variants and safe arrays laid out by hand, IDispatch called through its table, xlwings' own DLL.

pywin32's client would convert values in its own way before they cross the boundary; here every bit is VBA's. Windows only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import (
    POINTER,
    WINFUNCTYPE,
    byref,
    c_char_p,
    c_long,
    c_longlong,
    c_short,
    c_uint,
    c_ulong,
    c_ushort,
    c_void_p,
)
from ctypes import c_wchar_p as text_pointer
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pythoncom

pythoncom.CoInitialize()

EMPTY, NULL, SHORT, LONG, DOUBLE, CURRENCY, DATE, STRING, DISPATCH, ERROR, BOOLEAN, VARIANT = (
    0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12,
)  # fmt: skip
ARRAY, BY_REFERENCE = 0x2000, 0x4000
_WORKSHEET_ERROR, _MISSING = 0x800A0000, 0x80020004
_METHOD_OR_PROPERTY = 3
_ENGLISH = 1033
_START, _END = 1, -1  # xlwings' modes of activation


# --- what Python has no type for ---


@dataclass(frozen=True, slots=True)
class Error:
    """A worksheet's error by its number, as ``CVErr`` makes it."""

    number: int


@dataclass(frozen=True, slots=True)
class Date:
    """A date by its serial number."""

    serial: float


@dataclass(frozen=True, slots=True)
class Short:
    """VBA's Integer, of 16 bits."""

    number: int


@dataclass(frozen=True, slots=True)
class Array:
    """What ``Array(…)`` makes: one dimension, counted from 0."""

    items: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A range's ``Value2``: two dimensions, counted from 1."""

    rows: Sequence[Sequence[Any]]


class Missing:
    """An optional argument that was left out."""


class NullString:
    """``vbNullString``: a text without any memory of its own."""


# --- memory ---


class _Content(ctypes.Union):
    _fields_ = [
        ("short", c_short),
        ("long", c_long),
        ("double", ctypes.c_double),
        ("currency", c_longlong),
        ("error", c_ulong),
        ("pointer", c_void_p),
        ("room", ctypes.c_byte * 16),
    ]


class Variant(ctypes.Structure):
    """A VARIANT: what kind of value, and the value."""

    _anonymous_ = ("content",)
    _fields_ = [("kind", c_ushort), ("reserved", c_ushort * 3), ("content", _Content)]


class _Bound(ctypes.Structure):
    _fields_ = [("count", c_ulong), ("low", c_long)]


class _Parameters(ctypes.Structure):
    _fields_ = [("arguments", c_void_p), ("names", c_void_p), ("count", c_uint), ("named", c_uint)]


class _Failure(ctypes.Structure):
    _fields_ = [
        ("code", c_ushort),
        ("reserved", c_ushort),
        ("source", c_void_p),
        ("description", c_void_p),
        ("help", c_void_p),
        ("context", c_ulong),
        ("more", c_void_p),
        ("fill", c_void_p),
        ("status", c_ulong),
    ]


_automation = ctypes.windll.oleaut32
_automation.SysAllocStringLen.restype = c_void_p
_automation.SysAllocStringLen.argtypes = [text_pointer, c_uint]
_automation.SafeArrayCreate.restype = c_void_p
_automation.SafeArrayCreate.argtypes = [c_ushort, c_uint, POINTER(_Bound)]
_automation.SafeArrayPutElement.argtypes = [c_void_p, POINTER(c_long), c_void_p]
_automation.SafeArrayGetElement.argtypes = [c_void_p, POINTER(c_long), c_void_p]
_automation.SafeArrayGetDim.argtypes = [c_void_p]
_automation.SafeArrayGetLBound.argtypes = _automation.SafeArrayGetUBound.argtypes = [c_void_p, c_uint, POINTER(c_long)]


def variant(value: Any) -> Variant:
    """A value as VBA holds it: None is Empty, an int a Long, a Decimal Currency; the others are the classes above."""
    made = Variant()
    match value:
        case None:
            made.kind = EMPTY
        case bool():
            made.kind, made.short = BOOLEAN, -1 if value else 0
        case int():
            made.kind, made.long = LONG, value
        case float():
            made.kind, made.double = DOUBLE, value
        case str():
            made.kind = STRING
            made.pointer = _automation.SysAllocStringLen(value, len(value.encode("utf-16-le")) // 2)
        case Decimal():
            made.kind, made.currency = CURRENCY, int(value * 10_000)
        case Date():
            made.kind, made.double = DATE, value.serial
        case Short():
            made.kind, made.short = SHORT, value.number
        case Error():
            made.kind, made.error = ERROR, _WORKSHEET_ERROR | value.number
        case Array():
            made.kind, made.pointer = ARRAY | VARIANT, _safe_array([len(value.items)], 0, _flat(value.items))
        case Table():
            size = [len(value.rows), len(value.rows[0])]
            made.kind, made.pointer = ARRAY | VARIANT, _safe_array(size, 1, _rows(value.rows))
        case type() if value is Missing:
            made.kind, made.error = ERROR, _MISSING
        case type() if value is NullString:
            made.kind, made.pointer = STRING, None
        case _:
            raise TypeError(value)
    return made


def _flat(items: Sequence[Any]) -> list[tuple[list[int], Any]]:
    """The elements of one dimension with their places, counted from 0."""
    return [([place], item) for place, item in enumerate(items)]


def _rows(rows: Sequence[Sequence[Any]]) -> list[tuple[list[int], Any]]:
    """The elements of two dimensions with their places, counted from 1."""
    return [([row, column], item) for row, items in enumerate(rows, 1) for column, item in enumerate(items, 1)]


def _safe_array(size: Sequence[int], low: int, elements: Sequence[tuple[list[int], Any]]) -> int:
    bounds = (_Bound * len(size))(*(_Bound(count, low) for count in size))
    array = _automation.SafeArrayCreate(VARIANT, len(size), bounds)
    for place, item in elements:
        status = _automation.SafeArrayPutElement(array, (c_long * len(place))(*place), byref(variant(item)))
        assert status == 0, hex(status & 0xFFFFFFFF)
    return array


def by_reference(held: Variant) -> Variant:
    """A variable as VBA passes it to a late-bound call: what comes back may overwrite it."""
    return Variant(BY_REFERENCE | VARIANT, content=_Content(pointer=ctypes.addressof(held)))


def value_of(held: Variant) -> Any:
    """What a variant holds, of the kinds that Python may hand back; one dimension is a list, two are a list of rows."""
    match held.kind:
        case 0:
            return None
        case 5:
            return held.double
        case 3:
            return held.long
        case 11:
            return bool(held.short)
        case 8:
            return ctypes.wstring_at(held.pointer) if held.pointer else ""
        case kind if kind == ARRAY | VARIANT:
            return _elements(held.pointer)
    raise TypeError(f"a variant of the kind {held.kind:#x}")


def _elements(array: int) -> list[Any]:
    bounds = []
    for dimension in range(1, _automation.SafeArrayGetDim(array) + 1):
        low, high = c_long(), c_long()
        _automation.SafeArrayGetLBound(array, dimension, byref(low))
        _automation.SafeArrayGetUBound(array, dimension, byref(high))
        bounds.append(range(low.value, high.value + 1))

    def element(*place: int) -> Any:
        held = Variant()
        status = _automation.SafeArrayGetElement(array, (c_long * len(place))(*place), byref(held))
        assert status == 0, hex(status & 0xFFFFFFFF)
        return value_of(held)

    if len(bounds) == 1:
        return [element(place) for place in bounds[0]]
    return [[element(row, column) for column in bounds[1]] for row in bounds[0]]


# --- calls ---


class CallFailed(Exception):
    """What VBA sees as ``Err``: the status of a call, and its description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(f"{status:#010x} {description}")
        self.status, self.description = status, description


class Object:
    """A late-bound object: its methods are asked for by name."""

    def __init__(self, pointer: int) -> None:
        self._pointer = pointer
        table = ctypes.cast(ctypes.cast(pointer, POINTER(c_void_p))[0], POINTER(c_void_p))
        self._ask = WINFUNCTYPE(
            c_long, c_void_p, c_void_p, POINTER(text_pointer), c_uint, c_ulong, POINTER(c_long)
        )(table[5])  # fmt: skip
        self._invoke = WINFUNCTYPE(
            c_long, c_void_p, c_long, c_void_p, c_ulong, c_ushort, POINTER(_Parameters), POINTER(Variant),
            POINTER(_Failure), POINTER(c_uint),
        )(table[6])  # fmt: skip
        self._identifiers: dict[str, int] = {}

    def call(self, method: str, *arguments: Variant) -> Variant:
        """Call a method. Raises CallFailed."""
        if method not in self._identifiers:
            identifier = c_long()
            names = (text_pointer * 1)(method)
            _refuse_failure(self._ask(self._pointer, _NO_INTERFACE, names, 1, _ENGLISH, byref(identifier)))
            self._identifiers[method] = identifier.value
        held = (Variant * len(arguments))(*reversed(arguments))
        parameters = _Parameters(ctypes.addressof(held), None, len(arguments), 0)
        value, failure, wrong = Variant(), _Failure(), c_uint()
        status = self._invoke(
            self._pointer, self._identifiers[method], _NO_INTERFACE, _ENGLISH, _METHOD_OR_PROPERTY,
            byref(parameters), byref(value), byref(failure), byref(wrong),
        )  # fmt: skip
        _refuse_failure(status, failure)
        return value


_NO_INTERFACE = (ctypes.c_byte * 16)()


def _refuse_failure(status: int, failure: _Failure | None = None) -> None:
    if status:
        told = ctypes.wstring_at(failure.description) if failure is not None and failure.description else ""
        raise CallFailed(status & 0xFFFFFFFF, told)


class Library:
    """xlwings' DLL, as its VBA loads it. The Pythons that it started end with this process."""

    def __init__(self, path: Path) -> None:
        self._activate = ctypes.WinDLL(str(path)).XLPyDLLActivateAuto
        self._activate.restype = c_long
        self._activate.argtypes = [POINTER(Variant), c_char_p, c_long]

    def activate(self, command: str) -> Object:
        """The Python of this command, started where it does not run yet. Raises CallFailed with the DLL's words."""
        return Object(self._asked(command, _START).pointer)

    def end(self, command: str) -> None:
        """Let go of the Python of this command, dead or alive. Raises CallFailed with the DLL's words."""
        self._asked(command, _END)

    def _asked(self, command: str, mode: int) -> Variant:
        value = Variant()
        status = self._activate(byref(value), command.encode("mbcs"), mode)
        if status:
            raise CallFailed(status & 0xFFFFFFFF, value_of(value))
        return value
