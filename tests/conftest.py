"""What every test run has: caches in build/; by option progress by file, or a second try alone."""

import gc
import os

import alone_again
import file_progress
import long_first
import marked_files
import pytest
from source_tree import ROOT

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / "build" / "hypothesis"))
os.environ.setdefault("NIRC_SIM_CACHE", str(ROOT / "build" / "nirc_sim"))
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")  # what a test starts is another program
os.environ.setdefault("NIRC_SIM_WARM", "0")  # no compiler beside the tests, none left after them
gc.set_threshold(50_000, 20, 50)  # as a node's: Numba and thousands of tests make much and keep it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--progress-by-file",
        action="store_true",
        help="print one line per test file as it ends, instead of a dot per test",
    )
    parser.addoption(
        "--alone-again",
        action="store_true",
        help="run only what failed the last time, and say what passes now",
    )
    parser.addoption(
        "--long-first",
        action="store_true",
        help="begin with the files that take longest, so that no worker is left alone with one",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(marked_files.MarkedFiles(config), "marked_files")
    if config.getoption("--long-first"):
        config.pluginmanager.register(long_first.LongFirst(config), "long_first")
    is_worker = hasattr(config, "workerinput")
    if is_worker:
        return
    if config.getoption("--alone-again"):
        config.pluginmanager.register(alone_again.AloneAgain(config), "alone_again")
    else:
        config.pluginmanager.register(alone_again.FailedBeside(config), "failed_beside")
    if config.getoption("--progress-by-file"):
        config.pluginmanager.register(file_progress.FileProgress(config), "file_progress")
