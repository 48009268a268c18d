"""The import point for documents: what others need to read them and to join them.

Rule of this file: names only; `kinds` types documents, `loading` reads one, `assembly` joins all.
"""

from __future__ import annotations

from routing_policies.assembly import assemble
from routing_policies.errors import DocumentError
from routing_policies.kinds import (
    ANY_SITE,
    KINDS,
    Document,
    HandlerDoc,
    PathDoc,
    RoutingPolicyDoc,
    ServiceDoc,
    SiteDoc,
    SiteTableDoc,
)
from routing_policies.loading import load_document, load_site_table
from routing_policies.network_documents import NetworkDocuments, SiteTable

__all__ = [
    "ANY_SITE",
    "KINDS",
    "Document",
    "DocumentError",
    "HandlerDoc",
    "NetworkDocuments",
    "PathDoc",
    "RoutingPolicyDoc",
    "ServiceDoc",
    "SiteDoc",
    "SiteTable",
    "SiteTableDoc",
    "assemble",
    "load_document",
    "load_site_table",
]
