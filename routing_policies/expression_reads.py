"""Collects what one expression reads: names, features of the call, texts compared with names.

Rule of this file: each thing once, in order of appearance.
"""

from __future__ import annotations

from routing_policies.model import Feature
from routing_policies.vocabulary import Names


class Reads:
    """What an expression reads."""

    __slots__ = ("compared", "features", "names")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.features: list[Feature] = []
        self.compared: list[tuple[Names, str]] = []

    def add_name(self, name: str) -> None:
        """A name of the vocabulary."""
        if name not in self.names:
            self.names.append(name)

    def add_compared(self, names: Names, text: str) -> None:
        """A text that is compared with a name: it is looked up when documents are joined."""
        if text and names is not Names.FREE and (names, text) not in self.compared:
            self.compared.append((names, text))

    def feature(self, kind: str, *args: str) -> str:
        """The source of a feature of the call."""
        feature = Feature(kind=kind, args=args)
        if feature not in self.features:
            self.features.append(feature)
        return f"F[{self.features.index(feature)}]"
