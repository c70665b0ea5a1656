"""COM as VBA uses it, and the Python that VBA starts: what the tests that need Windows share. Windows only."""
