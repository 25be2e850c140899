"""Two thousand registers at lunch: as many kept connections, sales with their pauses, bursts, a hello now and then."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field

from . import database, web
from .connection import Answer, Connection, ConnectionLost, connect
from .history import History
from .open_loop import GUEST_STEP, percentile
from .progress import Progress
from .sale import OPERATIONS, Door, Sale, refusal

SWITCHED_ON_S, LUNCH_S, AFTERWARDS_S_MAX = 180.0, 60.0, 30.0
"""The cafés of a chain open within minutes of each other, and each register says hello when it starts."""
SALE_OF_REGISTER_EVERY_S = 80.0
BURST_EVERY_S, BURST_S, BURST_TIMES = 15.0, 3.0, 2.0
HELLO_OF_REGISTER_EVERY_S = 300.0
"""A waiter logs in; between these a register that is online asks nothing by itself."""
PAUSES_S = {"identify": 1.0, "quote": 0.5, "reserve": 3.0, "finalize": 0.0}
"""After each operation: the order is completed, the cashier decides, the guest pays."""
SAMPLE_EVERY_S = 3.0


@dataclass
class Measured:
    """Latencies in seconds from the scheduled moment, per operation; `switching_on`: hello of a starting register."""

    latencies_s: dict[str, list[float]] = field(
        default_factory=lambda: {name: [] for name in (*OPERATIONS, "hello", "switching_on")}
    )
    refusals: Counter[str] = field(default_factory=Counter)
    connected: int = 0
    reconnected: int = 0
    sales: int = 0
    memory_mb: list[float] = field(default_factory=list)
    database_connections: list[int] = field(default_factory=list)


def measure(past: History, progress: Progress) -> dict[str, float]:
    """p95 of each operation, what the server needs, and how often it refused."""
    from incust.config.serve import allow_many_files

    database.settle(past.database)
    allow_many_files()
    with web.running(past.database) as server:
        at_rest_mb = server.memory_mb()
        lunch = _Lunch(Door(chain=past.chain, port=server.port), server, progress)
        asyncio.run(lunch.run())
    measured = lunch.measured
    for refused, count in measured.refusals.most_common(5):
        progress.say(f"refused: {count} × {refused}")
    return {
        **{f"lunch_{name}_p95_ms": 1000 * percentile(found, 95) for name, found in measured.latencies_s.items()},
        "lunch_registers": measured.connected,
        "lunch_sales": measured.sales,
        "lunch_refused": sum(measured.refusals.values()),
        "lunch_reconnected": measured.reconnected,
        "lunch_web_memory_mb": max(measured.memory_mb),
        "lunch_web_memory_at_rest_mb": at_rest_mb,
        "lunch_database_connections": max(measured.database_connections),
    }


class _Register:
    """One register with its connection. Does one thing after the other."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.connection: Connection | None = None
        self.at_work = asyncio.Lock()


class _Lunch:
    def __init__(self, door: Door, server: web.Web, progress: Progress) -> None:
        self.measured = Measured()
        self._door, self._server, self._progress = door, server, progress
        self._registers = [_Register(number) for number in range(door.chain.terminals)]
        self._chance = random.Random(1)
        self._external_id_first = time.time_ns() // 1_000_000

    async def run(self) -> None:
        watching = asyncio.create_task(self._watch())
        count = len(self._registers)
        self._progress.say(f"{count} registers are switched on")
        loop = asyncio.get_running_loop()
        started = loop.time()
        await self._all(
            (
                self._hello(register, started + SWITCHED_ON_S * register.number / count, "switching_on")
                for register in self._registers
            ),
            SWITCHED_ON_S,
        )
        await self._connect_all()
        self._progress.say("lunch")
        started = loop.time()
        hellos = self._moments(count / HELLO_OF_REGISTER_EVERY_S, bursts=False)
        sales = self._moments(count / SALE_OF_REGISTER_EVERY_S, bursts=True)
        shuffled = self._chance.sample(self._registers, count)
        await self._all(
            [self._hello(self._chance.choice(self._registers), started + at_s, "hello") for at_s in hellos]
            + [self._sell(shuffled[n % count], started + at_s, n) for n, at_s in enumerate(sales)],
            LUNCH_S,
        )
        watching.cancel()
        for register in self._registers:
            if register.connection:
                register.connection.close()

    async def _connect_all(self) -> None:
        """Lunch begins with a connection of each register, though the server closed those that were idle meanwhile."""
        closed = [register for register in self._registers if not (register.connection and register.connection.is_open)]
        for register in closed:
            with contextlib.suppress(OSError):
                register.connection = await connect(self._door.port)
        self.measured.connected = sum(bool(r.connection and r.connection.is_open) for r in self._registers)

    async def _all(self, what: Iterable[Coroutine[None, None, None]], lasts_s: float) -> None:
        """Until all are done, or for so long after the last was due that the queue must be endless."""
        tasks = [asyncio.create_task(one) for one in what]
        _done, waiting = await asyncio.wait(tasks, timeout=lasts_s + AFTERWARDS_S_MAX)
        for task in waiting:
            self.measured.refusals["not answered until the end"] += 1
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled():
                task.result()

    def _moments(self, per_s: float, *, bursts: bool) -> list[float]:
        """At random; in bursts as many times as usual come, and so many fewer between them that the mean stays."""
        share = BURST_S / BURST_EVERY_S
        usual_per_s = per_s / (1 + share * (BURST_TIMES - 1)) if bursts else per_s
        at_s, found = 0.0, []
        while True:
            in_burst = bursts and at_s % BURST_EVERY_S < BURST_S
            at_s += self._chance.expovariate(usual_per_s * (BURST_TIMES if in_burst else 1))
            if at_s >= LUNCH_S:
                return found
            found.append(at_s)

    async def _hello(self, register: _Register, due: float, name: str) -> None:
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        body = f'{{"salesperson":{{"external_id":"{register.number}","name":"Iryna"}}}}'
        async with register.at_work:
            await self._ask(register, "hello", lambda: self._door.request("hello", register.number, body), due, name)

    async def _sell(self, register: _Register, due: float, number: int) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(due - loop.time())
        chain = self._door.chain
        sale = Sale(
            door=self._door, number=number, register=register.number, guest=1 + number * GUEST_STEP % chain.guests,
            external_id=self._external_id_first + number,
        )  # fmt: skip
        async with register.at_work:
            for operation in OPERATIONS:
                answer = await self._ask(register, operation, lambda o=operation: sale.request(o), due, operation)  # type: ignore[misc]
                if answer is None:
                    return
                sale.take(operation, answer)
                due = loop.time() + PAUSES_S[operation]
                await asyncio.sleep(due - loop.time())
        self.measured.sales += 1

    async def _ask(
        self, register: _Register, operation: str, request: Callable[[], bytes], due: float, name: str
    ) -> Answer | None:
        """The answer, or None where it was refused. A connection that the server closed while idle is opened anew."""
        try:
            answer = await self._answer(register, request)
        except (ConnectionLost, OSError) as error:
            self.measured.refusals[f"{operation}: {type(error).__name__}"] += 1
            return None
        self.measured.latencies_s[name].append(asyncio.get_running_loop().time() - due)
        refused = refusal(operation, answer)
        if refused:
            self.measured.refusals[refused] += 1
        return None if refused else answer

    async def _answer(self, register: _Register, request: Callable[[], bytes]) -> Answer:
        if register.connection is None or not register.connection.is_open:
            self.measured.reconnected += register.connection is not None
            register.connection = await connect(self._door.port)
        try:
            return await register.connection.ask(request())
        except ConnectionLost:
            # Closed as idle while the request was on its way, so it was not read: any client asks once more.
            self.measured.reconnected += 1
            register.connection = await connect(self._door.port)
            return await register.connection.ask(request())

    async def _watch(self) -> None:
        while True:
            self.measured.memory_mb.append(await asyncio.to_thread(self._server.memory_mb))
            self.measured.database_connections.append(await asyncio.to_thread(self._server.database_connections))
            await asyncio.sleep(SAMPLE_EVERY_S)
