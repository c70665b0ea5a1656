"""What several rooms of tests need: published data, books and hosts to test in. No module here holds a test."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
