"""Published standards as data: one TOML file each, loaded when first asked for."""

from perfeval.standards.detailed import (
    DETAILED,
    DetailedStandard,
    Leaf,
    adopt,
    adopted,
    any_standard,
    available_detailed,
    detailed_standard,
    load_detailed,
    load_detailed_file,
    user_file,
    version_of,
    with_version,
)
from perfeval.standards.loader import (
    NATIONAL,
    PROJECTS,
    Group,
    Standard,
    available,
    convention,
    load,
    load_file,
    project_standard,
)

__all__ = [
    "DETAILED", "NATIONAL", "PROJECTS", "DetailedStandard", "Group", "Leaf", "Standard", "adopt", "adopted", "any_standard", "available",
    "available_detailed", "convention", "detailed_standard", "load", "load_detailed", "load_detailed_file", "load_file",
    "project_standard", "user_file", "version_of", "with_version",
]  # fmt: skip
