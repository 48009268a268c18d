"""Adapter for FreeSWITCH: mod_callcenter and channels over the Event Socket."""
