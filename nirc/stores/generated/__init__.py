"""Generated from etcd_rpc.proto; only etcd_client.py sees it."""
