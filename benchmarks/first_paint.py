"""When the citizens' pages are first painted on a slow line, and what they weigh.

`python -m benchmarks.first_paint --at http://127.0.0.1:8000`: over a running demo, in a Chromium whose line has 400
kbit/s and 400 ms there and back, and whose processor is four times slower; each page with an empty cache, then as the
second of a visit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness import chromium

PAGES = {
    "home": "/",
    "the first question": "/basvuru/ne/",
    "a topic and its list": "/basvuru/konu/",
    "appointment": "/randevu/kim/",
    "calendar of events": "/etkinlikler/",
    "news": "/haberler/",
    "İşlerim": "/islerim/",
    "open numbers": "/sayilar/",
    "İletişim": "/iletisim/",
}
LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER, ROUNDS = 4, 3
PAINTED = """() => new Promise((found) => {
  const one = performance.getEntriesByName("first-contentful-paint")[0];
  if (one) return found(one.startTime);
  new PerformanceObserver((list) => {
    const late = list.getEntriesByName("first-contentful-paint")[0];
    if (late) found(late.startTime);
  }).observe({type: "paint", buffered: true});
})"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at", default="http://127.0.0.1:8000", help="the address of the demo")
    chosen = options.parse_args()
    program = chromium.find() or sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        sys.stdout.write("\n".join(_table(browser, chosen.at)) + "\n")
        browser.close()


def _table(browser: Browser, address: str) -> Iterator[str]:
    yield "| page | first paint, nothing kept | the second of a visit | kB, nothing kept |"
    yield "|---|---|---|---|"
    for name, path in PAGES.items():
        rounds = [_measured(browser, address, path) for _each in range(ROUNDS)]
        first, second, size = (statistics.median(column) for column in zip(*rounds, strict=True))
        yield f"| {name} | {first / 1000:.1f} s | {second / 1000:.1f} s | {size / 1000:.0f} |"


def _measured(browser: Browser, address: str, path: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint with an empty cache and with a warm one; bytes over the line at first."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="tr-TR", base_url=address, device_scale_factor=2
    )
    page = context.new_page()
    if path.startswith("/basvuru/konu"):
        page.goto("/basvuru/ne/")
        page.get_by_label("Sorun bildireceğim").check()
        page.locator("main form > .button").click()
        page.fill("#id_text", "Kaldırımda derin bir çukur var.")
        page.locator("main form > .button").click()
    line = context.new_cdp_session(page)
    received = [0.0]
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    first = _painted(page, path)
    size = sum(received)
    second = _painted(page, path)
    context.close()
    return first, second, size


def _painted(page: Page, path: str) -> float:
    page.goto(path, wait_until="networkidle")
    return float(page.evaluate(PAINTED))


if __name__ == "__main__":
    main()
