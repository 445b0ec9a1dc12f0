"""The app's production settings; only the collected files lie elsewhere."""

import os

from kompetenz.settings import *  # noqa: F403

STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]
