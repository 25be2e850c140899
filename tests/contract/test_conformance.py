"""`incust conformance` against a server as `incust serve` starts it: all kept; against one that lies: found out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.free_port import free_port

from incust.config import conformance
from incust.config.command_line import main
from incust.config.processes import Supervisor
from incust.config.serve import programs
from incust.engine.money import Rounding
from incust.engine.program import (
    Basis,
    BelowZero,
    Confirmation,
    CreditPercent,
    Program,
    RedeemPercent,
)

from . import lying_server as lies
from .lying_server import Lie, lying_server
from .till import Cafe

RUN_SECONDS_MAX = 300


class Suite:
    """The command, run over HTTP against `url` with a terminal's key."""

    def __init__(self, url: str, key: str, folder: Path) -> None:
        self.url, self._key, self._folder = url, key, folder

    def run(self, *arguments: str, url: str = "", key: str = "") -> tuple[int, str, dict[str, Any]]:
        """Exit code, what was printed, and the JSON report (empty where there is none)."""
        report = self._folder / "conformance.json"
        report.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "incust", "conformance", "--url", url or self.url, "--report", report, *arguments],
            capture_output=True, text=True, check=False, timeout=RUN_SECONDS_MAX,
            env={**os.environ, "INCUST_CONFORMANCE_KEY": key or self._key},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr, json.loads(report.read_text()) if report.exists() else {}


@pytest.fixture(scope="module")
def server_url(contract_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web process of the server, over the module's database."""
    port = free_port()
    [web] = [program for program in programs(port=port, live_port=0, web_workers=1) if program.name == "web"]
    # Not the settings of the tests: they would name the database of a process of their own.
    environment = {**web.environment, "DJANGO_SETTINGS_MODULE": "incust.config.settings"}
    with Supervisor(tmp_path_factory.mktemp("logs")) as supervisor:
        supervisor.start(replace(web, environment=environment))
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def suite(server_url: str, cafe: Cafe, tmp_path: Path) -> Suite:
    """For a café whose program asks for no codes, so that nothing is left out."""
    cafe.publish_five_percent(confirmation=Confirmation.NEVER)
    return Suite(server_url, cafe.api_key(), tmp_path)


def test_our_server_keeps_every_promise(suite: Suite) -> None:
    code, printed, report = suite.run()
    assert (code, report.get("broken")) == (0, 0), printed
    assert [each["promise"] for each in report["promises"] if each["result"] == "left out"] == [
        "Where a code is needed it is asked for and nothing is set aside"
    ]


def test_a_program_that_asks_for_codes_leaves_out_what_only_the_guest_could_read(suite: Suite, cafe: Cafe) -> None:
    cafe.publish_five_percent(confirmation=Confirmation.BY_STRENGTH)
    code, printed, report = suite.run("--only", "reservations")
    results = {each["promise"]: each["result"] for each in report["promises"]}
    assert code == 0, printed
    assert results["Where a code is needed it is asked for and nothing is set aside"] == "kept"
    assert results["A reservation sets points aside and takes none"] == "left out"
    assert "the program in force asks for a code that only the guest can read" in printed


def test_it_depends_on_no_particular_program(suite: Suite, cafe: Cafe) -> None:
    rules = (
        CreditPercent(rule_id="all", percent=Decimal(100), basis=Basis.WHOLE_CHECK, lifetime_days=3),
        RedeemPercent(rule_id="redeem", percent=Decimal(100)),
    )
    cafe.publish(
        Program(
            rules=rules, rounding=Rounding.HALF_UP, step_minor=10, promotion_lines_take_part=False,
            confirmation=Confirmation.NEVER, below_zero=BelowZero.BLOCK,
        )
    )  # fmt: skip
    code, printed, report = suite.run("--only", "test_quotes or test_receipts or test_refunds or test_at_once")
    assert (code, report["broken"]) == (0, 0), printed
    assert [each["why"] for each in report["promises"] if each["result"] == "left out"] == [
        "the program in force credits what is paid with bonuses as well"
    ]


LIES = {
    "posts every report anew": (
        Lie(request=lies.post_every_report_anew), "repeated_with and receipt",
        {
            "A receipt repeated with its key gives the stored answer",
            "A receipt repeated with another key gives the same answer",
        },
    ),
    "takes another input under a known key": (
        Lie(request=lies.take_another_input_under_a_known_key), "key and input or key and operations",
        {
            "The same key with another input is refused and changes nothing",
            "One key does not serve two operations",
        },
    ),
    "shows another balance": (
        Lie(answer=lies.raise_the_balance), "test_balance",
        {"Every answer leads from the balance before to the balance after"},
    ),
    "promises more than it credits": (
        Lie(answer=lies.promise_more_than_is_credited), "test_quotes",
        {"Quote reserve and finalize say the same", "A receipt without reservation earns what its quote said"},
    ),
    "hides which answer is a repeat": (
        Lie(answer=lies.hide_which_answer_is_a_repeat), "stored_answer and reservation",
        {"A reservation repeated with its key gives the stored answer"},
    ),
    "forgets a member": (
        Lie(answer=lies.forget_the_text_for_the_receipt), "test_document or nothing",
        {"Every answer of this run fits the document"},
    ),
    "adds refunds up": (
        Lie(request=lies.adding_up_refunds()), "test_refunds and target",
        {"The same target told again changes nothing (a line)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_is_found_out_at_the_promise_it_breaks(suite: Suite, lie: str) -> None:
    told, only, broken = LIES[lie]
    with lying_server(suite.url, told) as url:
        code, printed, report = suite.run("--only", only, url=url)
    assert {each["promise"] for each in report["promises"] if each["result"] == "broken"} == broken, printed
    assert code == 1


def test_a_server_behind_the_same_proxy_that_does_not_lie_breaks_nothing(suite: Suite) -> None:
    with lying_server(suite.url, Lie()) as url:
        code, printed, report = suite.run("--only", "stored_answer or balance", url=url)
    assert (code, report["broken"], report["left_out"]) == (0, 0, 0), printed


def test_it_says_in_a_sentence_why_it_cannot_begin(suite: Suite, cafe: Cafe) -> None:
    def said(**with_what: str) -> str:
        code, printed, report = suite.run(**with_what)
        assert (code, report) == (2, {})
        return printed

    assert "The server does not know the API key. Make one on the terminal's page" in said(key="nonsense")
    assert "gives no document" in said(url=f"http://127.0.0.1:{free_port()}")
    assert "Give the server's address: --url https://…" in said(url="nowhere")


def test_a_business_without_a_program_is_told_to_publish_one(server_url: str, cafe: Cafe, tmp_path: Path) -> None:
    code, printed, _report = Suite(server_url, cafe.api_key(), tmp_path).run()
    assert (code, "The business has no program in force. Publish one" in printed) == (2, True)


def test_installed_without_the_tests_it_says_where_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(conformance, "SUITE", tmp_path / "nowhere")
    assert main(["conformance", "--url", "http://127.0.0.1:9", "--key", "none"]) == 2
    assert "Get the repository's folder tests/contract/conformance" in capsys.readouterr().err


def test_the_list_names_promises_and_tries_none(tmp_path: Path) -> None:
    code, printed, report = Suite("http://127.0.0.1:9", "none", tmp_path).run("--list")
    assert (code, report) == (0, {})
    assert "Repeats: a request or a receipt that comes again has the effect of one.\n" in printed
    assert "  A receipt repeated with its key gives the stored answer\n" in printed
