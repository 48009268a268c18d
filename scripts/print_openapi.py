"""Prints the OpenAPI document of a node's HTTP API; `make openapi` runs it."""

import sys

from nrcli.wire.openapi import openapi_text

if __name__ == "__main__":
    sys.stdout.write(openapi_text())
