"""What Excel needs on this desk: itself, xlwings' DLL, the user's settings, trust in macros. Windows only."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from perfeval.commands.doctor.check import Check
from perfeval.commands.install_excel import User
from perfeval.errors import FileRefused
from perfeval.excel import addin, program, settings
from perfeval.excel.program import Excel
from perfeval.excel.windows import Registry

_INSTALL = "请运行 perfeval install excel"
_MACROS = {
    program.ALL_MACROS: "全部启用",
    program.ASKS: "打开时询问",
    program.SIGNED_ONLY: "只运行签名的宏",
    program.NO_MACROS: "全部禁用",
}
_WPS = (
    "装了 Excel 的电脑，请在 WPS 的“配置工具 → 高级 → 兼容设置”里取消“兼容第三方系统和软件”，再修复安装 Excel；"
    "只有 WPS 的电脑请用原生公式版（perfeval new 自评.xlsx --native，或 freeze --live）"
)


def examine(user: User, registry: Registry) -> Iterator[Check]:
    """Everything about Excel, in the order in which a cell reaches Python."""
    excel = program.find(registry)
    yield _excel(excel)
    interpreter = None
    try:
        value = settings.read(user.settings, settings.INTERPRETER)
        interpreter = settings.expanded(value, user.home) if value is not None else None
        yield _settings(user, interpreter)
    except FileRefused as error:
        yield _check("xlwings.conf", str(error), good=False)
    yield _dll(excel, interpreter or user.interpreter)
    yield _addin(user)
    if excel is not None and not excel.is_wps:
        yield _trust(registry, excel)


def _check(name: str, found: str, good: bool, remedy: str = "") -> Check:
    return Check(name, found, good, needed=False, remedy=remedy)


def _excel(excel: Excel | None) -> Check:
    name = "Microsoft Excel"
    if excel is None:
        return _check(name, "没有找到", good=False, remedy="没有 Excel 时仍可用命令行填报和计分")
    if excel.is_wps:
        found = f"“Excel.Application”指向 WPS（{excel.program}），xlwings 连不上 Excel"
        return _check(name, found, good=False, remedy=_WPS)
    return _check(name, f"{excel.version or '版本不明'}（{_bits(excel.bits)}）{excel.program}", good=True)


def _bits(bits: int | None) -> str:
    return f"{bits} 位" if bits else "位数不明"


def _settings(user: User, interpreter: Path | None) -> Check:
    name = "xlwings.conf"
    if interpreter is None:
        return _check(name, f"{user.settings} 没有写明 Excel 用哪个 Python", good=False, remedy=_INSTALL)
    found = f"Excel 用 {interpreter}"
    if not interpreter.is_file():
        return _check(name, f"{found}，但没有这个文件", good=False, remedy=_INSTALL)
    if interpreter != user.interpreter:
        return _check(name, f"{found}，不是现在这个 Python", good=False, remedy=f"如果不是有意的，{_INSTALL}")
    return _check(name, found, good=True)


def _addin(user: User) -> Check:
    name = "Excel 加载宏"
    try:
        if not user.addin.exists():
            return _check(
                name, f"{user.addin} 不在；只有 PerfEval 的工作簿里有按钮和 PE_ 函数", good=False, remedy=_INSTALL
            )
        if not addin.is_current(user.addin):
            return _check(name, f"{user.addin} 是另一个版本的", good=False, remedy=_INSTALL)
    except FileRefused as error:
        return _check(name, str(error), good=False)
    return _check(name, str(user.addin), good=True)


def _dll(excel: Excel | None, interpreter: Path) -> Check:
    """xlwings' DLL: of Excel's bits, as it runs inside Excel, beside the interpreter or one folder above it."""
    folders = (interpreter.parent, interpreter.parent.parent)  # as xlwings' VBA looks
    try:
        version = metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return _check("xlwings DLL", "没有，因为没有安装 xlwings", good=False, remedy="请先装好 xlwings")
    bits = excel.bits if excel is not None else None
    wanted = [f"xlwings{size}-{version}.dll" for size in ((bits,) if bits else (64, 32))]
    there = [folder / name for name in wanted for folder in folders if (folder / name).is_file()]
    remedy = f'请运行 pip install --force-reinstall "xlwings=={version}"'
    if not there:
        others = sorted({path.name for folder in folders for path in folder.glob("xlwings*.dll")})
        found = f"{interpreter.parent} 和上一级文件夹里没有 {wanted[0]}" + (
            f"，只有 {'、'.join(others)}" if others else ""
        )
        return _check("xlwings DLL", found, good=False, remedy=remedy)
    own = program.bits_of(there[0])
    good = bits is None or own == bits
    return _check("xlwings DLL", f"{there[0]}（{version}，{_bits(own)}）", good, remedy)


def _trust(registry: Registry, excel: Excel) -> Check:
    found = program.trust(registry, excel.version)
    said = _MACROS.get(found.warnings, f"未知的设置 {found.warnings}") + ("（由管理员规定）" if found.by_policy else "")
    if found.folders:
        said += f"；受信任的文件夹：{'、'.join(found.folders)}"
    good = found.warnings in (program.ALL_MACROS, program.ASKS) or bool(found.folders)
    remedy = "请在 Excel“文件 → 选项 → 信任中心 → 宏设置”里选“禁用所有宏，并发出通知”，或把工作簿放进受信任的文件夹"
    return _check("Excel 的宏", said, good, remedy)
