"""The extension for LibreOffice: what it declares, what it carries, and how it gets in and out of a profile."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from perfeval import __version__
from perfeval.cli import main
from perfeval.commands import install
from perfeval.commands.doctor import calc as doctor
from perfeval.errors import NAME, PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.libreoffice import extension, program
from perfeval.libreoffice.names import COMMANDS_SERVICE, command_url
from perfeval.libreoffice.trial import Trial, try_out
from support import ROOT
from support import calc as driver
from support.calc import Calc, content
from support.tables import LAYOUTS, SHENZHEN_PROJECTS, write_book


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oxt")
    with zipfile.ZipFile(io.BytesIO(extension.package())) as package:
        package.extractall(folder)
    return folder


def test_the_committed_declarations_are_the_built_ones() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "addin.libreoffice.build", "--check"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_packing_twice_gives_the_same_bytes() -> None:
    assert extension.package() == extension.package()


def test_the_manifest_names_what_is_there(contents: Path) -> None:
    named = re.findall(r'full-path="([^"]+)"', (contents / "META-INF/manifest.xml").read_text("utf-8"))
    assert sorted(named) == sorted(
        path.name for path in contents.iterdir() if path.is_file() and path.name != "description.xml"
    )


def test_every_function_has_one_method_with_its_arguments(contents: Path) -> None:
    methods = re.findall(r"any (\w+)\((.*)\);", (contents / "perfeval.idl").read_text("utf-8"))
    assert len(methods) == len(FUNCTIONS) == len({name for name, _ in methods})
    for (_, arguments), function in zip(methods, FUNCTIONS.values(), strict=True):
        assert arguments.count("[in]") == len(function.arguments)
        assert ("sequence" in arguments) == function.variadic


def test_menu_and_toolbar_hold_the_ribbons_buttons(contents: Path) -> None:
    ribbon = ElementTree.parse(ROOT / "addin/excel/customUI14.xml").getroot()
    every, at_once = (
        [button.attrib for group in ribbon.iter() if group.tag.endswith("}group") for button in found(group)]
        for found in (lambda group: group.iter(BUTTON), lambda group: group.findall(BUTTON))
    )
    values = [value.text or "" for value in ElementTree.parse(contents / "Addons.xcu").getroot().iter("value")]
    urls = [value for value in values if value.startswith("service:")]
    assert urls == [command_url(button["id"]) for button in (*every, *at_once)]
    assert [button["label"] for button in at_once] == ["新建", "填报", "复核", "报送", "说明"]
    assert all(values.count(button["label"]) == 1 + (button in at_once) for button in every)


def test_nothing_commercial_and_nothing_compiled_is_carried(contents: Path) -> None:
    carried = [path.relative_to(contents).as_posix() for path in contents.rglob("*") if path.is_file()]
    assert not [name for name in carried if "/pro/" in name or name.endswith((".so", ".pyd", ".dll"))]
    assert {"pythonpath/xlwings/LICENSE.txt", "pythonpath/xlsxwriter/LICENSE.txt"} <= set(carried)


BUTTON = "{http://schemas.microsoft.com/office/2009/07/customui}button"

ALONE = """
import sys, importlib
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "openpyxl", "xlsxwriter", "pandas", "addin"}:
            raise ImportError(f"{name} is not on this desk")
sys.meta_path.insert(0, Absent())
sys.path.insert(0, sys.argv[1])
import perfeval.functions, perfeval.commands.buttons, xlwings
assert perfeval.__file__.startswith(sys.argv[1]) and xlwings.__file__.startswith(sys.argv[1])
call = perfeval.functions.FUNCTIONS["PE_EXEC_SCORE"].call
print(call(100.0, 95.0, 10.0, "sz-project-2021"), call(((100.0,),) * 1000, ((95.0,),) * 1000) == ((9.5,),) * 1000)
"""


def test_functions_and_commands_need_nothing_else(contents: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(contents / "pythonpath")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (told.stdout.strip(), told.stderr) == ("9.5 True", "")


BY_BUTTONS = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "openpyxl", "tqdm", "pyarrow", "distributed"}:
            raise ImportError(f"{name} is not on this desk")
sys.meta_path.insert(0, Absent())
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import perfeval.commands.live.folders
from perfeval.commands import check, check_files, new, rollup, score, score_book, template
folder = Path(sys.argv[2])
form, book = folder / "自评表.xlsx", folder / "新.xlsm"
print(rollup.rollup(folder).projects)
with check_files.Results(folder, []) as results:
    for reviewed in check.review([(form, ())]):
        results.add(reviewed)
score_book.write(score.score(form), form)
start = new.from_file(form, new.Wanted())
new.new(book, start.body, carried=start.carried)
template.template(folder / "数据.xlsx", book)
"""


def test_what_buttons_write_needs_nothing_else(contents: Path, tmp_path: Path) -> None:
    write_book(tmp_path / "自评表.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS)
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BY_BUTTONS, str(contents / "pythonpath"), str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (told.stdout.strip(), told.stderr) == ("8", "")
    written = {"汇总.xlsx", "复核结果.xlsx", "复核结果.html", "自评表-对照.xlsx", "新.xlsm", "数据.xlsx"}
    assert written <= {path.name for path in tmp_path.iterdir()}


def test_an_old_libreoffice_is_told_why_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(program, "find", lambda: program.Program(tmp_path, "7.4.7.2"))
    with pytest.raises(PerfEvalError, match=r"7\.4\.7\.2，需要 25\.2 或更新.*#NAME\?"):
        install.install(tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_old_python_in_it_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / ("python.exe" if sys.platform == "win32" else "python")
    own.touch()
    asked = []

    def run(_: program.Program, command: list[Any]) -> subprocess.CompletedProcess[str]:
        asked.append(command[0])
        return subprocess.CompletedProcess(command, 1, "", "")

    monkeypatch.setattr(program.Program, "run", run)
    monkeypatch.setattr(program, "find", lambda: program.Program(tmp_path, "25.2.3.2"))
    with pytest.raises(PerfEvalError, match=r"Python 3\.11.*LibreOffice 25\.8"):
        install.install(tmp_path)
    assert asked == [own]


def test_a_desk_without_libreoffice_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program.shutil, "which", lambda _: None)
    monkeypatch.setattr(program, "_USUAL_PLACES", {})
    assert main(["install", "libreoffice"]) == 1
    assert "没有找到 LibreOffice" in capsys.readouterr().err


def test_the_file_for_other_desks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "PerfEval.oxt"
    assert main(["install", "libreoffice", "--file", str(made)]) == 0
    assert made.read_bytes() == extension.package()
    assert "双击" in capsys.readouterr().out


def in_calc(test: Callable[..., None]) -> Any:
    """A test in a running LibreOffice."""
    return pytest.mark.host(pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())(test))


@in_calc
def test_installed_it_is_there_and_uninstalled_it_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = tmp_path / "用户 profile"
    options = ["libreoffice", "--profile", str(profile)]
    assert main(["install", *options]) == 0
    assert main(["install", *options]) == 0, "installing again replaces it"
    assert execution_rate(profile) == (["org.perfeval.calc"], 0.95)
    assert main(["uninstall", *options]) == 0
    assert execution_rate(profile) == ([], NAME)
    capsys.readouterr()
    assert main(["uninstall", *options]) == 1
    assert "没有卸下 PerfEval" in capsys.readouterr().err


# --- a shell in which another Python is active ---


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of settings, LibreOffice's own profile in it, and no Python active; gives that profile."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", program.find().environment["PATH"])
    (tmp_path / "config").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return program.profile()


def first_on_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    venv.create(folder / "venv", symlinks=True)
    monkeypatch.setenv("PATH", str(folder / "venv/bin"), prepend=os.pathsep)
    return f"PATH 里的 {folder / 'venv/bin/python3'}"


def activated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    first_on_the_path(folder, monkeypatch)
    monkeypatch.setenv("VIRTUAL_ENV", str(folder / "venv"))
    return f"VIRTUAL_ENV={folder / 'venv'}"


def home_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PYTHONHOME", str(folder))
    return f"PYTHONHOME={folder}"


def said_of_the_extension() -> str:
    (check,) = (check for check in doctor.examine() if check.name == "LibreOffice 扩展")
    return f"{'√' if check.good else '－'} {check.found}。{check.remedy}".rstrip("。")


@in_calc
def test_an_active_venv_is_no_hindrance_and_is_told(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is installed all the same; that a LibreOffice which is started here could not load it, nobody else can tell."""
    culprit = activated(tmp_path, monkeypatch)
    told = (
        f"从这个终端启动的 LibreOffice 打不开带 PE_ 函数的工作簿：{culprit} 盖住了它自己的 Python。请从桌面的菜单启动"
    )
    assert main(["install", "libreoffice"]) == 0
    assert f"注意：{told}" in capsys.readouterr().out
    assert said_of_the_extension().startswith(f"－ {__version__}，{told}")
    assert execution_rate(desk) == (["org.perfeval.calc"], 0.95), "started without the venv, it works"
    assert main(["uninstall", "libreoffice"]) == 0


@in_calc
def test_the_doctor_knows_from_a_trial(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install.install()
    own = program.find()
    version = own.run([own.python, "-c", "import platform; print(platform.python_version())"]).stdout.strip()
    assert said_of_the_extension() == f"√ {__version__}，在 LibreOffice 里由 Python {version} 运行"
    for number, disturb in enumerate((first_on_the_path, home_set)):
        (tmp_path / str(number)).mkdir()
        with monkeypatch.context() as shell:
            culprit = disturb(tmp_path / str(number), shell)
            assert try_out(own, desk) == Trial(hidden_by=culprit)
    unpacked(desk, "perfeval/libreoffice/component.py").write_text("raise ImportError('坏了')", "utf-8")
    assert said_of_the_extension() == f"－ {__version__}，LibreOffice 载入不了它。请运行 perfeval install libreoffice"


# --- what goes wrong at a press ---


@in_calc
def test_what_goes_wrong_at_a_press_is_one_sentence(tmp_path: Path) -> None:
    profile = driver.prepare(tmp_path / "profile")
    broken = unpacked(profile, "perfeval/commands/live/filling.py")
    broken.write_text(
        broken.read_text("utf-8").replace(
            "def fill(", "def fill(book):\n    raise RuntimeError('接线断了')\n\ndef _fill("
        ),
        "utf-8",
    )
    missing = unpacked(profile, "perfeval/commands/rollup.py")
    missing.unlink()
    with Calc(profile) as calc:
        with calc.open() as document:
            assert calc.press(document, "fill") == "“填报”没有完成，请把这句话告诉维护者：RuntimeError('接线断了')"
            assert not document.hasControllersLocked()
            assert calc.press(document, "rollup").startswith("“汇总”没有完成，请把这句话告诉维护者：ImportError(")
            assert calc.press(document, "nosuch").startswith("没有完成，请把这句话告诉维护者：KeyError('nosuch')")
        commands = calc.service(COMMANDS_SERVICE)
        with calc.open(Hidden=True):
            assert calc.answered(lambda: commands.trigger("fill")) == "请先点一下要处理的工作簿，再按这个按钮"


def unpacked(profile: Path, module: str) -> Path:
    """A module of the installed extension."""
    (found,) = profile.glob(f"user/uno_packages/cache/uno_packages/*/*/pythonpath/{module}")
    return found


def execution_rate(profile: Path) -> tuple[list[str], Any]:
    """The extensions of a profile, and what Calc makes of a function of ours."""
    with Calc(profile) as calc, calc.open() as document:
        manager = calc.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        extensions = manager.getDeployedExtensions("user", manager.createAbortChannel(), None)
        cell = document.Sheets.getByIndex(0).getCellRangeByName("A1")
        cell.FormulaLocal = "=PE_EXEC_RATE(100,95)"
        return [one.getIdentifier().Value for one in extensions], content(cell)
