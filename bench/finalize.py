"""Finalize over HTTP, through both doors, against pgbench doing the same writes, in turns on one server."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import baseline, database, load, seed, web
from .database import APPLICATION_ID, APPLICATION_SECRET
from .progress import Progress

CLIENTS = 8
ROUNDS = 3
CHECKS_PER_ROUND = 2_400
WARM_UP_CHECKS = 400
PATH = "/terminal/v1/checks/finalize"


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is measured in turns with the others: the orders it finalizes start at `first`."""

    name: str
    door: str
    reserved: bool
    first: int


SIDES = (
    Side(name="key_door", door="key", reserved=True, first=1_000_000),
    Side(name="poster_door", door="poster", reserved=True, first=2_000_000),
    Side(name="unreserved", door="key", reserved=False, first=3_000_000),
    Side(name="pgbench", door="pgbench", reserved=True, first=4_000_000),
    Side(name="pgbench_unreserved", door="pgbench", reserved=False, first=5_000_000),
)


def measure(progress: Progress) -> dict[str, float]:
    """Figures of all sides; the medians of the rounds, so that one disturbed round does not decide."""
    database.make_anew(database.MAIN)
    database.let_the_baseline_write()
    cafe = seed.a_cafe()
    total = WARM_UP_CHECKS + ROUNDS * CHECKS_PER_ROUND
    for side in SIDES:
        if side.reserved:
            progress.say(f"reserving checks for {side.name}")
            seed.reserve(cafe, first=side.first, count=total, door="poster" if side.door == "poster" else "key")
    database.settle(database.MAIN)
    figures: dict[str, list[float]] = {side.name: [] for side in SIDES}
    latencies: dict[str, list[load.Measured]] = {side.name: [] for side in SIDES}
    with web.running(database.MAIN) as server:
        for side in SIDES:
            _round(side, cafe, server.port, offset=0, count=WARM_UP_CHECKS)
        progress.begin("rounds", ROUNDS * len(SIDES))
        for number in range(ROUNDS):
            offset = WARM_UP_CHECKS + number * CHECKS_PER_ROUND
            for side in SIDES:
                progress.advance()
                measured = _round(side, cafe, server.port, offset=offset, count=CHECKS_PER_ROUND)
                figures[side.name].append(measured.per_s)
                latencies[side.name].append(measured)
    per_s = {name: statistics.median(rounds) for name, rounds in figures.items()}
    return {
        "finalize_vs_pgbench": min(per_s["key_door"], per_s["poster_door"]) / per_s["pgbench"],
        "finalize_unreserved_vs_pgbench": per_s["unreserved"] / per_s["pgbench_unreserved"],
        "finalize_key_door_per_s": per_s["key_door"],
        "finalize_poster_door_per_s": per_s["poster_door"],
        "finalize_unreserved_per_s": per_s["unreserved"],
        "pgbench_per_s": per_s["pgbench"],
        "pgbench_unreserved_per_s": per_s["pgbench_unreserved"],
        "finalize_key_door_p95_ms": statistics.median(m.latency_ms_p95 for m in latencies["key_door"]),
        "finalize_poster_door_p95_ms": statistics.median(m.latency_ms_p95 for m in latencies["poster_door"]),
    }


def _round(side: Side, cafe: seed.Cafe, port: int, *, offset: int, count: int) -> load.Measured:
    first = side.first + offset
    if side.door != "pgbench":
        requests = [_request(side, cafe, order, port) for order in range(first, first + count)]
        # A till's orders stay on its own connection.
        return load.run(port, [requests[client::CLIENTS] for client in range(CLIENTS)])
    variables = {"first": first, "business": cafe.business_id, "terminal_first": cafe.terminal_id_first}
    if side.reserved:
        per_s = baseline.run("finalize_reserved.pgbench.sql", count=count, variables=variables)
    else:
        variables |= {
            "account_first": cafe.account_id_first, "place": cafe.place_id, "version_id": cafe.program_version_id,
        }  # fmt: skip
        per_s = baseline.run("finalize_unreserved.pgbench.sql", count=count, variables=variables)
    return load.Measured(per_s=per_s, latency_ms_p50=0, latency_ms_p95=0)


def _request(side: Side, cafe: seed.Cafe, order: int, port: int) -> bytes:
    redeemed_minor = seed.REDEEM_MINOR if side.reserved else 0
    body = json.dumps(_body(cafe, order, redeemed_minor)).encode()
    till = order % seed.TILLS
    if side.door == "key":
        headers = {"Authorization": f"Bearer {cafe.keys[till]}", "Idempotency-Key": f"finalize-{order}"}
        return load.post(PATH, headers, body)
    from incust.poster.signatures import sign_request

    path = f"{PATH}?account={seed.ACCOUNT}&spot=1&tablet={till}&application={APPLICATION_ID}&rid={order:032x}&v=1.0"
    seconds = str(int(time.time()))
    signature = sign_request(
        url=f"http://127.0.0.1:{port}{path}", body=body.decode(), time=seconds, secret=APPLICATION_SECRET
    )
    headers = {
        "X-Poster-Signature": signature, "X-Poster-Time": seconds, "X-Poster-Url": seed.ACCOUNT,
        "X-Poster-Spot-Id": "1", "X-Poster-Tablet-Id": str(till), "X-Poster-Account-Number": "1",
    }  # fmt: skip
    return load.post(path, headers, body)


def _body(cafe: seed.Cafe, order: int, redeemed_minor: int) -> dict[str, Any]:
    return {
        "check_id": None, "customer_id": str(cafe.customer_of(order)), "identification_id": None,
        "check": seed.check_json(order), "redeemed_minor": redeemed_minor,
        "payment": {
            "cash_minor": 9000 - redeemed_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0,
        },
        "closed_without_payment": False, "closed_at": datetime.now(tz=UTC).isoformat(), "salesperson": None,
    }  # fmt: skip
