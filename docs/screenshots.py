"""Draws the README's and the help's pictures from the demo district: python docs/screenshots.py [folder [folder of the help]]"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 250_000  # bytes of one picture
WIDTH = 1280
OF_HELP = {
    "width": 1100,
    "height": 700,
}  # what of a page a picture of the help shows; kompetenz/help/tags.py says how large it is then
LARGEST_OF_HELP = 45_000


def main(folder, folder_of_help):
    with tempfile.TemporaryDirectory() as scratch:
        prepare(Path(scratch) / "district.sqlite3")
        port = free_port()
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/gesund/")
                take(f"http://127.0.0.1:{port}", folder, folder_of_help)
            finally:
                server.terminate()


def prepare(database):
    """The demo district in a database of its own, for this process and the server it starts."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{database}",
        KOMPETENZRAD_DEMO="1",
        DEBUG="1",
        DJANGO_SETTINGS_MODULE="kompetenz.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright keeps an event loop in this thread
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed_demo")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, seconds=30):
    until = time.monotonic() + seconds
    while True:
        try:
            return urlopen(address).close()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def take(base, folder, folder_of_help):
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        chromium = shutil.which("chromium") or shutil.which("chromium-headless-shell")
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for name, account, address, part in pictures():
            page = signed_in(browser, base, account)
            page.goto(address)
            page.evaluate("document.fonts.ready.then(() => true)")
            expect(page.locator("[data-wheel]:not(:has(.main-svg))")).to_have_count(0)
            height = min(page.evaluate("document.documentElement.scrollHeight"), 1000)
            page.set_viewport_size({"width": WIDTH, "height": height})
            if part:
                page.locator(part).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 16)")
            keep(folder / f"{name}.png", page.screenshot())
            if name == "lernplan":
                pdf = page.request.get(page.get_by_role("link", name="Lernplan (PDF)").get_attribute("href")).body()
                keep(folder / "lernplan-pdf.png", first_page(pdf))
            page.context.close()
        for name, account, address, part in pictures_of_help():
            page = signed_in(browser, base, account)
            page.set_viewport_size(OF_HELP)
            page.goto(address)
            page.evaluate("document.fonts.ready.then(() => true)")
            expect(page.locator("[data-wheel]:not(:has(.main-svg))")).to_have_count(0)
            if part:
                page.locator(part).first.evaluate(
                    "e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 16)"
                )
            keep_small(folder_of_help / f"{name}.webp", page.screenshot())
            page.context.close()
        browser.close()


def pictures_of_help():
    """The same for the help: (name, who looks, address, what stands at the top)."""
    from django.urls import reverse

    from assessments.models import Participation, Round, TalkProgress
    from kompetenz.demo.accounts import BY_KEY

    taken = {name: (account, address) for name, account, address, _ in pictures()}
    own, growth, plan, running = (taken[name] for name in ("einschaetzung", "entwicklung", "lernplan", "runde"))
    of_manager = Participation.objects.filter(round__state=Round.State.OPEN, manager__email=BY_KEY["manager"].email)
    talk = of_manager.filter(talk_state=TalkProgress.STARTED).first()
    return [
        ("aufgaben", "employee", reverse("start"), "h1"),
        ("einschaetzung", *own, ".rating-page"),
        ("vergleich", *taken["vergleich"], "#rad-titel"),
        ("gespraech", "manager", reverse("assessments:talk", args=[talk.pk]), "main h2 >> nth=1"),
        ("lernplan", *plan, "#ziele"),
        ("runde", *running, "h1"),
        ("entwicklung", *growth, "main h2 >> nth=1"),
    ]


def pictures():
    """(name of the picture, who looks, address, what stands at the top of it)"""
    from django.urls import reverse

    from assessments.models import Assessment, Participation, Round
    from kompetenz.demo.accounts import BY_KEY
    from learningplans.models import LearningPlan

    mine = Participation.objects.filter(round__state=Round.State.OPEN)
    own = Assessment.objects.get(
        kind=Assessment.Kind.SELF, participation__in=mine.filter(person__email=BY_KEY["employee"].email)
    )
    ready = mine.get(person__email=BY_KEY["ready"].email)
    plan = LearningPlan.objects.filter(participation__person__email=BY_KEY["employee"].email).first()
    running = Round.objects.open().get()
    return [
        ("einschaetzung", "employee", own.get_absolute_url(), ""),
        ("vergleich", "ready", ready.get_absolute_url(), "#rad-titel"),
        ("runde", "hr", reverse("assessments:round", args=[running.pk]), ""),
        ("lernplan", "employee", plan.get_absolute_url(), ""),
        ("entwicklung", "ready", reverse("learningplans:growth"), ""),
    ]


def signed_in(browser, base, account):
    from kompetenz.demo.accounts import BY_KEY, PASSWORD

    context = browser.new_context(
        base_url=base, locale="de-DE", color_scheme="light", viewport={"width": WIDTH, "height": 1000}
    )
    page = context.new_page()
    page.goto("/anmelden/")
    page.locator("[name=login]").fill(BY_KEY[account].email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .kern-btn--primary").first.click()
    page.get_by_role("heading", name="Meine Aufgaben").wait_for()
    return page


def first_page(pdf):
    """The first page as PNG, as wide as the other pictures."""
    command = ["pdftoppm", "-f", "1", "-l", "1", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", "-png", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def keep_small(path, png):
    """Store a picture as WebP, as large as the help shows it and as good as fits into LARGEST_OF_HELP."""
    from PIL import Image

    from kompetenz.help.tags import HEIGHT
    from kompetenz.help.tags import WIDTH as SHOWN

    picture = Image.open(io.BytesIO(png)).convert("RGB").resize((SHOWN, HEIGHT), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in (70, 55, 40):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size < LARGEST_OF_HELP:
            break
    else:
        sys.exit(f"{path.name} ist mit {path.stat().st_size} Byte zu groß.")
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def keep(path, png):
    """Store a picture with as many of 256 colours as fit into LARGEST."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LARGEST:
            break
    else:
        sys.exit(f"{path.name} ist mit {path.stat().st_size} Byte zu groß.")
    print(f"{path.name}: {path.stat().st_size // 1000} kB, {colours} Farben")


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]]
    main(*(folders + [ROOT / "docs" / "images", ROOT / "static" / "images" / "help"][len(folders) :]))
