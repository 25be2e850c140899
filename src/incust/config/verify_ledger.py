"""``incust ledger verify``: compare all that is kept twice, show how far it is, and say what differs."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from django.db import connection

from incust.checks.record_verification import verify_and_record
from incust.checks.verify import Progress, every_business

BAR_WIDTH = 24


def verify_ledger(business: str, *, out: TextIO | None = None, bar: TextIO | None = None) -> int:
    """Compare one business, by number or by the name in its panel's address, or all (``""``). Gives the exit code: 0 if
    all is well, 1 on a difference, 2 for an unknown business. What is found is shown to the owner as well."""
    out, bar = out or sys.stdout, bar or sys.stderr
    chosen = _chosen(business)
    if not chosen and business:
        out.write(f"There is no business {business}.\n")
        return 2
    found = 0
    for place, business_id in enumerate(chosen, start=1):
        shown = ProgressBar(bar, f"{place}/{len(chosen)}")
        for difference in verify_and_record(business_id, tell=shown.show):
            found += 1
            out.write(f"{difference}\n")
        out.flush()
    compared = "1 business" if len(chosen) == 1 else f"{len(chosen)} businesses"
    out.write(f"{found} differences in {compared}.\n" if found else f"The ledger is sound ({compared}).\n")
    return 1 if found else 0


class ProgressBar:
    """One line per business that is drawn over itself; nothing where nobody looks."""

    def __init__(self, stream: TextIO, place: str) -> None:
        self._stream = stream
        self._place = place
        self._started = time.monotonic()

    def show(self, progress: Progress) -> None:
        if not self._stream.isatty():
            return
        filled = BAR_WIDTH * progress.done // progress.count
        seconds = time.monotonic() - self._started
        what = progress.comparison.replace("verify_", "").replace("_", " ") or "done"
        line = f"business {progress.business_id} ({self._place}) [{'#' * filled:<{BAR_WIDTH}}] {seconds:4.0f} s  {what}"
        self._stream.write(f"\r\033[K{line}" + ("" if progress.comparison else "\n"))
        self._stream.flush()


def _chosen(business: str) -> list[int]:
    everybody = every_business()
    if not business:
        return everybody
    if business.isdecimal():
        return [int(business)] if int(business) in everybody else []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM businesses.business_by_slug(%s)", [business])
        return [business_id for (business_id,) in cursor.fetchall()]
