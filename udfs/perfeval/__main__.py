"""``python -m perfeval``."""

import sys

from perfeval.cli import main

sys.exit(main())
