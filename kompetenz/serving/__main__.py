"""``python -m kompetenz.serving`` serves the app, see server.py; ``--processes`` is for PostgreSQL."""

import argparse

from kompetenz.serving.server import serve

arguments = argparse.ArgumentParser(prog="python -m kompetenz.serving", description=__doc__)
arguments.add_argument("--host", default="127.0.0.1")
arguments.add_argument("--port", type=int, default=8000)
arguments.add_argument("--processes", type=int, default=1)
arguments.add_argument("--log-level", default="info", choices=["error", "warning", "info"])

if __name__ == "__main__":
    serve(**vars(arguments.parse_args()))
