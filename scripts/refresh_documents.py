"""Writes the code and pictures in documents anew from the source; `make docs` runs it."""

import sys

from documents import ROOT, DocumentError, documents, refreshed


def main() -> int:
    """Rewrite what has changed and name it; 1 where a document asks for what is not there."""
    for document in documents():
        try:
            text = refreshed(document)
        except DocumentError as error:
            print(error, file=sys.stderr)
            return 1
        path = ROOT / document
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            print(f"refreshed {document}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
