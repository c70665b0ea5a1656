"""Published standards as data: one TOML file each, loaded when first asked for."""

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

__all__ = ["NATIONAL", "Group", "Standard", "available", "convention", "load", "load_file", "project_standard"]
