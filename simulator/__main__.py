"""`python -m simulator`: the same as `nirc-sim`.

Rule of this file: nothing but the entry point.
"""

from simulator.commands.main import app, main

__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
