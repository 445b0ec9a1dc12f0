"""Scenes of the server, which lives in an event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(scene):
    """In a thread of its own: in this one Playwright keeps a loop of its own running, once a browser test has begun."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
