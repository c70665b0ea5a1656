"""Published standards as data: one TOML file each, loaded when first asked for."""

from perfeval.standards.detailed import (
    DetailedStandard,
    Leaf,
    any_standard,
    available_detailed,
    detailed_standard,
    load_detailed,
    load_detailed_file,
)
from perfeval.standards.loader import (
    NATIONAL,
    Group,
    Standard,
    available,
    convention,
    load,
    load_file,
    project_standard,
)

__all__ = [
    "NATIONAL", "DetailedStandard", "Group", "Leaf", "Standard", "any_standard", "available", "available_detailed", "convention",
    "detailed_standard", "load", "load_detailed", "load_detailed_file", "load_file", "project_standard",
]  # fmt: skip
