"""Arguments that are numbers or addresses, and JSON and TOML of any depth: one sentence each, never a traceback."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from perfeval import datafiles
from perfeval.cli import main
from perfeval.errors import StandardError
from support.costly import FORM
from support.hostile import parts, save, zipped

NINES = "9" * 5_000


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--year", "99999"), "年度“99999”不对，应是 1949 到 2099 之间的整数"),
        (("--year", "25"), "年度“25”不对，应是 1949 到 2099 之间的整数"),
        (("--year", "²"), "年度“²”不对，应是 1949 到 2099 之间的整数"),
        (("--year=-2024",), "年度“-2024”不对，应是 1949 到 2099 之间的整数"),
        (("--projects", "-3"), "项目个数“-3”不对，应是 0 到 1000 之间的整数"),
        (("--projects", "1_0"), "项目个数“1_0”不对，应是 0 到 1000 之间的整数"),
        (("--projects", "1.5"), "项目个数“1.5”不对，应是 0 到 1000 之间的整数"),
        (("--projects", NINES), f"项目个数“{NINES[:40]}”不对，应是 0 到 1000 之间的整数"),
    ],
)
def test_numbers_have_bounds(
    tmp_path: Path, given: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "新.xlsm"
    assert main(["new", str(path), *given]) == 1
    assert capsys.readouterr().err.strip() == sentence
    assert not path.exists()


@pytest.mark.parametrize("cell", [f"A{NINES}", "A0", "²", "A1:B2", "I1_0", "AAAA1"])
def test_explain_wants_an_address(tmp_path: Path, cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, zipped(parts(FORM)))
    assert main(["explain", str(path), cell]) == 1
    assert capsys.readouterr().err.strip() == f"“{cell[:40]}”不是单元格地址，应写成 B5 的样子"


@pytest.mark.parametrize("json", ["[" * 100_000, f'[["PE_NUMBER", {NINES}]]', '{"a":' * 100_000, "["])
def test_json_of_any_depth(json: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json))
    assert main(["call", "--json"]) == 1
    assert capsys.readouterr().err.startswith("标准输入不是有效的 JSON")


@pytest.mark.parametrize("toml", ["a = " + "[" * 100_000, f"a = {NINES}", "a = " + "{b = " * 50_000, "a ="])
def test_toml_of_any_depth(tmp_path: Path, toml: str) -> None:
    path = tmp_path / "标准.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(StandardError, match="不是有效的 TOML"):
        datafiles.read(datafiles.Place(path, "标准文件", StandardError))
