"""The program's own settings over a data folder and database of the test run."""

import os
from pathlib import Path

os.environ["INCUST_DATA"] = str(Path(__file__).resolve().parent.parent / ".data" / "test")
os.environ["INCUST_DATABASE"] = f"incust_test_{os.getpid()}"
os.environ.setdefault("INCUST_ENCRYPTION_KEYS", "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0=")

from incust.config.settings import *  # noqa: F403 (the environment comes first)

# The static files' server warns about a folder that is not there, and warnings are errors here.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 (comes with the star)
