"""Calls of a scenario: drawn by chance, or taken from records, part by part."""
