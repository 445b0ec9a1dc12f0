"""`make test-clocks`: the tests that look at days at each of tests.clock.DAYS, those that look at times at each of NIGHTS; on SQLite.

Moments in TESTED, at which everything runs anyway, are left out. Each has a process of its own; all run at once, so that no core
waits for the last. What is given goes to pytest.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.clock import DOUBTFUL, NIGHTS

PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]


def left():
    """The moments to test, each with its name."""
    tested = os.environ.get("TESTED", "").split()
    return {name: moment for name, moment in DOUBTFUL.items() if moment not in tested}


def only(name):
    return "--only=times" if name in NIGHTS else "--only=days"


def run(name, moment):
    environment = os.environ | {"TEST_CLOCK": moment, "TEST_DATABASE_URL": ""}
    return subprocess.run(
        [*PYTEST, only(name), *sys.argv[1:]], env=environment, check=False, capture_output=True, text=True
    )


def main():
    failed, moments = [], left()
    with ThreadPoolExecutor(len(moments)) as pool:
        for (name, moment), done in zip(moments.items(), pool.map(run, moments, moments.values()), strict=True):
            lines = done.stdout.strip().splitlines() or [done.stderr]
            sys.stdout.write(f"{moment}, {name}: {lines[-1]}\n")
            if done.returncode:
                failed.append(f"TEST_CLOCK={moment} make test ARGS={only(name)}   ({name})")
                sys.stdout.write(done.stdout + done.stderr)
    if failed:
        sys.exit("\n".join(["Tests fail at these moments; each can be repeated by:", *failed]))


if __name__ == "__main__":
    main()
