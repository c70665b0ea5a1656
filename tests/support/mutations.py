"""Packages and strings as a fault or a stranger's program would leave them: what a run of fuzzing is made of, seeded.

``mutated`` changes a sound package a little: bits, pieces of XML, values, rows; ``crafted_text`` puts together what cells of
official tables hold, rightly and wrongly. The same seed gives the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from random import Random

_VALUES = [
    *"< > &#0; &lt; ² -1 99999999999999999999 1e999 A1 XFE1 A1:A1048576 A999999999999 s d e inlineStr nan inf 0x1 1_0".split(),
    *"１ ٣ 31/12 14 5 % ≥ 1E308 -0 0 General yyyy hidden true shared array rId9 ../../../x #REF! 表!A1 2024-13-40 T12:00".split(),
    *("", " ", "\n", "一" * 30, "9" * 5000),
]
_PIECES = [
    *"<v/> <v></v> <is/> <f/> <c/> <row/> <t>甲</t> <!--x--> <![CDATA[x]]> <?x?> <f>{{{{1</f> <f>A1+</f>".split(),
    '<mergeCell ref="A1:XFD1048576"/>',
    '<f t="shared" si="0"/>',
    '<f t="array" ref="A1:C3">1</f>',
    '<c r="A1" t="s"><v>99</v></c>',
    '<col min="1" max="9"/>',
]
_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
_ELEMENT = re.compile(rb"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>")
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)


def members(package: bytes) -> dict[str, bytes]:
    """A package's members, unpacked."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def mutated(sound: Mapping[str, bytes], random: Random) -> bytes:
    """A package of these members in which one thing, or a few, are not as they should be."""
    contents = dict(sound)
    names = [name for name in contents if name.endswith((".xml", ".rels")) and "theme" not in name]
    weights = [8 if "sheet" in name or "document" in name else 3 if name.startswith("xl/") else 1 for name in names]
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        name = random.choices(names, weights)[0]
        if contents[name]:
            contents[name] = _changed(contents[name], random)
    if random.random() < 0.03:
        contents.pop(random.choice(list(contents)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 8, 0, 0)), content)
    return _with_flipped_bits(out.getvalue(), random, 5) if random.random() < 0.05 else out.getvalue()


def _changed(part: bytes, random: Random) -> bytes:
    kind = random.random()
    if kind < 0.15:
        return _with_flipped_bits(part, random, 4)
    if kind < 0.3:
        start = random.randrange(len(part))
        return part[:start] + part[start + random.randint(1, 40) :]
    if kind < 0.6:
        return _replaced(part, _VALUE, random.choice(_VALUES).encode(), random)
    if kind < 0.8:
        pieces = [match[0] for match in _ELEMENT.finditer(part)] + [random.choice(_PIECES).encode()]
        return _replaced(part, _ELEMENT, random.choice([b"", *random.sample(pieces, min(2, len(pieces)))]), random)
    if kind < 0.9:
        rows = [match[0] for match in _ROW.finditer(part)] or [b"<row/>"]
        return _replaced(part, _ROW, random.choice(rows), random)
    start = random.randrange(len(part))
    return part[:start] + random.choice((*_PIECES, *_VALUES)).encode() + part[start:]


def _replaced(part: bytes, pattern: re.Pattern[bytes], new: bytes, random: Random) -> bytes:
    places = [match.span() for match in pattern.finditer(part)]
    if not places:
        return part
    start, end = random.choice(places)
    return part[:start] + new + part[end:]


def _with_flipped_bits(data: bytes, random: Random, most: int) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, most)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


_UNITS = (
    "元 万元 亿元 人 万人 % ‰ 个百分点 次 个 件 天 月 年 日 季度 公里 平方米 元/人 元/人*月 吨 TB 标段 级 类 户次 小时 m² ㎡ kg ¥ ￥ $ "
    "百 千 十 亿 万 百分之 余 多 每 每人 每月 /人 起 号 版"
).split()
_BOUNDS = (
    "≥ ≤ > < = >= <= == ≧ ≦ ＞ ＜ ＝ 不低于 不少于 不超过 以上 以下 以内 及以上 左右 约 控制在 达到 至少 未 没有 不足 降至 下降 增长 "
    "减少 含 (含) (不含本数) ± 增长率 &&"
).split()
_MARKS = [*"-~至到—、，,；;/*·且和（）()[]〔〕.。:：+×%％ 　\n\t", "--", "&&", "\u200b", "\ufeff"]
_WORDS = (
    "及时 准确 有效保障 显著提升 好 不适用 无 — / …… N/A 达成 部分达成 未达成 完成 是 否 2021年12月31日 12月底之前完成 2020年全年 第三季度 "
    "1-12月 2月29日 2021.1.1-12.31 财预〔2020〕10号 GB50166-2007 5A级 一级 三类水"
).split()
_ODD = [
    "\0", "\ud800", "\U0001f600", "\u202e", "٠", "²", "Ⅳ", "①", "½", "e", "1e5", "0x1", "inf", "nan", "1_0", "٣", "𝟙", "﷽", "ﬁ", "İ",
    "_x000D_", "{", "}", "\\", '"', "'", "<b>", "=1+1", "@", "𠀀",
]  # fmt: skip
_HANZI = "零〇一二两三四五六七八九十百千万亿点"
_KINDS = ("", "成本指标", "反向", "数量指标", "质量指标", "时效指标", "x", "正向")


def _number(random: Random) -> str:
    return random.choice(
        (
            str(random.randint(0, 10 ** random.randint(1, 9))),
            f"{random.uniform(0, 1000):.{random.randint(0, 6)}f}",
            f"{random.randint(0, 10**9):,}",
            "".join(random.choices(_HANZI, k=random.randint(1, 8))),
            "".join(random.choices("0123456789０１２３", k=random.randint(1, 60))),
            random.choice(
                ("1.2.3", "1,23", "00", "-0", "1..2", "9" * 21, "9" * 5000, "1,000,00", "3.", ".", "1,,2", ".5")
            ),
        )
    )


def _token(random: Random) -> str:
    choices = (_UNITS, _UNITS, _BOUNDS, _MARKS, _WORDS, _ODD)
    return _number(random) if random.random() < 0.35 else random.choice(random.choice(choices))


def crafted_text(random: Random) -> str:
    """A text as a cell might hold it, or one that nobody should have written."""
    kind = random.random()
    if kind < 0.02:
        return (_token(random) + random.choice(("", _token(random)))) * random.randint(50, 3000)
    if kind < 0.3:
        return random.choice(_BOUNDS) + _number(random) + random.choice(_UNITS)
    if kind < 0.5:
        return _number(random) + random.choice(_UNITS) + random.choice(_BOUNDS)
    if kind < 0.55:
        return _number(random) + random.choice(_MARKS) + _number(random) + random.choice(_UNITS)
    if kind < 0.6:
        spans = ((0, 127), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF), (0, 0x10FFFF))
        return "".join(chr(random.randint(*random.choice(spans))) for _ in range(random.randint(0, 30)))
    return "".join(_token(random) for _ in range(random.randint(1, 12)))


def crafted_value(random: Random) -> object:
    """What a cell may hand to a worksheet function."""
    if random.random() < 0.8:
        return crafted_text(random)
    numbers = (
        0.0,
        1.0,
        -1.0,
        0.95,
        1e15,
        1e-15,
        123456789012345.0,
        random.uniform(-10, 1000),
        random.randint(-5, 10**6),
    )
    odd = (None, True, False, "", " ", float("inf"), float("nan"), 1e300, 1e-300, 5e-324, 10**30)
    return random.choice((*numbers, *odd))


def crafted_calls(random: Random) -> list[tuple[str, tuple[object, ...]]]:
    """Calls of the functions that read texts, all about one pair of a target and an actual."""
    target, actual = crafted_value(random), crafted_value(random)
    weight, score = (
        random.choice((10, 5.0, "10分", 0, None, crafted_value(random))),
        random.choice((10, 5, crafted_value(random))),
    )
    kind, reason = random.choice(_KINDS), random.choice(("", "原因", crafted_value(random)))
    return [
        ("PE_TARGET", (target, kind)),
        ("PE_NUMBER", (target,)),
        ("PE_INDICATOR_SCORE", (target, actual, weight, kind)),
        ("PE_HINT", (target, actual, weight, score, reason, kind)),
        ("PE_UNIT", (actual,)),
        ("PE_COMPLETION", (target, actual, kind)),
        ("PE_MEETS", (target, actual, kind)),
    ]
