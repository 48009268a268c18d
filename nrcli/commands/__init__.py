"""The nrcli commands, one file each."""
