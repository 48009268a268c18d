"""The node's stores: etcd and Redis, each behind one file."""
