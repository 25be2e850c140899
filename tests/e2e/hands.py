"""What a person's hands did on the pages of one browser: presses and keys, as the pages saw them."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

SCRIPT = """
addEventListener('pointerdown', (event) => { if (event.isTrusted) handMoved("press"); }, true);
addEventListener('keydown', (event) => { if (event.isTrusted) handMoved("key"); }, true);
addEventListener('input', (event) => {
  if (event.target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) handMoved("typed");
}, true);
"""


class Hands:
    """Counts from when it is made or `rest` was called. Make it before the pages are opened."""

    def __init__(self, context: BrowserContext) -> None:
        self.presses = self.typed = 0
        context.expose_function("handMoved", self._note)
        context.add_init_script(SCRIPT)

    def rest(self) -> None:
        self.presses = self.typed = 0

    def _note(self, what: str) -> None:
        if what == "press":
            self.presses += 1
        else:
            self.typed += 1
