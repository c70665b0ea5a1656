"""The shell speaks Chinese: whatever is typed wrong, and every page of help, has no sentence of argparse left."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest

from perfeval.cli import _parser, main
from perfeval.cli.wording import in_chinese

ENGLISH = re.compile(
    r"\b(?:usage|error|arguments?|invalid|choose|choice|required|following|options?|optional|positional|expected|ambiguous|unrecognized"
    r"|show this|and exit|message|could|match|value|maybe|too few|not allowed|ignored|explicit|one of|from)\b(?!-)",
    re.IGNORECASE,
)
WRONG = {
    "": "还缺：命令",
    "nwe": "没有 nwe，可以是：new、",
    "new": "还缺：工作簿.xlsm",
    "new a.xlsm --unit 亿": "--unit 没有 亿，可以是：元、万元",
    "new a.xlsm --year": "--year 后面还缺一个值",
    "new a.xlsm --data x --from y": "--from 和 --data 只用一个",
    "new a.xlsm --da x": "“--da”可以是 --data、--data-unit，请写全",
    "new a.xlsm --overwrite=1": "--overwrite 后面不能写值，多了 1",
    "new a.xlsm --column 全年=数": "等号左边可以是：工作表、项目编码",
    "fill": "还缺：工作簿",
    "fill a b --dtaa c": "不认识：",
    "import a": "还缺：文件",
    "check a --stage x": "--stage 没有 x，可以是：targets、assessment",
    "install": "还缺：excel|libreoffice",
    "install word": "没有 word，可以是：excel、libreoffice",
    "bundle": "还缺：windows|check",
    "standards shwo": "没有 shwo，可以是：show、read、add",
    "explain a": "还缺：单元格",
}


def texts_without_names(text: str) -> str:
    """A text but for what is typed: options, names of commands in the usage."""
    return "\n".join(re.sub(r"--[a-z-]+", "", line) for line in text.splitlines() if not line.startswith("查看说明"))


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_typed_wrong_is_told_in_chinese(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(typed.split())
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code in (1, 2)
    assert WRONG[typed] in said
    assert not ENGLISH.search(texts_without_names(said)), said


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for own in action.choices.values():
                yield from parsers(own)


def test_every_page_of_help_is_chinese() -> None:
    pages = [parser.format_help() for parser in parsers(_parser())]
    assert len(pages) > 20
    for page in pages:
        assert page.startswith("用法：")
        assert not ENGLISH.search(texts_without_names(page)), page


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "argument --unit: invalid choice: '亿', maybe you meant '元'? (choose from 元, 万元)",
            "--unit 没有 亿，可以是：元、万元",
        ),
        ("argument --x: expected 2 arguments", "--x 后面要有 2 个值"),
        ("argument --x: expected at least one argument", "--x 后面至少要有一个值"),
        ("argument --x: invalid int value: 'abc'", "--x 的 abc 不对"),
        ("one of the arguments --a --b is required", "还缺，有一个就行：--a --b"),
        ("a sentence of a later Python about --data", "这里不对：--data"),
        ("another sentence", "参数不对"),
    ],
)
def test_sentences_of_other_pythons(sentence: str, told: str) -> None:
    assert in_chinese(sentence) == told
