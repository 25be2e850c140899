"""Guests who come when they come, however long the others have to wait: latency counts from the scheduled start."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .connection import Connection, ConnectionLost, connect
from .sale import OPERATIONS, Door, Sale, refusal

GUEST_STEP = 7_919
"""Guests come in an order that leads all over the tables; it is prime to every number of guests that is used."""
GIVE_UP_AFTER_S = 30.0
"""After the last arrival."""
SEED = 20_261_124


@dataclass
class Measured:
    """Latencies in seconds, per operation and of whole guests (`guest`), and what went wrong."""

    latencies_s: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in (*OPERATIONS, "guest")})
    refusals: Counter[str] = field(default_factory=Counter)
    guests: int = 0
    served: int = 0
    unserved: int = 0
    """Guests who still waited when it was given up; they count with the time they had waited."""
    elapsed_s: float = 0.0
    late_s: list[float] = field(default_factory=list)
    """How much later than scheduled this program itself began: what the load generator adds."""

    def serve(self, took_s: float) -> None:
        """A guest has gone with his receipt."""
        self.served += 1
        self.latencies_s["guest"].append(took_s)

    def refuse(self, reason: str, waited_s: float) -> None:
        """A guest was refused. He counts as one whom nobody served: with the short time of a refusal, or left out, he
        would make percentiles the better the more are refused."""
        self.refusals[reason] += 1
        self.latencies_s["guest"].append(max(waited_s, GIVE_UP_AFTER_S))

    def ms(self, name: str, percent: int) -> float:
        """A percentile in milliseconds."""
        return 1000 * percentile(self.latencies_s[name], percent)

    def figures(self, prefix: str, suffix: str = "") -> dict[str, float]:
        """Percentiles of whole guests and p95 of each operation, and how many guests met a refusal."""
        found = {f"{prefix}_p{percent}_ms{suffix}": self.ms("guest", percent) for percent in (50, 95, 99)}
        found |= {f"{prefix}_{name}_p95_ms{suffix}": self.ms(name, 95) for name in OPERATIONS}
        return found | {f"{prefix}_refused{suffix}": float(sum(self.refusals.values()))}


def percentile(latencies: Sequence[float], percent: int) -> float:
    """The least value that at least that many percent do not exceed."""
    if not latencies:
        return float("nan")
    return sorted(latencies)[max(0, -(-len(latencies) * percent // 100) - 1)]


def arrivals(*, per_s: float, seconds: float, seed: int = SEED) -> list[float]:
    """When guests come, in seconds from the start: at random (Poisson), the same for the same seed."""
    chance, at_s, found = random.Random(seed), 0.0, []
    while (at_s := at_s + chance.expovariate(per_s)) < seconds:
        found.append(at_s)
    return found


def run(door: Door, at_s: Sequence[float]) -> Measured:
    """Let a guest come at each of these moments; returns when the last one has gone."""
    return asyncio.run(_Guests(door).run(at_s))


class _Guests:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._idle: list[Connection] = []
        self._measured = Measured()
        # A number of its own for every receipt, also of an earlier run: milliseconds, as Poster counts them.
        self._external_id_first = time.time_ns() // 1_000_000
        self._guest_first = random.randrange(door.chain.guests)

    async def run(self, at_s: Sequence[float]) -> Measured:
        loop = asyncio.get_running_loop()
        # Warm before the first guest is due.
        self._idle = [await connect(self._door.port) for _ in range(16)]
        started = loop.time() + 0.2
        guests = [asyncio.create_task(self._come(number, started + moment)) for number, moment in enumerate(at_s)]
        _served, waiting = await asyncio.wait(guests, timeout=at_s[-1] + GIVE_UP_AFTER_S)
        for guest in waiting:
            guest.cancel()
        await asyncio.gather(*guests)
        self._measured.elapsed_s = loop.time() - started
        for connection in self._idle:
            connection.close()
        return self._measured

    async def _come(self, number: int, due: float) -> None:
        loop, measured = asyncio.get_running_loop(), self._measured
        await asyncio.sleep(due - loop.time())
        measured.late_s.append(loop.time() - due)
        measured.guests += 1
        sale = Sale(
            door=self._door, number=number, register=number % self._door.chain.terminals,
            guest=1 + (self._guest_first + number * GUEST_STEP) % self._door.chain.guests,
            external_id=self._external_id_first + number,
        )  # fmt: skip
        try:
            await self._serve(sale, due)
        except asyncio.CancelledError:
            measured.unserved += 1
            measured.latencies_s["guest"].append(loop.time() - due)
        except (ConnectionLost, OSError) as error:
            measured.refuse(type(error).__name__, loop.time() - due)

    async def _serve(self, sale: Sale, due: float) -> None:
        loop, measured = asyncio.get_running_loop(), self._measured
        connection = self._idle.pop() if self._idle else await connect(self._door.port)
        begun = due
        for operation in OPERATIONS:
            answer = await connection.ask(sale.request(operation))
            ended = loop.time()
            refused = refusal(operation, answer)
            if refused:
                measured.refuse(refused, ended - due)
                break
            measured.latencies_s[operation].append(ended - begun)
            sale.take(operation, answer)
            begun = ended
        else:
            measured.serve(loop.time() - due)
        self._idle.append(connection)
