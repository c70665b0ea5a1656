"""The house as docs/architecture.md draws it: every room is on the plan, and imports only from rooms that stand above it there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfeval.findings import kinds
from support import ROOT

PACKAGE = ROOT / "udfs" / "perfeval"
_ROW = re.compile(r"^\| ((?:`[a-z/]+`(?:, )?)+) \|", re.MULTILINE)


def floors() -> dict[str, int]:
    """The floor of each room: its row in the plan, from the ground up."""
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`([a-z]+)/?`", row) for row in _ROW.findall(plan)]
    return {room: floor for floor, rooms in enumerate(rows) for room in rooms}


def imported(path: Path) -> Iterator[str]:
    """The rooms that a module imports from, also where it does so within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        if isinstance(node, ast.ImportFrom) and node.module == "perfeval":
            names = [f"perfeval.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("perfeval."))


def test_arrows_run_one_way() -> None:
    floor = floors()
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir()} - {
        "__init__",
        "__main__",
        "__pycache__",
        "py.typed",
        "resources",
    }
    assert rooms == floor.keys()
    upward = [
        f"{path.relative_to(PACKAGE)} → {room}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (own := path.relative_to(PACKAGE).parts[0].removesuffix(".py")) in floor
        for room in imported(path)
        if room in floor and floor[room] > floor[own]
    ]
    assert upward == []


def test_the_package_knows_nothing_of_what_builds_the_add_in() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not re.search(r"^\s*(?:from|import) addin\b", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_no_test_imports_a_test() -> None:
    tests = ROOT / "tests"
    files = [*tests.rglob("*.py"), *(ROOT / "benchmarks").glob("*.py"), *(ROOT / "addin").rglob("*.py")]
    assert len(list(tests.rglob("test_*.py"))) > 50
    for path in files:
        assert not re.search(
            r"^\s*(?:from|import)\b.*\b(?:test_\w+|conftest)\b", path.read_text(encoding="utf-8"), re.MULTILINE
        ), path


def test_a_room_of_tests_is_a_room_of_the_house() -> None:
    rooms = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert rooms <= {path.name for path in PACKAGE.iterdir()} | {"audits", "core", "house", "windows"}
    assert not list((ROOT / "tests").glob("test_*.py"))


_CUTS = frozenset(
    {"partition", "rpartition", "split", "rsplit", "splitlines", "removeprefix", "removesuffix", "replace"}
)


def cuts_of_errors(tree: ast.AST) -> Iterator[int]:
    """The lines that take what an error says to pieces: its reason and its place are data, its sentence is for people."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None:
            continue
        for call in ast.walk(handler):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _CUTS:
                names = {node.id for node in ast.walk(call.func.value) if isinstance(node, ast.Name)}
                if handler.name in names:
                    yield call.lineno


def test_nobody_cuts_what_an_error_says() -> None:
    cutting = "try: work()\nexcept OSError as error:\n    told = str(error).partition('：')[2]"
    telling = "try: work()\nexcept OSError as error:\n    told = error.strerror"
    assert [*cuts_of_errors(ast.parse(cutting))] == [3]
    assert not [*cuts_of_errors(ast.parse(telling))]
    for path in PACKAGE.rglob("*.py"):
        lines = [*cuts_of_errors(ast.parse(path.read_text(encoding="utf-8")))]
        assert not lines, f"{path.relative_to(PACKAGE)} cuts an error's sentence in lines {lines}"


def test_the_pythons_of_the_plan_are_those_that_the_package_declares() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(declared["classifiers"]))
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"| the shell on a desk | {', '.join(versions)} |" in plan
    assert declared["requires-python"] == f">={versions[0]}"


def test_dates_are_written_without_the_locale() -> None:
    """On an English code page of Windows strftime, and a date's format that goes through it, cannot write a Chinese sign."""
    written = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _asks_strftime(node)
    ]
    assert written == []


def _asks_strftime(node: ast.AST) -> bool:
    """A call of strftime, or a format of other than ASCII."""
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return not ast.unparse(node.format_spec).isascii()
    return isinstance(node, ast.Attribute) and node.attr == "strftime"


@pytest.mark.parametrize("text", ['f"{today:%Y年}"', 'today.strftime("%Y")', 'f"{today:{form}日}"'])
def test_such_a_date_is_seen(text: str) -> None:
    assert any(map(_asks_strftime, ast.walk(ast.parse(text))))


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    """The names and codes of the kinds of finding that a module declares."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="declare"), args=[ast.Constant(value=str(code)), *_]),
            ):
                yield name, code


def test_a_kind_of_finding_is_declared_where_it_is_raised() -> None:
    """Once, in hints or checks, from where ``findings.kinds`` gathers it."""
    declared = {code: path for path in PACKAGE.rglob("*.py") for _, code in declarations(path)}
    assert declared.keys() == kinds().keys()
    assert {path.relative_to(PACKAGE).parts[0] for path in declared.values()} == {"hints", "checks"}


# --- one writer ---

WRITERS = {"books/outputs.py", "books/outputset.py", "books/locks.py", "books/seals.py"}
# What is written by others is in memory, or a draft in a temporary folder that an output is then made of.
DRAFTS = {
    "books/package.py": {"ZipFile"},  # in memory
    "bundle/cpython.py": {"write_text", "write_bytes", "mkdir"},
    "bundle/licences.py": {"write_text", "mkdir"},
    "bundle/links.py": {"mkdir"},
    "bundle/manifest.py": {"write_text"},
    "bundle/pip.py": {"write_text"},
    "bundle/unpacking.py": {"write_bytes", "mkdir"},
    "commands/bundle.py": {"write_text", "write_bytes", "mkdir", "unlink", "copyfile", "ZipFile"},
    # The program itself, links to it, what earlier runs have kept; it opens to see who else has a file open.
    "commands/windows_desk.py": {*"write_text write_bytes mkdir rmdir rmtree unlink open".split()},
    "commands/standards.py": {"write_text", "mkdir"},  # read back before it is written; the user's own folder
    "commands/check_report.py": {"TemporaryFile", "copyfileobj"},  # into the output
    "commands/demo.py": {"mkdir"},
    "commands/install_excel.py": {"unlink", "mkdir", "rmdir"},  # of the user's own settings
    "excel/addin.py": {"unlink", "mkdir", "rmdir"},  # our own file in Excel's folder
    "excel/settings.py": {"unlink", "mkdir"},
    "libreoffice/trial.py": {"copytree", "copy"},  # a profile to try
    "rollup/cachefolder.py": {"mkdir"},  # our own state, never a person's file
    "rollup/journal.py": {"connect"},
    "rollup/kept.py": {"connect", "unlink"},
}
_WRITES = frozenset(
    """write_text write_bytes touch unlink mkdir rmdir symlink_to hardlink_to rename replace link symlink remove rmtree copy copy2
    copyfile copyfileobj copytree move mkstemp NamedTemporaryFile TemporaryFile connect savez to_csv""".split()
)
_OF_PATHS = frozenset(
    {"replace", "copy", "move", "link", "remove", "rename", "connect"}
)  # which texts, lists and dicts have too


def writes(tree: ast.AST) -> Iterator[str]:
    """The names of what a module calls to write, rename or remove files."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        of = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        if name in ("open", "fdopen") and of != "zipfile":
            modes = [
                one.value
                for one in (*call.args, *(each.value for each in call.keywords))
                if isinstance(one, ast.Constant)
            ]
            if any(
                isinstance(mode, str) and re.fullmatch(r"[rwaxbt+]+", mode) and set(mode) & set("wax+")
                for mode in modes
            ):
                yield name
        elif (
            name in ("ZipFile", "PackageWriter")
            and any(isinstance(one, ast.Constant) and one.value in ("w", "a", "x") for one in call.args)
        ) or (
            name in _WRITES
            and (name not in _OF_PATHS or of in ("os", "shutil", "sqlite3") or re.search(r"path\w*$", of.lower()))
        ):
            yield name


@pytest.mark.parametrize(
    "text",
    [
        'path.open("w", encoding="utf-8")', 'open(name, mode="ab")', 'io.open(name, "r+b")', "path.write_bytes(data)",
        "path.write_text('')",
        'zipfile.ZipFile(path, "w")', "shutil.copy(a, b)", "os.replace(a, b)", "temporary_path.replace(path)", "path.unlink()",
        "tempfile.NamedTemporaryFile()", "path.touch()",
    ],
)  # fmt: skip
def test_what_writes_is_seen(text: str) -> None:
    assert [*writes(ast.parse(text))]


@pytest.mark.parametrize(
    "text",
    [
        'path.open("rb")',
        'text.replace("a", "b")',
        "zipfile.ZipFile(path)",
        "row.copy()",
        "open(path)",
        "names.remove(x)",
    ],
)
def test_what_does_not_write_is_not(text: str) -> None:
    assert not [*writes(ast.parse(text))]


def test_only_the_writer_writes() -> None:
    """Every file that a person gets comes from ``books.outputs``; who writes anything else stands above, with the reason."""
    wrong = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        found = set(writes(ast.parse(path.read_text(encoding="utf-8")))) - DRAFTS.get(name, set())
        if name not in WRITERS and found:
            wrong[name] = found
    assert wrong == {}
