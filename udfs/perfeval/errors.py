"""Everything that can go wrong, as types: each knows the worksheet error it becomes and speaks one Chinese sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from perfeval.filenames import shown


@dataclass(frozen=True, slots=True)
class CellError:
    """A worksheet's error value, as a cell holds it: ``#DIV/0!``, ``#VALUE!``, ``#N/A`` …"""

    code: str

    def __str__(self) -> str:
        return self.code


DIV0 = CellError("#DIV/0!")
VALUE = CellError("#VALUE!")
NOT_AVAILABLE = CellError("#N/A")
NAME = CellError("#NAME?")
REF = CellError("#REF!")
NUM = CellError("#NUM!")
NULL = CellError("#NULL!")

CELL_ERRORS = {error.code: error for error in (DIV0, VALUE, NOT_AVAILABLE, NAME, REF, NUM, NULL)}


class Place(NamedTuple):
    """Where something is wrong, as far as it is known: a file's path, a sheet, a cell (``H13``, or in words: 第 3 行).

    ``file`` is the path itself, which may be no text; ``str`` shows it."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        cell = f"单元格 {self.cell}" if self.cell and not self.cell.startswith("第") else self.cell
        within = (f"工作表“{self.sheet}”" if self.sheet else "") + cell
        return " ".join(filter(None, (shown(self.file), within)))


NOWHERE = Place()


class PerfEvalError(Exception):
    """Base of all errors of this package: a ``reason``, which says what to do, and the ``place`` that it is about.

    ``str(error)`` is the sentence a person reads, made of both; nobody takes it to pieces again.
    """

    cell_error: CellError = VALUE

    def __init__(self, reason: str, place: Place = NOWHERE) -> None:
        super().__init__(reason, place)
        self.reason = reason
        self.place = place

    def __str__(self) -> str:
        return _sentence(self.place, self.reason)

    @property
    def within_file(self) -> str:
        """The sentence for somebody who knows which file it is about."""
        return _sentence(self.place._replace(file=""), self.reason)


def _sentence(place: Place, reason: str) -> str:
    return f"{place}：{reason}" if place != NOWHERE else reason


class InvalidValue(PerfEvalError):
    """A value that is not what the function needs, or that would have to be guessed."""


class DivisionByZero(PerfEvalError):
    """A rate whose denominator is zero."""

    cell_error = DIV0


class NumberTooLarge(PerfEvalError):
    """A result beyond what a cell can hold."""

    cell_error = NUM


class NotApplicable(PerfEvalError):
    """不适用: the indicator does not apply, so there is no score."""

    cell_error = NOT_AVAILABLE


class PropagatedError(PerfEvalError):
    """An error that a cell handed in; it goes out as it came."""

    def __init__(self, error: CellError) -> None:
        super().__init__(f"引用的单元格是错误值 {error}，请先改正那个单元格")
        self.cell_error = error


class UnknownName(PerfEvalError):
    """A function, standard, option or indicator that does not exist."""


class StandardError(PerfEvalError):
    """A standard's file that cannot be used; says which file, which key, and why."""


class TableError(PerfEvalError):
    """A file that describes an official table and cannot be used; says which file, which key, and why."""


class UnfitInterpreter(PerfEvalError):
    """A Python that does not read the built-in sheet as it must; no file is read with it."""


class FileRefused(PerfEvalError):
    """A file that cannot be read or written as it is; it was left untouched."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(reason, Place(file=str(path)))


class OutputIsInput(FileRefused):
    """A file to write that the same run reads: wrong usage."""

    def __init__(self, path: object) -> None:
        super().__init__(path, "这个文件是本次运行要用到的，不能同时写成结果；请给结果另一个文件名")


class EditRefused(PerfEvalError):
    """A cell that may not be changed (part of an array formula, a merged block, a protected sheet …)."""

    def __init__(self, sheet: str, cell: str, reason: str) -> None:
        super().__init__(reason, Place(sheet=sheet, cell=cell))


class Stopped(PerfEvalError):
    """Somebody stopped the work (Ctrl-C) where there is more to say of it than that."""


class FormProblem(PerfEvalError):
    """A file, sheet or cell that cannot be understood as part of a form; says where and what to do."""


_MOST_SAID = 200  # characters of what an unforeseen error says of itself


def unforeseen(error: Exception) -> str:
    """The sentence for a fault of ours in one file, which must not cost the others: what it was, and whom to give the file."""
    return f"程序读不了这个文件（{_kind(error)}），请把它交给 PerfEval 的维护者"


def unforeseen_in(files: str, error: Exception) -> str:
    """The sentence for a fault of ours in a command, with the files it was about ("" for none) and the line where it arose."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    line = f"，{Path(last.tb_frame.f_code.co_filename).name} 第 {last.tb_lineno} 行" if last else ""
    told = f"程序出错，没有做完（{_kind(error)}{line}）；原来的文件没有动，请把这句话和用到的文件交给 PerfEval 的维护者"
    return f"{files}：{told}" if files else told


def _kind(error: Exception) -> str:
    said = shown(error)
    return type(error).__name__ + (f"：{said[:_MOST_SAID]}" if said else "")
