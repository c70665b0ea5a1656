"""``python -m perfeval``."""

import sys

from perfeval.cli import main

if __name__ == "__main__":  # a worker process imports this module too
    sys.exit(main())
