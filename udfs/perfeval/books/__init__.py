"""Where forms live: a workbook file on disk, patched without loss."""

from perfeval.books.file import Applied, Change, FileBook

__all__ = ["Applied", "Change", "FileBook"]
