"""Remembers documents that were read and policies that were compiled, by their text.

Rule of this file: the text decides. What was read of a text is what would be read of it again, so
that one changed document of a thousand costs one reading and one compilation.
"""

from __future__ import annotations

from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.kinds import Document, RoutingPolicyDoc
from routing_policies.loading import load_document


class ReadTexts:
    """Hand the same one to every `assemble`. It keeps what the last two sets used: one to try, one
    in use. Two threads may use it at once: at worst, something is read twice."""

    __slots__ = ("_compiled", "_documents", "_turn")

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str], tuple[int, Document]] = {}
        self._compiled: dict[tuple[str, str, int], tuple[int, CompiledPolicy]] = {}
        self._turn = 0

    def begin(self) -> None:
        """A new set is joined: forget what neither of the last two used."""
        self._turn += 1
        oldest = self._turn - 2
        self._documents = {k: v for k, v in self._documents.copy().items() if v[0] >= oldest}
        self._compiled = {k: v for k, v in self._compiled.copy().items() if v[0] >= oldest}

    def document(self, key: str, text: str) -> Document:
        """The document; raises DocumentError as `load_document` does."""
        known = self._documents.get((key, text))
        document = known[1] if known else load_document(text, source=key)
        self._documents[(key, text)] = (self._turn, document)
        return document

    def compiled(self, key: str, text: str, version: int) -> CompiledPolicy:
        """The policy; raises DocumentError as `compile_policy` does."""
        known = self._compiled.get((key, text, version))
        if known is None:
            document = self.document(key, text)
            assert isinstance(document, RoutingPolicyDoc)
            policy = compile_policy(document, version, source=key)
        else:
            policy = known[1]
        self._compiled[(key, text, version)] = (self._turn, policy)
        return policy
