"""The fast engine: loops over columns of numbers, compiled by Numba where it is installed."""
