"""A small collector of OpenTelemetry: takes OTLP over HTTP and keeps what it was given."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

KINDS: dict[str, type[Any]] = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}


class Receiver:
    """What came, as one list of each kind; each with `about`, the attributes of its resource."""

    def __init__(self) -> None:
        self.raw = b""
        self.headers: list[dict[str, str]] = []
        self.spans: list[Any] = []
        self.metrics: list[Any] = []
        self.lines: list[Any] = []
        self.abouts: list[dict[str, Any]] = []
        self.services: dict[bytes, str] = {}
        "By span: `service.name service.instance.id` of who made it."
        self.status = 200
        self.url = ""

    def take(self, path: str, body: bytes) -> None:
        self.raw += body
        request = KINDS[path].FromString(body)
        for part in getattr(request, "resource_spans", ()):
            self.abouts.append(values(part.resource.attributes))
            for scope in part.scope_spans:
                self.spans += scope.spans
                about = self.abouts[-1]
                name = f"{about['service.name']} {about['service.instance.id']}"
                self.services |= {span.span_id: name for span in scope.spans}
        for part in getattr(request, "resource_metrics", ()):
            for scope in part.scope_metrics:
                self.metrics += scope.metrics
        for part in getattr(request, "resource_logs", ()):
            for scope in part.scope_logs:
                self.lines += scope.log_records

    def wait_until(self, condition: Callable[[], object], within_s: float = 20.0) -> None:
        ends_s = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < ends_s, f"{len(self.spans)} spans came"
            time.sleep(0.05)


def values(attributes: list[KeyValue]) -> dict[str, Any]:
    return {
        one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value")
        for one in attributes
    }


@contextmanager
def otlp_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
            if receiver.status == 200:
                zipped = self.headers.get("Content-Encoding") == "gzip"
                receiver.take(self.path, gzip.decompress(body) if zipped else body)
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
