"""What a browser that has never been here loads for one page, as sent over the wire."""

import shutil
from dataclasses import dataclass


@dataclass(frozen=True)
class ColdLoad:
    """Bytes of all answers with their headers, as Chromium received them, and how many there were."""

    bytes: int
    requests: int


def chromium():
    names = "chromium", "chromium-browser", "google-chrome", "chromium-headless-shell"
    return next(filter(None, map(shutil.which, names)), None)


def cold_loads(port, pages):
    """ColdLoad by name for GET requests, each in a browser context of its own; empty without Chromium."""
    if not chromium():
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        loads = {name: cold_load(browser, port, asked) for name, asked in pages.items()}
        browser.close()
    return loads


def cold_load(browser, port, asked):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    address = f"http://127.0.0.1:{port}"
    for pair in filter(None, asked["headers"].get("Cookie", "").split("; ")):
        name, value = pair.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address + asked["path"], wait_until="networkidle")
    context.close()
    sent = [size for size in received if size]  # a data: address is no request
    return ColdLoad(round(sum(sent)), len(sent))
