"""PerfEval: 预算绩效自评 in the spreadsheet: scoring, forms, filling, reviewing."""

__version__ = "0.1.0"
