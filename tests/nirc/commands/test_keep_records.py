"""The keeper as a process of its own: what it refuses, and a file at its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from contract_samples import sample
from redis_process import RedisProcess

from nirc.stores.redis_records import as_text
from nrcli.records.record_files import read_rows
from nrcli.wire.history_messages import CallLegRecord
from nrcli.wire.record_tables import LEGS

CONFIG = """
node: n1
data_dir: {folder}/data
link: {{listen: "127.0.0.1:0"}}
etcd: {{members: ["127.0.0.1:1"]}}
admin: {{listen: "127.0.0.1:0"}}
"""


def config(folder: Path, more: str) -> Path:
    path = folder / "node.yaml"
    path.write_text(CONFIG.format(folder=folder) + more, encoding="utf-8")
    return path


def keep(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nirc", "records", "keep", "--config", str(path)]
    env = os.environ | {"PYTHONPATH": str(Path.cwd())}
    return subprocess.Popen(command, text=True, stderr=subprocess.PIPE, env=env)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", "redis: is not set"),
        ('redis: {url: "unix:///nowhere"}\n', "records: is not set"),
        (
            'redis: {url: "unix:///nowhere"}\nrecords: {folder: /dev/null/x}\n',
            "set records.folder to a folder this user may write",
        ),
    ],
)
def test_what_it_cannot_work_with_is_told_in_one_line(tmp_path: Path, more: str, told: str) -> None:
    process = keep(config(tmp_path, more))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and told in errors.splitlines()[-1]
    assert "Traceback" not in errors


@pytest.mark.services
def test_it_writes_what_waits_when_it_ends(tmp_path: Path) -> None:
    with RedisProcess(tmp_path) as store:
        more = f'redis: {{url: "{store.url}"}}\nrecords: {{folder: {tmp_path}/files}}\n'
        process = keep(config(tmp_path, more))
        client = redis.Redis.from_url(store.url)
        leg = as_text(sample(CallLegRecord, number=1, ended_unix_s=time.time()))
        client.xadd("nirc:records:legs", {"json": leg})
        deadline = time.monotonic() + 60
        while b'"waiting": 1' not in (client.hget("nirc:kept", "status") or b""):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        client.close()
    assert process.returncode == 0
    assert [row["number"] for row in read_rows(tmp_path / "files", LEGS)] == [1]
