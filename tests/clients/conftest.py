"""The fixtures of the API tests serve here too."""

import importlib.util
from pathlib import Path

PATH = Path(__file__).resolve().parents[1] / "api" / "conftest.py"
SPEC = importlib.util.spec_from_file_location("api_fixtures", PATH)
FIXTURES = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(FIXTURES)

sample_store = FIXTURES.sample_store
server = FIXTURES.server
