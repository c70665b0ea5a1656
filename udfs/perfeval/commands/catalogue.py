"""The lists a person asks for: functions, standards, and the value of one call."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from perfeval.errors import CellError, InvalidValue, PerfEvalError
from perfeval.findings import Level, kinds
from perfeval.functions import FUNCTIONS, Argument, named
from perfeval.scoring import needed, percent, rule_text
from perfeval.standards import (
    NATIONAL,
    DetailedStandard,
    Standard,
    any_standard,
    available,
    available_detailed,
    load,
    load_detailed,
)


def call(name: str, arguments: list[str]) -> Any:
    """A function's value for arguments as a shell gives them: numbers as numbers, ``""`` as blank, else text.

    Raises PerfEvalError: UnknownName for an unknown function, otherwise as the function does.
    """
    return named(name).call(*(_argument(text) for text in arguments))


def call_each(calls: Any) -> list[Any]:
    """The values of ``[[function, arg, …], …]``; an error is ``{"error": "#VALUE!", "reason": …}``.

    Raises InvalidValue if the input is not such a list.
    """
    if not isinstance(calls, list) or not all(
        isinstance(one, list) and one and isinstance(one[0], str) for one in calls
    ):
        raise InvalidValue('应是 [["函数", 参数, …], …] 这样的 JSON 列表')
    return [_answer(one[0], [_from_json(argument) for argument in one[1:]]) for one in calls]


def _answer(name: str, arguments: list[Any]) -> Any:
    try:
        return _to_json(named(name).call(*arguments))
    except PerfEvalError as error:
        return {"error": str(error.cell_error), "reason": error.reason}


def _argument(text: str) -> Any:
    if text == "":
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _from_json(value: Any) -> Any:
    """JSON arrays are ranges: rows of cells, or one row."""
    if isinstance(value, list):
        rows = value if value and isinstance(value[0], list) else [value]
        return tuple(tuple(row) for row in rows)
    return value


def _to_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[_to_json(cell) for cell in row] for row in value]
    return {"error": value.code, "reason": ""} if isinstance(value, CellError) else value


def functions_as_json() -> str:
    """The registry as JSON."""
    listed = [
        {
            "name": one.name,
            "title": one.title,
            "group": one.group,
            "description": one.description,
            "arguments": [
                {
                    "name": argument.name,
                    "label": argument.label,
                    "help": argument.help,
                    "optional": argument.optional,
                    "array": argument.array,
                    "variadic": argument.variadic,
                }
                for argument in one.arguments
            ],
        }
        for one in FUNCTIONS.values()
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1)


def functions_as_text() -> Iterator[str]:
    """One line a function."""
    for one in FUNCTIONS.values():
        yield f"{one.signature}\n    {one.title}：{one.description}"


def functions_as_markdown() -> str:
    """docs/functions.md, whole."""
    lines = [
        "# 工作表函数",
        "",
        "由函数登记表生成（`perfeval functions --markdown`），请不要手改。方括号里的参数可以不填；",
        "除“口径”“标准”“指标”“函数”外的参数都可以是区域，结果是同样大小的数组。",
    ]
    group = ""
    for one in FUNCTIONS.values():
        if one.group != group:
            group = one.group
            lines += ["", f"## {group}"]
        lines += ["", f"### {one.title} `{one.name}`", "", f"`={one.signature}`", "", one.description]
        if one.rule:
            lines += ["", f"规则：{one.rule}。"]
        lines += ["", "| 参数 | 说明 |", "|---|---|"]
        lines += [f"| {argument.label}{_marks(argument)} | {argument.help} |" for argument in one.arguments]
    return "\n".join(lines) + "\n"


def findings_as_text() -> Iterator[str]:
    """One line a kind of finding."""
    for kind in kinds().values():
        yield f"{kind.code} {kind.level} {kind.title}：{kind.do}"


def findings_as_markdown() -> str:
    """docs/findings.md, whole."""
    review = load(NATIONAL).review
    lines = [
        "# 复核发现",
        "",
        "由代码生成（`perfeval findings --markdown`），请不要手改。编号不变；级别是默认的，标准可以另定（见文末）。",
        "错误：会被退回；提醒：会被问到；说明：告诉一声。标 ● 的，`PE_HINT` 在一行之内也会说。",
        "",
        "| 编号 | 级别 | 发现 | 怎么办 | |",
        "|---|---|---|---|---|",
        *(
            f"| {kind.code} | {kind.level} | {kind.title} | {kind.do} | {'●' if kind.of_row else ''} |"
            for kind in kinds().values()
        ),
        "",
        "## 界限和级别",
        "",
        f"标准文件的 `[findings]` 里写界限，`[findings.levels]` 里写级别；没有写的用国家标准的。依据：{review.source}。",
        "",
        "| 项 | 默认 | 用在 |",
        "|---|---|---|",
        f"| `execution_low` | {percent(review.execution_low, 0)} | R16：执行率低于它，要有偏差原因 |",
        f"| `money_left` | {percent(review.money_left, 0)} | R15、R16：剩下的钱超过它，原因要说到资金 |",
        f"| `divergence` | {percent(review.divergence, 0)} | R15：执行率得分低于指标得分的幅度，成本控制率与执行率之差 |",
        "| 口径 `over_threshold` | 30% | R11：超过指标值多少要说明 |",
        "",
        "```toml",
        "[findings]",
        'money_left = "10%"',
        "",
        "[findings.levels]",
        f'R11 = "{Level.NOTE}"',
        "```",
        "",
        "## 说明不改",
        "",
        "我们的工作簿：在“复核结果”的“不改的理由”一栏写明理由，下次复核时这一条不再计入，并显示理由。",
        '别的文件：`perfeval check 文件 --json > 复核.json`，在要保留的那一项里加 `"waived": "理由"`，以后用 `--waive 复核.json`。',
        "理由只对那个单元格、那个值有效；值变了，问题重新列出。",
    ]
    return "\n".join(lines) + "\n"


def _marks(argument: Argument) -> str:
    marks = [word for word, holds in (("可不填", argument.optional), ("可有几个", argument.variadic)) if holds]
    return f"（{'，'.join(marks)}）" if marks else ""


def standards_as_text() -> Iterator[str]:
    """One line a standard."""
    for standard in (*map(load, available()), *map(load_detailed, available_detailed())):
        yield f"{standard.id:26} {standard.title}"


def standard_as_text(identifier: str) -> Iterator[str]:
    """A standard for a person: weights or leaves, grades, and its 口径 option by option. Raises UnknownName."""
    standard, _ = any_standard(identifier)
    yield f"{standard.id}  {standard.title}"
    yield f"地区：{standard.region}　适用：{standard.scope}　自 {standard.effective} 起"
    yield f"文件：{standard.document}"
    if standard.note:
        yield f"说明：{standard.note}"
    yield from _groups(standard) if isinstance(standard, Standard) else _leaves(standard)
    yield "等级：" + "，".join(f"{name} {lowest} 分起" for name, lowest in standard.grades)
    yield "口径："
    for option in standard.convention.options:
        choices = "、".join(f"{value}={name}" for value, name in option.choices)
        yield f"  {option.key}（{option.title}）：{standard.convention.words(option.key)}" + (
            f"　可选 {choices}" if choices else ""
        )


def _groups(standard: Standard) -> Iterator[str]:
    for group in (standard.execution, *standard.groups):
        kinds = f"（{'、'.join(group.kinds)}）" if group.kinds else ""
        yield f"  {group.name}{kinds} {group.weight} 分　来源：{group.source}"


def _leaves(standard: DetailedStandard) -> Iterator[str]:
    if standard.contradiction:
        yield f"注意：{standard.contradiction}"
    for leaf in standard.leaves:
        yield f"  {'/'.join(leaf.path)} {leaf.weight} 分　{leaf.code}"
        yield f"    规则：{rule_text(leaf, standard.convention)}"
        yield f"    要填：{needed(leaf)}"
        yield from (f"    注意：{note}" for note in (leaf.contradiction, leaf.note) if note)
        yield "    来源：{}“{}”".format(*leaf.source)


def as_text(value: Any) -> str:
    """A value as a cell shows it; an array as tab-separated rows."""
    if isinstance(value, tuple):
        return "\n".join("\t".join(as_text(cell) for cell in row) for row in value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)
