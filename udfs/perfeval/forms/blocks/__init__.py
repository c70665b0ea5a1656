"""Reads blocks of indicators: rows of 一级、二级、三级指标 with their values or points, on any form, under any header."""

from perfeval.forms.blocks.headers import Header, headers
from perfeval.forms.blocks.rows import read_block

__all__ = ["Header", "headers", "read_block"]
