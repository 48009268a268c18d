#!/bin/sh
# Generates nrcli/wire/generated/nirc_link_descriptor.py from nrcli/wire/nirc_link.proto.
#
# What is committed is the file descriptor and not protoc's Python output: that output runs only with
# a protobuf runtime at least as new as the protoc that wrote it, and differs between versions.
# Needs grpcio-tools (extra `dev`). PYTHON names the interpreter; an argument names another file to
# write. Exit codes: 0 written, 2 grpcio-tools is missing.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
target=${1:-nrcli/wire/generated/nirc_link_descriptor.py}
if ! "$python" -c 'import grpc_tools' 2>/dev/null; then
    echo "$0: $python has no grpcio-tools; run: $python -m pip install 'grpcio-tools>=1.66'" >&2
    exit 2
fi
binary=$(mktemp)
trap 'rm -f "$binary"' EXIT
"$python" -m grpc_tools.protoc --proto_path=nrcli/wire --descriptor_set_out="$binary" nirc_link.proto
"$python" - "$binary" "$target" <<'PYTHON'
import base64, pathlib, sys, textwrap

data = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode("ascii")
lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(data, 90))
pathlib.Path(sys.argv[2]).write_text(
    '"""The file descriptor of nirc_link.proto. Written by scripts/generate_proto.sh; not by hand."""\n\n'
    "from base64 import b64decode\n\n"
    f"FILE_DESCRIPTOR_SET = b64decode(\n{lines}\n)\n",
    encoding="ascii",
)
PYTHON
