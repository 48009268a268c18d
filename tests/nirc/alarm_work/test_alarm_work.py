"""Which folders and certificates of a node are looked at; all of it is served."""

from pathlib import Path

from node_views import router_view

from nirc.alarm_work.alarm_work import AlarmWork, _certificates, _folders
from nirc.config import NodeConfig
from nirc.runtime.clock import wall_unix_s
from nirc.stores.node_stores import NodeStores
from nirc.telemetry.alarm_board import AlarmBoard

SETTINGS = {
    "node": "n1",
    "data_dir": "/var/lib/nirc",
    "link": {"listen": "127.0.0.1:0", "tls": {"ca": "/c/ca", "cert": "/c/link", "key": "/c/k"}},
    "etcd": {"members": ["127.0.0.1:1"], "tls": {"ca": "/c/ca"}},
    "redis": {"url": "redis://127.0.0.1:1", "cert": "/c/redis"},
    "records": {"folder": "/records"},
    "admin": {"listen": "127.0.0.1:0", "tls": {"cert": "/c/admin", "key": "/c/k"}},
}


def test_what_of_this_host_is_looked_at() -> None:
    config = NodeConfig.model_validate(SETTINGS)
    assert list(map(str, _folders(config))) == ["/var/lib/nirc", "/records"]
    assert set(map(str, _certificates(config))) == {"/c/ca", "/c/link", "/c/admin", "/c/redis"}


def test_everything_is_served(tmp_path: Path) -> None:
    config = NodeConfig.model_validate({**SETTINGS, "data_dir": str(tmp_path)})
    config = config.model_copy(update={"etcd": config.etcd.model_copy(update={"tls": None})})
    board = AlarmBoard(wall_unix_s)
    stores = NodeStores(config, post=lambda event: None, alarms=board)
    work = AlarmWork(config, stores, board, router_view)
    paths = {getattr(route, "path", "") for route in work.http.routes()}
    assert {"/api/v1/alarms/history", "/api/v1/silences/{silence}"} <= paths
    assert set(work._own_figures()) >= {"disk_free", "records_waiting"}
