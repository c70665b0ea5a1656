"""What argparse says, in Chinese: its errors by their patterns, the usage and the help by a formatter.

argparse has no way to hand in a translation but the process's locale, which is the user's. So its sentences are taken as they come; one
that no pattern knows, of a Python to come, is told in general, never in English.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable

_OPTION = r"(?:argument (?P<option>.+?): )?"
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for pattern, sentence in (
        (r"the following arguments are required: (?P<what>.+)", "还缺：{what}"),
        (r"one of the arguments (?P<what>.+) is required", "还缺，有一个就行：{what}"),
        (r"unrecognized arguments: (?P<what>.+)", "不认识：{what}"),
        (r"ambiguous option: (?P<given>.+?) could match (?P<what>.+)", "“{given}”可以是 {what}，请写全"),
        (_OPTION + r"not allowed with argument (?P<what>.+)", "{option} 和 {what} 只用一个"),
        (_OPTION + r"ignored explicit argument (?P<what>.+)", "{option} 后面不能写值，多了 {what}"),
        (_OPTION + r"expected (?:one|1) argument", "{option} 后面还缺一个值"),
        (_OPTION + r"expected at least one argument", "{option} 后面至少要有一个值"),
        (_OPTION + r"expected at most one argument", "{option} 后面最多一个值"),
        (_OPTION + r"expected (?P<count>\d+) arguments?", "{option} 后面要有 {count} 个值"),
        (
            _OPTION + r"invalid choice: (?P<given>.+?)(?:, maybe you meant .+?\?)? \(choose from (?P<what>.*)\)",
            "{option}没有 {given}，可以是：{what}",
        ),
        (r"unknown parser (?P<given>.+?) \(choices: (?P<what>.*)\)", "没有 {given}，可以是：{what}"),
        (_OPTION + r"invalid .+? value: (?P<given>.+)", "{option}的 {given} 不对"),
    )
)
_SHOWN = 200  # characters of what was typed


def in_chinese(message: str) -> str:
    """A sentence of argparse in Chinese."""
    for pattern, sentence in _SENTENCES:
        match = pattern.fullmatch(message)
        if match:
            parts = {name: _listed(part or "") for name, part in match.groupdict().items()}
            option = parts.get("option", "")
            parts["option"] = f"{option} " if option and sentence.startswith(("{option}没", "{option}的")) else option
            return sentence.format(**parts).strip()
    typed = re.findall(r"--?[A-Za-z][\w-]*|'[^']*'", message)
    return f"这里不对：{_listed('、'.join(typed))}" if typed else "参数不对"


def _listed(text: str) -> str:
    """Names and values as Chinese lists them, without the quotes of a program."""
    bare = re.sub(r"'([^']*)'", r"\1", text)
    return re.sub(r", |,(?=-)", "、", bare)[:_SHOWN]


class Help(argparse.HelpFormatter):
    """Help and usage with Chinese headings."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """As argparse does, but for the word before it."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)
