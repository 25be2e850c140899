"""What each figure of `docs/performance.md` is called, how it is written, and how it was got."""

from __future__ import annotations

from .sale import OPERATIONS

Row = tuple[str, str, str]


def _of_operations(prefix: str, suffix: str = "") -> str:
    return ", ".join(f"{name} {{{prefix}_{name}_p95_ms{suffix}:.0f}}" for name in OPERATIONS) + " ms"


FINALIZE: list[Row] = [
    (
        "Finalize of a reserved check over HTTP against `pgbench`",
        "**{finalize_vs_pgbench:.2f}** (wanted: 0.45)",
        "Checks a second through the slower of the two doors, divided by those of `pgbench -M prepared`, which does "
        "the same writes with hand-written statements as the same role, behind the same policies and triggers. Eight "
        "clients each, in turns, medians of three rounds of 2,400 checks; server, database and load on the same cores.",
    ),
    (
        "The same for a check that was never reserved",
        "**{finalize_unreserved_vs_pgbench:.2f}** (wanted: 0.45)",
        "The engine evaluates it within the request; `pgbench` writes a constant instead.",
    ),
    (
        "Checks a second",
        "{finalize_key_door_per_s:.0f} by API key, {finalize_poster_door_per_s:.0f} through Poster, "
        "{finalize_unreserved_per_s:.0f} unreserved; `pgbench` {pgbench_per_s:.0f} and {pgbench_unreserved_per_s:.0f}",
        "The numerators and denominators of the ratios above.",
    ),
    (
        "p95 under that load",
        "{finalize_key_door_p95_ms:.0f} ms by API key, {finalize_poster_door_p95_ms:.0f} ms through Poster",
        "Eight clients that send as fast as they are answered.",
    ),
]
GUEST: list[Row] = [
    (
        "150 guests a minute",
        "p50 {guest_p50_ms_150_per_min:.0f}, **p95 {guest_p95_ms_150_per_min:.0f}**, "
        "p99 {guest_p99_ms_150_per_min:.0f} ms; {guest_refused_150_per_min:.0f} refused",
        "One guest is identify by phone, quote, reserve and finalize through Poster's door, one after the other; every "
        "third one pays a part with points. Guests come at random (Poisson) for a minute, whether the ones before them "
        "are done or not, and time counts from the moment they were due.",
    ),
    (
        "p95 of its operations",
        _of_operations("guest", "_150_per_min"),
        "Each from the answer before; identify from the moment the guest was due.",
    ),
    (
        "150 guests a second (600 requests)",
        "p50 {guest_p50_ms_150_per_s:.0f}, **p95 {guest_p95_ms_150_per_s:.0f}**, "
        "p99 {guest_p99_ms_150_per_s:.0f} ms; {guest_refused_150_per_s:.0f} refused; "
        "{guest_served_per_s_at_150_per_s:.0f} a second served",
        "The same for twenty seconds. Where fewer are served than come, the queue grows as long as this lasts, and the "
        "times say little more than how long it lasted. Who still waited half a minute after the last arrival counts "
        "with the time he had waited ({guest_unserved_150_per_s:.0f} guests); who was refused, with at least that half "
        "minute.",
    ),
    (
        "Most guests a second with p95 under a second",
        "**{guest_highest_per_s_with_p95_under_1_s:.0f}**",
        "Found by halving, eight seconds at each rate.",
    ),
    (
        "The load's own delay",
        "p99 {guest_load_late_p99_ms_150_per_min:.0f} ms, in the rush {guest_load_late_p99_ms_150_per_s:.0f} ms",
        "How much later than due the load generator, which shares the cores, began with a guest; "
        "part of the times above.",
    ),
]
LUNCH: list[Row] = [
    (
        "{lunch_registers:.0f} registers, {lunch_sales:.0f} sales in a minute",
        "**p95** " + _of_operations("lunch"),
        "A connection of each is open when lunch begins. Each sells every eighty seconds on average (25 sales a "
        "second, a hundred requests), with the pauses of a real sale; of each fifteen seconds, three have twice as "
        "many. Counted from the moment the request was due.",
    ),
    (
        "hello",
        "p95 {lunch_hello_p95_ms:.0f} ms; {lunch_switching_on_p95_ms:.0f} ms while all are switched on",
        "All within three minutes, as cafés open; afterwards each once in five minutes, as waiters log in.",
    ),
    (
        "Refusals",
        "**{lunch_refused:.0f}**; connections opened anew: {lunch_reconnected:.0f}",
        "The server closes a connection that was idle for half a minute; the next sale opens it again.",
    ),
    (
        "What the web server needs",
        "{lunch_web_memory_mb:.0f} MB (at rest {lunch_web_memory_at_rest_mb:.0f} MB), "
        "{lunch_database_connections:.0f} connections to PostgreSQL",
        "The most of all samples, taken every three seconds. The pool of each process bounds its connections "
        "(`INCUST_POOL_SIZE`).",
    ),
]
GROWTH: list[Row] = [
    (
        "p95 with a million customers against a thousand",
        "**{p95_growth_1k_to_1m:.2f}** (wanted: at most 1.3)",
        "Guests as above, 25 a second, who lead all over the tables; both databases on one server, rounds of ten "
        "seconds in turns, ratio of the medians of four rounds.",
    ),
    (
        "The guest's time",
        "1,000 customers: p50 {growth_guest_p50_ms_1k:.0f}, p95 {growth_guest_p95_ms_1k:.0f} ms; "
        "1,000,000: p50 {growth_guest_p50_ms_1m:.0f}, p95 {growth_guest_p95_ms_1m:.0f} ms; "
        "{growth_refused_1k:.0f} and {growth_refused_1m:.0f} refused",
        "{growth_entries_1m:,.0f} entries, {growth_checks_1m:,.0f} checks, {growth_database_mb_1m:,.0f} MB, counted; "
        "made in {growth_made_in_s_1m:.0f} s by `INSERT … SELECT` in the server itself (`bench/sql`, not `COPY`) with "
        "triggers off, and kept for the next run.",
    ),
    (
        "p95 of its operations, a million",
        _of_operations("growth", "_1m"),
        "A thousand: " + _of_operations("growth", "_1k") + ".",
    ),
    (
        "`incust ledger verify` over all that",
        "passed in {growth_verify_1m_s:.0f} s",
        "After the load. A difference would have ended the bench.",
    ),
]
ENGINE: list[Row] = [
    (
        "One evaluation of a check of five lines",
        "{engine_evaluate_us:.0f} µs",
        "Without any database, best of seven batches.",
    ),
]
SECTIONS: list[tuple[str, str, list[Row]]] = [
    ("finalize", "Finalize against hand-written statements", FINALIZE),
    ("guest", "A guest, from identify to finalize", GUEST),
    ("lunch", "Two thousand registers at lunch", LUNCH),
    ("growth", "Growth", GROWTH),
    ("engine", "The engine alone", ENGINE),
]
