"""The thread that delivers webhooks, strictly in order behind an unacknowledged one."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from poster_sandbox.clock import now_s
from poster_sandbox.marketplace import MarketplaceApp
from poster_sandbox.store import State, Store
from poster_sandbox.webhooks.schedule import due_webhooks, next_attempt_at
from poster_sandbox.webhooks.sending import send_webhook

POLL_S = 0.2
SENDERS = 4


class Delivery:
    """Looks for due webhooks after every change and a few times a second. State and attempts live in the store,
    so a restarted sandbox goes on where it was."""

    def __init__(self, store: Store, apps: dict[str, MarketplaceApp], *, retry_scale: float) -> None:
        self._store = store
        self._apps = apps
        self._retry_scale = retry_scale
        self._wake = threading.Event()
        self._busy: set[int] = set()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        store.listen(self._wake.set)

    def start(self) -> None:
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._wake.wait(POLL_S)
            self._wake.clear()
            for hook in self._take_due():
                self._senders.submit(self._deliver, hook)

    def _take_due(self) -> list[dict[str, Any]]:
        with self._store.read() as state:
            if state["weather"]["webhooks"] in ("held", "backwards"):
                return []
            due = [hook for hook in due_webhooks(state["webhooks"], now_s()) if hook["id"] not in self._busy]
            self._busy.update(hook["id"] for hook in due)
            return copy.deepcopy(due)

    def _deliver(self, hook: dict[str, Any]) -> None:
        try:
            app = self._apps.get(hook["application_id"])
            if app is None or not app.webhook_url:
                status, note = 200, "the app has no webhook address"
            else:
                status, note = send_webhook(hook, app)
            with self._store.change() as state:
                record_attempt(state, hook["id"], status, note, self._retry_scale)
        finally:
            with self._store.read():
                self._busy.discard(hook["id"])


def record_attempt(state: State, hook_id: int, status: int, note: str, retry_scale: float) -> None:
    """Write down what came of an attempt: delivered (200), tried again later, or given up."""
    hook = next((one for one in state["webhooks"] if one["id"] == hook_id), None)
    if hook is None:  # the sandbox was reset meanwhile
        return
    hook["attempts"].append({"at": now_s(), "status": status, "note": note})
    if status == 200:
        hook["state"] = "delivered"
        return
    next_at = None if hook["object"] == "test" else next_attempt_at(len(hook["attempts"]), now_s(), retry_scale)
    if next_at is None:
        hook["state"] = "given up"
    else:
        hook["next_at"] = next_at
