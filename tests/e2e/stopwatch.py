"""When things happened on a screen, by the page's own clock: a slow test runner adds nothing to what it measures."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

SCRIPT = """
addEventListener('click', ({ target }) => {
  const hook = target.closest && target.closest('[data-test]');
  if (hook) tookPlace('tap ' + hook.dataset.test, Date.now());
}, true);
if (window === top) {
  let seen = false;
  new MutationObserver(() => {
    const shown = document.querySelector('[data-test="payment-screen"]') !== null;
    if (shown && !seen) tookPlace('payment-screen', Date.now());
    seen = shown;
  }).observe(document, { childList: true, subtree: true });
}
"""


class Stopwatch:
    """Notes taps (also those inside the till's frame) and the appearing of Poster's payment screen."""

    def __init__(self, context: BrowserContext) -> None:
        self._noted: list[tuple[str, int]] = []
        context.expose_function("tookPlace", lambda what, at_ms: self._noted.append((what, at_ms)))
        context.add_init_script(SCRIPT)

    def seconds_to_payment(self, *, after: str) -> float:
        """From the last tap on `after` to the payment screen that followed it."""
        tapped = max(at for what, at in self._noted if what == f"tap {after}")
        shown = [at for what, at in self._noted if what == "payment-screen" and at >= tapped]
        assert shown, f"no payment screen after {after}"
        return (shown[0] - tapped) / 1000
