"""An analyst at the screen, in a real browser: `make browser` runs this, `make test` does not.

What `make ui` starts is started on a house of its own; a backfill is launched by clicking, seen to
finish, and what the pages say afterwards is read as a person would. Pictures of a page on which
something was not found are left in the folder that the failure names.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.sampled import register_file

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 600
"""Seconds for what a daemon starts: it looks every half minute, and runs wait for each other."""
LOOK = 120_000
"""Milliseconds for something to appear on a page."""


pytestmark = pytest.mark.timeout(2400)


@dataclass(frozen=True)
class Screen:
    """The pages of one house."""

    page: Page
    base: str
    pictures: Path

    def open(self, path: str) -> None:
        """Go to a page of the UI."""
        self.page.goto(self.base + path)

    @contextmanager
    def watched(self, name: str) -> Iterator[Page]:
        """A picture of the page where something on it is not as expected."""
        try:
            yield self.page
        except BaseException:
            picture = self.pictures / f"{name}.png"
            self.page.screenshot(path=str(picture), full_page=True)
            sys.stderr.write(f"\nthe page as it was: {picture}\n")
            raise
        if os.environ.get("LM_TEST_PICTURES"):
            self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Address of what `make ui` starts, on an empty house with the bundled sample and an extract in
    the inbox of which every third line is wrong."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        _drop_a_wrong_extract(Path(home) / "inbox")
        env = {name: value for name, value in os.environ.items() if not name.startswith("LM_")}
        # Nothing starts by itself here: it is the clicks that are looked at.
        env |= {"LM_HOME": home, "LM_EVENTS": "off"}
        with (Path(home) / "ui.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.cli", "ui", "--port", str(port)],
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                base = f"http://127.0.0.1:{port}"
                _wait_for(base, process, Path(home) / "ui.log")
                yield base
            finally:
                _stop(process)


def _drop_a_wrong_extract(inbox: Path) -> None:
    name, content = register_file()
    header, *rows = content.decode().splitlines()
    column = header.split(";").index("werkzame_personen")
    for number in range(0, len(rows), 3):
        cells = rows[number].split(";")
        cells[column] = "-4"
        rows[number] = ";".join(cells)
    inbox.mkdir(parents=True)
    (inbox / name).write_text("\n".join([header, *rows]) + "\n")


def _wait_for(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the UI stopped by itself:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{base}/server_info", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"the UI did not come up:\n{log.read_text()[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The whole group: webserver, daemon, code server and runs."""
    for sign, seconds in ((signal.SIGINT, 20), (signal.SIGKILL, 20)):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


@pytest.fixture(scope="module")
def screen(served: str) -> Iterator[Screen]:
    """A browser on it, with nobody's history."""
    pictures = Path(tempfile.mkdtemp(prefix="locatiemonitor-pages-"))
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as play:
        browser = play.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            viewport={"width": 1500, "height": 1100},
        )
        page = browser.pages[0] if browser.pages else browser.new_page()
        page.set_default_timeout(LOOK)
        yield Screen(page, served, pictures)
        browser.close()
    if not any(pictures.iterdir()):
        pictures.rmdir()


@pytest.fixture(scope="module")
def launched(screen: Screen) -> Screen:
    """Three backfills, clicked together; they run one after the other."""
    for job in ("intake_cbs_kwb", "intake_cbs_areas", "intake_establishment_register"):
        with screen.watched(f"launch-{job}") as page:
            screen.open(f"/locations/locatiemonitor/jobs/{job}")
            expect(page.get_by_text("To take in a range of editions")).to_be_visible(timeout=LOOK)
            page.get_by_role("button", name="Materialize all").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_role("button", name="All", exact=True).click()
            launch = dialog.get_by_role("button", name=re.compile("^Launch"))
            expect(launch).to_be_enabled(timeout=LOOK)
            launch.click()
            expect(dialog).to_be_hidden(timeout=LOOK)
    return screen


def _until(screen: Screen, path: str, text: str, name: str) -> None:
    """Look at a page again and again until it says something."""
    until = time.monotonic() + PATIENCE
    with screen.watched(name) as page:
        while True:
            screen.open(path)
            try:
                expect(page.get_by_text(text).first).to_be_visible(timeout=8_000)
                return
            except AssertionError:
                if time.monotonic() > until:
                    raise


def _says(page: Page, name: str) -> str:
    """What stands beside a name in the table of metadata."""
    row = _row(page, name)
    expect(row).to_be_visible(timeout=LOOK)
    return row.inner_text().removeprefix(name).strip()


def _row(page: Page, name: str) -> Locator:
    """The row of a table of metadata with this name."""
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True)).first


def test_a_newcomer_is_told_where_to_start(screen: Screen) -> None:
    with screen.watched("start") as page:
        screen.open("/assets/start_here")
        expect(page.get_by_text("To take in editions again (a backfill)")).to_be_visible(
            timeout=LOOK
        )
        assert page.get_by_text("Join the Dagster community").count() == 0


def test_a_backfill_of_kerncijfers_by_clicking_is_seen_to_finish(launched: Screen) -> None:
    _until(launched, "/assets/raw/cbs_kwb?view=partitions&partition=2020", "rows", "kwb-raw")
    _until(
        launched, "/assets/core/figure/cbs_kwb?view=partitions&partition=2020", "rows added", "kwb"
    )
    with launched.watched("kwb-numbers") as page:
        assert _says(page, "rows added") == _says(page, "dagster/row_count")
        assert _says(page, "rows set aside") == "0"
        assert _says(page, "release").startswith("cbs_kwb:2020:2021-03-26")
        expect(page.get_by_role("cell", name="17407585.0", exact=True)).to_be_visible(timeout=LOOK)


def test_the_run_is_found_by_source_edition_and_release(launched: Screen) -> None:
    _until(
        launched, "/assets/core/figure/cbs_kwb?view=partitions&partition=2020", "rows added", "kwb"
    )
    with launched.watched("runs") as page:
        launched.open("/runs?q%5B0%5D=tag%3Asource%3Dcbs_kwb")
        for said in ("edition", "release", "reason"):
            expect(page.get_by_text(re.compile(f"^{said}: ?")).first).to_be_visible(timeout=LOOK)


def test_editions_taken_in_by_one_run_have_their_own_numbers_and_a_map(launched: Screen) -> None:
    runs = set()
    for edition, released in (("2022", "cbs_areas:2022:"), ("2026", "cbs_areas:2026:")):
        path = f"/assets/core/outline/cbs_areas?view=partitions&partition={edition}"
        _until(launched, path, "picture", f"areas-{edition}")
        with launched.watched(f"map-{edition}") as page:
            assert _says(page, "release").startswith(released)
            assert _says(page, "dagster/row_count") == "25"
            runs.add(page.locator("a[href^='/runs/']").first.inner_text())
            _row(page, "picture").get_by_text("[Show Markdown]").click()
            picture = page.get_by_role("dialog").locator("img[src^='data:image/svg+xml']").first
            expect(picture).to_be_visible(timeout=LOOK)
            assert picture.evaluate("image => image.naturalWidth") > 100
    assert len(runs) == 1


def test_a_failed_check_says_the_rule_the_reason_and_the_rows_and_names_no_firm(
    launched: Screen,
) -> None:
    asset = "/assets/core/establishment/establishment_register?view=checks"
    _until(launched, asset, "Failed", "checks")
    with launched.watched("check") as page:
        # The list holds only what is in sight.
        page.get_by_placeholder("Filter checks").fill("working_persons_plausible")
        page.get_by_text("working_persons_plausible").first.click()
        expect(page.get_by_text("It must hold because").first).to_be_visible(timeout=LOOK)
        expect(page.get_by_text("the last good version keeps serving").first).to_be_visible(
            timeout=LOOK
        )
        assert "more than" in _says(page, "observed")
        _row(page, "what failed").get_by_text("[Show Markdown]").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("cell", name="-4", exact=True).first).to_be_visible(timeout=LOOK)
        assert "Synthetisch Bedrijf" not in page.locator("body").inner_text()
