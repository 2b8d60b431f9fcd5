"""Random queries to a real server, held against an evaluator that has no index (tests/differential)."""

import os
import subprocess
import sys
from pathlib import Path

from conftest import BINARY, ROOT, run, serving

sys.path.insert(0, str(ROOT / "tests" / "differential"))

import odd_records  # noqa: E402
import run as differential  # noqa: E402

QUERIES = int(os.environ.get("DOIHOUND_QUERIES", "300"))
SEED = int(os.environ.get("DOIHOUND_SEED", "1"))


def differences(server, store, folder):
    records = folder / "records.jsonl"
    run("export", "--store", store, "--output", records)
    asked, told = differential.Server(server.base), []
    searcher = differential.searcher_of(asked, records)
    found = differential.run(asked, searcher, QUERIES, SEED, told.append, limit=5)
    assert searcher.visible and told[-1].split()[0] != "0"
    return found


def test_catalogue(server, sample_store, tmp_path):
    assert differences(server, sample_store, tmp_path) == []


def test_generated_records(tmp_path):
    generators = [folder / "bench-generate" for folder in (Path(BINARY).parent, ROOT / "build")]
    generator = next((path for path in generators if path.exists()), None)
    assert generator, "build bench-generate first: it stands beside the program"
    made = subprocess.run([generator, "--records", "500", "--seed", "7", "--accounts"], capture_output=True, check=True)
    check(made.stdout, tmp_path)


def test_odd_records(tmp_path):
    check(odd_records.lines(250, SEED).encode(), tmp_path)


def check(records, folder):
    store = folder / "store.db"
    run("import", "--store", store, "--quiet", "-", input=records)
    with serving(store) as server:
        assert differences(server, store, folder) == []
