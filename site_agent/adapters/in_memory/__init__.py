"""An ACD in memory, for tests of the core."""
