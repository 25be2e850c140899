"""When things happened on a screen, by the page's own clock: a slow test runner adds nothing to what it measures."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

SCRIPT = """
addEventListener('click', ({ target }) => {
  const hook = target.closest && target.closest('[data-test]');
  if (hook) tookPlace('tap ' + hook.dataset.test, Date.now());
}, true);
if (window === top) {
  const find = (name) => document.querySelector(`[data-test="${name}"]`);
  const shown = {};
  let balance = '';
  new MutationObserver(() => {
    for (const screen of ['payment-screen', 'closed-screen']) {
      const isShown = find(screen) !== null;
      if (isShown && !shown[screen]) tookPlace(screen, Date.now());
      shown[screen] = isShown;
    }
    const now = find('balance') ? find('balance').textContent.trim() : '';
    if (now && now !== balance) tookPlace('balance ' + now, Date.now());
    balance = now;
  }).observe(document, { childList: true, characterData: true, subtree: true });
}
"""


class Stopwatch:
    """Notes taps (also those inside the till's frame), the screens of a payment, and a wallet's balance.

    Switch it on before the page is opened.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._noted: list[tuple[str, int]] = []
        context.expose_function("tookPlace", lambda what, at_ms: self._noted.append((what, at_ms)))
        context.add_init_script(SCRIPT)

    def last_ms(self, what: str) -> int:
        """When that happened last, in ms of the machine's clock: `tap <hook>`, `payment-screen`, `balance 3.60`, …"""
        return max(at_ms for noted, at_ms in self._noted if noted == what)

    def seconds_to_payment(self, *, after: str) -> float:
        """From the last tap on `after` to the payment screen that followed it."""
        tapped_ms = self.last_ms(f"tap {after}")
        shown_ms = [at_ms for what, at_ms in self._noted if what == "payment-screen" and at_ms >= tapped_ms]
        assert shown_ms, f"no payment screen after {after}"
        return (shown_ms[0] - tapped_ms) / 1000
