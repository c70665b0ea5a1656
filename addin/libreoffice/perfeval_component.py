"""What LibreOffice loads: puts the Python that came with the extension first on the path, and hands over its classes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "pythonpath"))

from perfeval.libreoffice.component import g_ImplementationHelper  # noqa: F401 — LibreOffice looks for this name
