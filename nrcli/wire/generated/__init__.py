"""Generated protobuf code; only codec.py and the gRPC shells may see it."""
