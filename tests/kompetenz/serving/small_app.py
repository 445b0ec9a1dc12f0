"""What the server's tests serve: an app of a few lines behind the real gateway."""

import os
import time

from kompetenz.serving.gateway import Gateway
from kompetenz.serving.lanes import Lanes
from kompetenz.serving.refusals import REFUSALS


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow/":
        time.sleep(1)
    if path == "/document.pdf":
        begun = time.monotonic()
        time.sleep(0.1)
        path = f"{begun} {time.monotonic()}"
    content = b"x" * 50_000_000 if path == "/large/" else f"{os.getpid()} {path}".encode()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]


application = Gateway(app, Lanes(2), {status: text.encode() for status, (_, text) in REFUSALS.items()})
