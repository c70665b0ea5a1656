"""Every Python that runs PerfEval reads alike: no pattern that some release gets wrong, and a sheet that must read right first."""

from __future__ import annotations

import ast
import importlib
import pickle
import pkgutil
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import perfeval
from perfeval.books import FileBook, selfcheck, sheetread, sheetxml
from perfeval.cli import main
from perfeval.commands import doctor
from perfeval.errors import UnfitInterpreter
from perfeval.rollup import workers
from support import ROOT, hostile

SOURCES = [path for room in ("udfs", "addin", "workbook") for path in sorted((ROOT / room).rglob("*.py"))]


# --- patterns ---

_ESCAPED_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ATOMIC = re.compile(r"[?*+}]\+|\(\?>")


def is_atomic(pattern: str) -> bool:
    """Whether a pattern holds a possessive quantifier or an atomic group, which CPython 3.11.0 to 3.11.4 get wrong."""
    return _ATOMIC.search(_ESCAPED_OR_CLASS.sub("x", pattern)) is not None


@pytest.mark.parametrize("pattern", ["[^<]*+<", "(?:a|b)++", "x?+", "a{1,3}+", "(?>a|b)", r"\\*+"])
def test_a_pattern_is_atomic(pattern: str) -> None:
    assert is_atomic(pattern)
    re.compile(pattern)


@pytest.mark.parametrize(
    "pattern", ["[*+]+", r"\++", r"\*+", "[]+*+]+", "(?:a+)+", "a+?", "(?=a)+", "1+1", "(?P<a>.)(?P=a)"]
)
def test_a_pattern_is_not_atomic(pattern: str) -> None:
    assert not is_atomic(pattern)
    re.compile(pattern)


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts that stand in a module, by line; what an f-string fills in is a blank."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(one.value if isinstance(one, ast.Constant) else " " for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_text_of_the_package_is_an_atomic_pattern() -> None:
    assert len(SOURCES) > 200
    assert [
        f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for line, text in literals(path) if is_atomic(text)
    ] == []


IN_CALC = ("perfeval.libreoffice.", "perfeval.commands.in_calc")  # only LibreOffice itself can load them all


def modules() -> Iterator[ModuleType]:
    for _, name, _ in pkgutil.walk_packages(perfeval.__path__, "perfeval."):
        if name != "perfeval.__main__" and not name.startswith(IN_CALC):
            yield importlib.import_module(name)


def test_no_compiled_pattern_is_atomic() -> None:
    """Also where one is put together from several texts."""
    named = [(module.__name__, value) for module in modules() for value in vars(module).values()]
    compiled = [(name, value.pattern) for name, value in named if isinstance(value, re.Pattern)]
    compiled += [("sheetxml", pattern.pattern) for pattern in sheetxml.patterns("x:")]
    assert len(compiled) > 100
    assert [(name, pattern) for name, pattern in compiled if isinstance(pattern, str) and is_atomic(pattern)] == []


# --- the sheet that must read right ---


@pytest.fixture
def unfit(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An interpreter that passes over cells with formulas, as 3.11.2 did; gives how it is named."""
    right = sheetxml.patterns

    def wrong(prefix: str) -> sheetxml.Patterns:
        blind = re.compile(right(prefix).cell.pattern.replace(f"({sheetxml.CONTENT})", "([^<]*)"))
        return right(prefix)._replace(cell=blind)

    monkeypatch.setattr(sheetread, "patterns", wrong)
    selfcheck.prove_reading.cache_clear()
    yield f"这个 Python（{platform.python_version()}，{sys.executable}）读不对内置的检验表"
    selfcheck.prove_reading.cache_clear()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return hostile.save(tmp_path, hostile.parts('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'))


def test_this_interpreter_reads_right() -> None:
    selfcheck.prove_reading.cache_clear()
    selfcheck.prove_reading()


def test_the_sheet_is_read_once_in_a_process(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileBook.open(book)
    monkeypatch.setattr(selfcheck, "read_sheet", None)
    assert FileBook.open(book).grid("表")[1, 1].value == 2


def test_with_an_unfit_interpreter_no_file_is_read(unfit: str, book: Path) -> None:
    for open_book in (FileBook.open, FileBook.as_saved):
        with pytest.raises(UnfitInterpreter, match=re.escape(unfit)):
            open_book(book)


def test_an_engine_that_breaks_down_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(prefix: str) -> sheetxml.Patterns:
        raise SystemError("The span of capturing group is wrong, please report a bug for the re module.")

    monkeypatch.setattr(sheetread, "patterns", broken)
    selfcheck.prove_reading.cache_clear()
    with pytest.raises(UnfitInterpreter):
        selfcheck.prove_reading()


@pytest.mark.parametrize("command", [["check"], ["score"], ["rollup"], ["freeze"]], ids=" ".join)
def test_a_command_says_one_sentence_and_does_nothing(
    unfit: str, book: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    there = set(book.parent.iterdir())
    assert main([*command, str(book.parent if command == ["rollup"] else book)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert unfit in err
    assert set(book.parent.iterdir()) == there


def test_the_doctor_tells(unfit: str) -> None:
    [line] = [line for line in doctor.as_text(doctor.examine()) if "读表自检" in line]
    assert line.startswith("× ")
    assert unfit in line


def test_a_node_of_a_cluster_tells(unfit: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitInterpreter) as raised:
        workers._sees(str(tmp_path))
    said = pickle.loads(pickle.dumps(raised.value))  # as it comes from there
    assert workers._unfit("tcp://10.0.0.7:4000", said).startswith(f"集群的节点 tcp://10.0.0.7:4000：{unfit}")
