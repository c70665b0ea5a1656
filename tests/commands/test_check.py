"""``perfeval check``: files and folders, what is printed, exit codes, reasons that let a finding stand, hostile files."""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import weakref
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from perfeval.checks.waivers import Waiver, waived
from perfeval.cli import main
from perfeval.commands import check
from perfeval.findings import Said, kinds
from perfeval.records import names
from support import ROOT, hostile
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

DOCS = ROOT / "docs"
KEYS = ["file", "sheet", "cell", "code", "level", "title", "message", "expected", "found", "basis", "do"]
WRONG = CORRECT.replace("| 95.97", "| 96.97")  # R03 at G16
WARNED = CORRECT.replace("≥90% | 93%", "≥90% | '≥93%")  # R13 at E15


def write(path: Path, sheet: str = CORRECT, **more: str) -> Path:
    return write_sheets(path, {"表": sheet} | more)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["check", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def items(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    return json.loads(run(capsys, *arguments, "--json")[1])


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, warned, wrong = (
        write(tmp_path / name, sheet)
        for name, sheet in (("好.xlsx", CORRECT), ("提醒.xlsx", WARNED), ("错.xlsx", WRONG))
    )
    assert run(capsys, good)[0] == 0
    assert run(capsys, warned)[0] == 0
    assert run(capsys, good, wrong)[0] == 1
    with pytest.raises(SystemExit) as usage:
        main(["check"])
    assert usage.value.code == 2
    assert run(capsys, tmp_path / "没有.xlsx")[0] == 1
    assert run(capsys, good, "--standard", "xx")[0] == 1


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = write(tmp_path / "错.xlsx", WRONG)
    code, out, err = run(capsys, wrong)
    assert out.splitlines() == [
        f"■ {wrong}：1 处错误",
        "  读到 1 张自评表：执行率 1 行，指标 6 行",
        "  错误 R03 表!G16　各项得分合计 95.97，总分是 96.97，相差 1（应为 95.97，表中 96.97）。按各项得分重新合计总分",
        "共 1 个文件：1 处错误",
    ]
    assert (code, err) == (1, "")  # no progress bar where nobody watches


def test_json_has_these_keys_and_no_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = write(tmp_path / "错.xlsx", WRONG)
    (item,) = items(capsys, wrong)
    assert list(item) == KEYS
    assert item == {
        "file": str(wrong),
        "sheet": "表",
        "cell": "G16",
        "code": "R03",
        "level": "错误",
        "title": "总分不等于各项得分之和",
        "message": "各项得分合计 95.97，总分是 96.97，相差 1",
        "expected": "95.97",
        "found": "96.97",
        "basis": "表内各数相互核对",
        "do": "按各项得分重新合计总分",
    }
    assert items(capsys, write(tmp_path / "好.xlsx")) == []


def test_a_folder_is_all_workbooks_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "甲局" / "一科").mkdir(parents=True)
    write(tmp_path / "甲局" / "一科" / "错.xlsx", WRONG)
    write(tmp_path / "甲局" / "好.xlsx")
    (tmp_path / "甲局" / "坏.xlsx").write_text("不是工作簿", encoding="utf-8")
    (tmp_path / "甲局" / "老.xls").write_bytes(hostile.compound("Workbook"))
    (tmp_path / "甲局" / "~$别的.xlsx").write_text("锁", encoding="utf-8")
    (tmp_path / "甲局" / "说明.txt").write_text("说明", encoding="utf-8")
    code, out, _ = run(capsys, tmp_path, tmp_path / "甲局" / "好.xlsx")
    assert code == 1
    assert "共 4 个文件，其中 2 个没有复核：3 处错误" in out
    refused = {Path(item["file"]).name: item["message"] for item in items(capsys, tmp_path) if item["code"] == "R00"}
    assert refused.keys() == {"坏.xlsx", "老.xls"}
    assert "另存为 .xlsx" in refused["老.xls"]
    (tmp_path / "空").mkdir()
    assert run(capsys, tmp_path / "空")[0] == 1


@pytest.mark.parametrize("folder", ["县局：2023", "一：二：三", "“局”：x.xls：y"])
def test_a_refusal_is_the_reason_alone_whatever_the_folder_is_called(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / folder).mkdir()
    old = tmp_path / folder / "老：表.xls"
    old.write_bytes(hostile.compound("Workbook"))
    (item,) = items(capsys, tmp_path)
    reason = "这是旧格式的文件（.xls、.et 或 .doc），请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
    assert (item["file"], item["sheet"], item["cell"], item["message"]) == (str(old), "", "", reason)
    _, out, _ = run(capsys, tmp_path)
    assert out.splitlines()[:2] == [f"■ {old}：1 处错误", f"  错误 R00 {reason}。按说明处理这个文件，再复核一次"]
    html = tmp_path / "复核.html"
    run(capsys, tmp_path, "--html", html)
    assert f"<td></td><td>{reason}<br>" in html.read_text(encoding="utf-8")


def test_a_thousand_files_are_read_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is let go before the next is opened: at no time are two books alive."""
    alive: list[Any] = []
    opened = check.opened

    def watched(path: Path) -> Any:
        gc.collect()
        assert not [book for book in alive if book() is not None]
        book = opened(path)
        alive.append(weakref.ref(book))
        return book

    monkeypatch.setattr(check, "opened", watched)
    one = write(tmp_path / "表.xlsx")
    paths = [one] * 30
    assert sum(len(reviewed.findings) for reviewed in check.review((path, ()) for path in paths)) == 0
    assert len(alive) == 30


# --- what was not read, and what was ---


def test_what_a_folder_holds_that_nobody_can_read_is_one_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "甲：局"
    below.mkdir()
    write(tmp_path / "好.xlsx")
    (tmp_path / "老.xls").write_bytes(hostile.compound("Workbook"))
    names_of_others = ["附件.pdf", "表.ods", "说明.doc", "稿.wps", "旧表.et", "材料.zip"]
    for name in names_of_others:
        (below / name).write_bytes(b"%PDF")
    (below / "~$说明.doc").write_bytes(b"")
    html = tmp_path / "报告.html"
    code, out, _ = run(capsys, tmp_path, "--html", html)
    assert code == 1
    assert out.splitlines()[-1] == "共 8 个文件，其中 7 个没有复核：1 处错误，1 处说明"
    assert out.count("R43") == 1
    assert all(str(Path("甲：局", name)) in out for name in names_of_others)
    text = html.read_text(encoding="utf-8")
    assert "共 8 个文件，其中 7 个没有复核：1 处错误，1 处说明。" in text
    assert all(name in text for name in names_of_others)
    (item,) = [item for item in items(capsys, tmp_path) if item["code"] == "R43"]
    assert (item["file"], item["level"]) == (str(tmp_path), "说明")
    (tmp_path / "老.xls").unlink()
    assert run(capsys, tmp_path)[0] == 0


def test_a_folder_of_nothing_else_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "自评表.pdf").write_bytes(b"%PDF")
    code, _, err = run(capsys, tmp_path)
    assert code == 1
    assert "自评表.pdf" in err


UNKNOWN = "某镇考核表\n任务 | 全年目标 | 全年完成 | 满分 | 评分\n修路 | 20公里 | 10公里 | 100 | 100"


def test_what_was_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "表.xlsx", CORRECT, 另一张=CORRECT, 别的=UNKNOWN)
    html = tmp_path / "报告.html"
    code, out, _ = run(capsys, path, "--html", html)
    told = "读到 2 张自评表：执行率 2 行，指标 12 行；1 张没有认出"
    assert code == 1
    assert f"  {told}" in out.splitlines()
    assert told in html.read_text(encoding="utf-8")
    assert "其中 1 个没有复核" not in out  # two of its three tables were reviewed


def test_what_was_read_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "表.xlsx", CORRECT, 别的=UNKNOWN)
    broken = tmp_path / "坏.xlsx"
    broken.write_text("不是工作簿", encoding="utf-8")
    out = tmp_path / "读到.json"
    found = items(capsys, path, broken, "--read", out)
    assert [item["code"] for item in found] == ["R00", "R00"]  # --json is the list that it is
    first, second = json.loads(out.read_text(encoding="utf-8"))
    assert (second["file"], second["read"], second["sheets"]) == (str(broken), None, [])
    assert (first["file"], first["read"]) == (str(path), "读到 1 张自评表：执行率 1 行，指标 6 行；1 张没有认出")
    sheet, unread = first["sheets"]
    assert (unread["sheet"], unread["recognised"], unread["forms"]) == ("别的", False, [])
    assert unread["unread"][0]["printed"] == ["全年目标", "全年完成", "满分", "评分"]
    (form,) = sheet["forms"]
    assert (form["kind"], form["title"], form["area"], form["unit"]) == (
        "project",
        "项目支出绩效自评表",
        "A1:H17",
        "元",
    )
    assert (form["name"], form["cells"]["name"]) == ("水质监测", "B2")
    assert [row["source"] for row in form["funds"]] == ["年度资金总额", "当年财政拨款", "上年结转资金"]
    assert form["funds"][0]["cells"] | {"rate": "G4"} == form["funds"][0]["cells"]
    row = form["rows"][1]
    assert {key: row[key] for key in ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")} == {
        "level1": "产出指标",
        "level2": "质量指标",
        "name": "数据有效率",
        "target": "≥95%",
        "actual": "90%",
        "weight": 10,
        "score": 9.47,
        "reason": "两台仪器故障，已经更换",
    }
    assert row["cells"] == {
        "name": "C11",
        "target": "D11",
        "actual": "E11",
        "weight": "F11",
        "score": "G11",
        "reason": "H11",
    }
    assert (form["total"]["score"], form["total"]["cells"]["score"], form["left"]) == (95.97, "G16", [])


def test_what_was_read_is_not_written_over_a_file_under_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "表.xlsx")
    before = path.read_bytes()
    code, _, err = run(capsys, path, "--read", path)
    assert code == 2
    assert "另一个文件名" in err
    assert path.read_bytes() == before
    assert run(capsys, path, "--read", tmp_path / "没有" / "读到.json")[0] == 1


# --- reasons that let a finding stand ---


def test_a_reason_in_an_earlier_json_lets_a_finding_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = write(tmp_path / "错.xlsx", WRONG)
    found = items(capsys, wrong)
    reasons = tmp_path / "复核.json"
    reasons.write_text(json.dumps([found[0] | {"waived": "加分项另附批文"}], ensure_ascii=False), encoding="utf-8")
    code, out, _ = run(capsys, wrong, "--waive", reasons)
    assert code == 0
    assert "已说明不改：加分项另附批文" in out
    assert items(capsys, wrong, "--waive", reasons) == [found[0] | {"waived": "加分项另附批文"}]
    write(wrong, WRONG.replace("96.97", "97.97"))  # another value: the reason has lapsed
    assert run(capsys, wrong, "--waive", reasons)[0] == 1
    elsewhere = write(tmp_path / "别的.xlsx", WRONG)
    assert run(capsys, elsewhere, "--waive", reasons)[0] == 1


# What each kind was found as before it had a number of its own: a row that raises it, the former code and the new one.
RENUMBERED = {
    "得分不是数": ("| 20 | 20\n", "| 20 | 满分\n", "R14", "R38"),
    "原因空泛": ("两台仪器故障，已经更换", "客观原因", "R10", "R39"),
    "原因说没有偏差": ("两台仪器故障，已经更换", "已完成", "R10", "R40"),
}


@pytest.mark.parametrize("matter", RENUMBERED)
@pytest.mark.parametrize("carrier", ["json", "sheet"])
def test_a_reason_under_a_former_code_still_lets_a_finding_stand(
    matter: str, carrier: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right, wrong, former, code = RENUMBERED[matter]
    assert right in CORRECT
    sheet = CORRECT.replace(right, wrong)
    path = write(tmp_path / "错.xlsx", sheet)
    (one,) = [item for item in items(capsys, path) if item["code"] == code]

    def reasons(given: str) -> tuple[object, ...]:
        if carrier == "json":
            data = json.dumps([one | {"code": given, "waived": "已经批复"}], ensure_ascii=False)
            (tmp_path / "复核.json").write_text(data, encoding="utf-8")
            return path, "--waive", tmp_path / "复核.json"
        row = f"提醒 | {given} | 表 | {one['cell']} | 说 | | {one['found']} | | 已经批复"
        write(path, sheet, **{names.REVIEW: f"{' | '.join(names.REVIEW_COLUMNS)}\n{row}"})
        return (path,)

    def reason(given: str) -> list[str]:
        return [item.get("waived", "") for item in items(capsys, *reasons(given)) if item["code"] == code]

    assert reason(former) == reason(code) == ["已经批复"]
    assert reason("R09") == [""]


def test_every_former_code_is_one_that_is_still_in_use() -> None:
    former = {kind.code: kind.formerly for kind in kinds().values() if kind.formerly}
    assert former == {"R38": "R14", "R39": "R10", "R40": "R10", "R41": "R24", "R45": "R12"}
    for code, old in former.items():
        one = Said(kinds()[code], "说").at("表", "G6", found="10")
        reason = Waiver(old, "表", "G6", "10", "已经批复")
        assert [each.waived for each in waived([one], [reason])] == ["已经批复"]
        assert [each.waived for each in waived([one], [reason._replace(found="9")])] == [""]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "不是有效的 JSON"),
        ("{}", "应是 perfeval check --json 输出的列表"),
        ("[1]", "第 1 项不是复核结果"),
        ('[{"waived": "好"}]', "第 1 项应有"),
        ("[" * 100_000, "不是有效的 JSON"),
    ],
)
def test_a_file_of_reasons_that_is_none(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = tmp_path / "理由.json"
    reasons.write_text(content, encoding="utf-8")
    code, _, err = run(capsys, write(tmp_path / "好.xlsx"), "--waive", reasons)
    assert code == 1
    assert says in err


def test_a_reason_on_the_sheet_of_our_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = " | ".join(names.REVIEW_COLUMNS)
    line = "错误 | R03 | 表 | G16 | 总分 | 95.97 | {found} | 重新合计 | {reason}"

    def code(found: str, reason: str) -> int:
        review = f"复核结果\n{header}\n{line.format(found=found, reason=reason)}"
        return run(capsys, write(tmp_path / "错.xlsx", WRONG, **{names.REVIEW: review}))[0]

    assert code("96.97", "加分项另附批文") == 0
    assert code("'96.97", "加分项另附批文") == 0
    assert code("96.97", "") == 1
    assert code("95.00", "加分项另附批文") == 1


# --- the report ---


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {str(value) for name, value in attrs if name in {"href", "src", "action", "background"}}


def test_the_report_stands_alone_and_escapes_what_strangers_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = WARNED.replace("群众满意度", "<script>alert(1)</script><img src=x onerror=alert(1)>")
    write(tmp_path / "甲.xlsx", evil)
    write(tmp_path / "乙 <b>.xlsx", WRONG) if os.name != "nt" else None
    write(tmp_path / "丙.xlsx")
    report = tmp_path / "报告.html"
    code, _, _ = run(capsys, tmp_path, "--html", report)
    text = report.read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(text)
    assert code == (1 if os.name != "nt" else 0)
    assert not tags.tags & {"script", "img", "iframe", "link", "object", "b onerror"}
    assert all(link.startswith("#f") for link in tags.links)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not re.search(r"url\(|@import|https?://", text)


def test_a_report_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, write(tmp_path / "好.xlsx"), "--html", tmp_path / "没有" / "报告.html")
    assert code == 1
    assert "没有这个文件夹" in err


# --- hostile files ---

FORMULA = '=HYPERLINK("http://x","y")'


def _form_rows(rows: int) -> str:
    lines = CORRECT.strip().splitlines()
    return "\n".join([*lines[:10], *([lines[10]] * rows), *lines[11:]])


@pytest.mark.parametrize(
    "content",
    [
        hostile.bomb(300_000_000),
        hostile.lying_size(50_000_000),
        hostile.overlapping(),
        hostile.wrong_checksum(),
        hostile.zipped(hostile.parts() | {"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}),
        hostile.zipped(hostile.parts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        hostile.zipped(hostile.parts(after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 1000 + "</mergeCells>")),
    ],
    ids=["解压炸弹", "谎报大小", "重叠条目", "校验和不符", "实体", "最远的单元格", "重叠的合并"],
)
def test_a_hostile_package_is_refused_in_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hostile.save(tmp_path, content)
    code, out, err = run(capsys, path)
    assert code == 1
    assert err == ""
    assert out.count("R00") == 1
    assert "Traceback" not in out


@pytest.mark.parametrize(
    "sheet",
    [
        CORRECT.replace("水质监测", "=1+1|cmd").replace("试剂涨价", FORMULA),
        CORRECT.replace("水质监测", "长" * 32_000),
        CORRECT.replace("监测断面数", "名" * 32_000),
        CORRECT.replace("40个 | 20", "9" * 5_000 + "个 | 20"),
        CORRECT.replace("两台仪器故障，已经更换", "因" * 32_000),
        CORRECT.replace("1000000", "1e308").replace("950000", "-1e308"),
        _form_rows(2_000),
    ],
    ids=["公式", "很长的项目名称", "很长的指标", "很长的数", "很长的原因", "极大的数", "两千行"],
)
def test_a_form_of_strange_contents_ends_in_findings(
    sheet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "表.xlsx", sheet)
    code, out, err = run(capsys, path, "--html", tmp_path / "报告.html")
    assert code in (0, 1)
    assert err == ""
    assert all(len(line) < 1_500 for line in out.splitlines())


def test_a_thousand_merged_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    merged = "\n".join("备注 | < | < | <" for _ in range(1_000))
    assert run(capsys, write(tmp_path / "表.xlsx", CORRECT.strip("\n") + "\n" + merged))[0] == 0


# --- the documents ---


def test_the_list_of_findings_is_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "--markdown"]) == 0
    assert capsys.readouterr().out == (DOCS / "findings.md").read_text(encoding="utf-8")


def test_the_add_in_does_not_load_the_progress_bar() -> None:
    loaded = "import sys, perfeval.checks, perfeval.functions, perfeval.commands.buttons; print('tqdm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
