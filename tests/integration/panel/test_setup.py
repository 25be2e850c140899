"""The set-up page: from a connected account to the first receipt with a guest."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.integration.checks.factories import a_check
from tests.integration.panel.people import Person, colleague, owner_of
from tests.integration.poster.connecting import connect
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import AuditEntry, Membership, PointOfSale, Terminal, TerminalKey, TillAccount
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.finalize import FinalizeCheck, Payment, finalize_check
from incust.customers.models import Consent, Customer, CustomerIdentifier, WalletLink
from incust.engine.program import CreditPercent
from incust.engine.program import Program as Rules
from incust.poster.applications import register_application
from incust.poster.installations import disconnect_account
from incust.poster.models import Installation
from incust.programs.models import Program, ProgramVersion
from incust.programs.save_draft import SaveDraft, save_draft

pytestmark = pytest.mark.django_db
PAGE = "setup/demo-cafe/"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def owner(poster: PosterBeside) -> Person:
    person = owner_of()
    connect(poster, person.business)
    return person


def do(person: Person, step: str, page: str = PAGE, **fields: object):
    return person.post(page, {"do": step, **fields})


def link(person: Person, *registers: str):
    return do(person, "registers", register=list(registers), shown=["1", "2", "3"])


def shown(person: Person, page: str = PAGE) -> str:
    return html.unescape(person.get(page).content.decode())


def linked(person: Person) -> dict[str, str]:
    """Register → terminal's name."""
    with in_business(person.business.id):
        return dict(Terminal.objects.filter(use_poster=True).values_list("poster_register_id", "name"))


def audited(person: Person, action: str) -> list[str]:
    with in_business(person.business.id):
        rows = AuditEntry.objects.filter(action=action, user=person.user).order_by("id")
        return list(rows.values_list("subject", flat=True))


def terminals_of(person: Person) -> int:
    with in_business(person.business.id):
        return Terminal.objects.count()


def faults(answer) -> str:
    found = re.search(r'data-test="setup-fault"><span>(.*?)</span>', answer.content.decode(), re.S)
    return html.unescape(found[1]) if found else ""


class TestRegisters:
    def test_all_registers_are_offered_ticked_at_their_locations(self, owner: Person) -> None:
        page = shown(owner)
        ticked = re.findall(r'name="register" value="(\d)" checked', page)
        assert ticked == ["1", "2", "3"]
        assert [page.index(words) for words in ("Center", "Bar", "Hall", "Station till")] == sorted(
            page.index(words) for words in ("Center", "Bar", "Hall", "Station till")
        )
        assert "Set-up: 0 of 3 done" in page

    def test_one_press_links_the_ticked_ones_without_a_value_typed(self, owner: Person) -> None:
        answer = link(owner, "1", "3")
        assert (answer.status_code, answer["Location"]) == (302, "/b/kava/setup/demo-cafe/#program")
        assert linked(owner) == {"1": "Bar", "3": "Station till"}
        with in_business(owner.business.id):
            station = Terminal.objects.select_related("poster_account", "point_of_sale").get(poster_register_id="3")
            assert (station.poster_account.name, station.poster_application) == ("demo-cafe", "inCust")
            assert (station.poster_location_id, station.point_of_sale.name, station.currency) == ("2", "Station", "UAH")
        assert terminals_of(owner) == 3  # those that the connection made are taken; no second ones appear
        assert audited(owner, "terminal.changed") == ["Bar", "Station till"]
        page = shown(owner)
        assert re.findall(r'name="register" value="(\d)"', page) == ["2"]
        assert "has the terminal “Bar”" in page
        assert "Set-up: 1 of 3 done" in page

    def test_pressing_again_changes_nothing(self, owner: Person) -> None:
        link(owner, "1", "2", "3")
        with in_business(owner.business.id):
            before = list(Terminal.objects.order_by("id").values())
            entries = AuditEntry.objects.count()
        assert link(owner, "1", "2", "3")["Location"].endswith("#program")
        with in_business(owner.business.id):
            assert list(Terminal.objects.order_by("id").values()) == before
            assert AuditEntry.objects.count() == entries

    def test_a_register_that_was_added_in_poster_gets_a_terminal_of_its_own(
        self, owner: Person, poster: PosterBeside
    ) -> None:
        link(owner, "1")
        poster.add_tablet("Terrace", 1)
        assert do(owner, "read-again")["Location"].endswith("#registers")
        (number,) = re.findall(r'name="register" value="(\d+)"[^>]*>\s*<span><strong>Terrace', shown(owner))
        link(owner, number)
        assert linked(owner) == {"1": "Bar", number: "Terrace"}
        assert audited(owner, "terminal.added") == ["Terrace"]

    def test_a_terminal_of_another_till_is_not_taken(self, owner: Person) -> None:
        with in_business(owner.business.id):
            bar = Terminal.objects.get(name="Bar")
            TerminalKey.objects.create(business=owner.business, terminal=bar, key_hash=b"k" * 32, hint="hint")
        link(owner, "1")
        with in_business(owner.business.id):
            bar.refresh_from_db()
            assert not bar.use_poster
            assert Terminal.objects.filter(name="Bar", use_poster=True).count() == 1

    def test_one_whose_keys_were_all_revoked_is_taken(self, owner: Person) -> None:
        with in_business(owner.business.id):
            bar = Terminal.objects.get(name="Bar")
            TerminalKey.objects.create(
                business=owner.business, terminal=bar, key_hash=b"k" * 32, hint="hint", revoked_at=NOW
            )
        link(owner, "1")
        with in_business(owner.business.id):
            bar.refresh_from_db()
            assert bar.use_poster

    def test_a_terminal_that_was_linked_by_hand_is_left_as_it_is(self, owner: Person) -> None:
        with in_business(owner.business.id):
            Terminal.objects.filter(name="Hall").update(
                use_poster=True, poster_account=TillAccount.objects.get(), poster_register_id="1",
                poster_location_id="1", poster_application="inCust",
            )  # fmt: skip
        assert link(owner, "1").status_code == 302
        assert linked(owner) == {"1": "Hall"}
        assert audited(owner, "terminal.changed") == []

    def test_what_another_business_had_linked_before_it_gave_the_account_up_stays_its_own(
        self, owner: Person, poster: PosterBeside
    ) -> None:
        link(owner, "1", "2", "3")
        with in_business(owner.business.id):
            account_id = TillAccount.objects.get().id
        disconnect_account(business_id=owner.business.id, account_id=account_id, user=None, now=NOW)
        successor = owner_of("Piekarnia", email="owner@piekarnia.example")
        connect(poster, successor.business)
        assert link(successor, "1").status_code == 302
        assert linked(successor) == {"1": "Bar"}
        assert linked(owner) == {"1": "Bar", "2": "Hall", "3": "Station till"}
        assert owner.get(PAGE)["Location"] == "/b/kava/settings/poster/"

    def test_nothing_ticked_is_a_sentence(self, owner: Person) -> None:
        answer = do(owner, "registers", shown=["1", "2", "3"])
        assert faults(answer) == "Tick at least one register."
        assert linked(owner) == {}

    def test_one_register_that_poster_does_not_know_keeps_the_others_back_too(self, owner: Person) -> None:
        answer = link(owner, "1", "99")
        assert faults(answer) == "Poster knows no register 99 in this account."
        assert linked(owner) == {}
        assert re.findall(r'name="register" value="(\d)" checked', answer.content.decode()) == ["1"]

    def test_a_fault_at_the_last_register_undoes_the_first(self, owner: Person) -> None:
        with in_business(owner.business.id):
            Terminal.objects.filter(name="Station till").update(poster_back_office_only=True)
        answer = link(owner, "1", "3")
        assert faults(answer) == (
            "Station till: Not available: Poster's back office does not say what a receipt was reduced by, "
            "so the register has to report it."
        )
        assert (linked(owner), audited(owner, "terminal.changed")) == ({}, [])

    @pytest.mark.parametrize("step", ["registers", "read-again"])
    def test_poster_away_changes_nothing_and_keeps_the_ticks(
        self, owner: Person, poster: PosterBeside, step: str
    ) -> None:
        poster.weather(web_api="down")
        answer = do(owner, step, register=["2"], shown=["1", "2", "3"])
        assert answer.status_code == 200
        assert faults(answer) == (
            "Poster does not answer right now. Please try again in a minute.<br>Nothing was changed."
        )
        assert (linked(owner), terminals_of(owner)) == ({}, 3)
        if step == "registers":
            assert re.findall(r'name="register" value="(\d)" checked', answer.content.decode()) == ["2"]

    def test_a_token_that_poster_refuses_is_a_sentence(self, owner: Person) -> None:
        with in_business(owner.business.id):
            Installation.objects.update(token_encrypted=None)
        assert "Nothing was changed." in faults(link(owner, "1"))
        assert linked(owner) == {}

    def test_an_account_abroad_sells_in_its_own_currency(self, owner: Person, poster: PosterBeside) -> None:
        connect(poster, owner.business, "second-cafe")
        do(owner, "registers", "setup/second-cafe/", register=["1"], shown=["1"])
        with in_business(owner.business.id):
            counter = Terminal.objects.select_related("poster_account").get(use_poster=True)
        assert (counter.name, counter.currency, counter.poster_account.name) == ("Counter", "PLN", "second-cafe")
        assert "Set-up: 0 of 3 done" in shown(owner)  # that of the other account is its own
        assert "A coffee of 14.00 PLN earns 0.70." in shown(owner, "setup/second-cafe/")

    def test_an_account_under_a_white_label_is_linked_by_that_name(self, owner: Person) -> None:
        register_application(application_id="9001", name="Beans", secret="s")
        with in_business(owner.business.id):
            Installation.objects.update(application_id="9001")
        link(owner, "1")
        with in_business(owner.business.id):
            assert Terminal.objects.get(use_poster=True).poster_application == "Beans"


class TestProgram:
    def test_each_template_says_what_a_coffee_earns(self, owner: Person) -> None:
        page = shown(owner)
        examples = re.findall(r"<em>(.*?)</em>", page)
        assert examples == [
            "A coffee of 60.00 UAH earns 3.00. Collected points pay up to 18.00 UAH of it.",
            "A coffee of 60.00 UAH earns 6.00. Collected points pay up to 30.00 UAH of it.",
            "A coffee of 60.00 UAH earns 4.20. Collected points pay up to 30.00 UAH of it.",
        ]

    def test_a_template_is_published_and_can_be_edited_later(self, owner: Person) -> None:
        answer = do(owner, "program", offer="come-back-7")
        assert answer["Location"] == "/b/kava/setup/demo-cafe/#sale"
        with in_business(owner.business.id):
            version = ProgramVersion.objects.get()
            program = Program.objects.get()
        assert (program.current_version_id, version.number, version.title) == (version.id, 1, {"en": "Kava"})
        assert version.definition == program.draft
        assert [(rule["percent"], rule.get("lifetime_days")) for rule in version.definition["rules"]] == [
            ("7", 60), ("50", None),
        ]  # fmt: skip
        assert version.published_by == owner.user.id
        assert (audited(owner, "program.draft_saved"), audited(owner, "program.published")) == (["Kava"], ["Kava"])
        form = owner.get("settings/program/").content.decode()
        assert re.search(r'name="credit_percent" value="7"', form)

    def test_a_published_program_is_kept_and_shown(self, owner: Person) -> None:
        do(owner, "program", offer="cash-back-5")
        assert do(owner, "program", offer="half-with-points-10").status_code == 302
        with in_business(owner.business.id):
            assert ProgramVersion.objects.count() == 1
        page = shown(owner)
        assert "“Kava”, version 1, is in force at all registers." in page
        assert "A coffee of 60.00 UAH earns 3.00. Collected points pay up to 18.00 UAH of it." in page
        assert 'name="offer"' not in page

    def test_an_own_draft_is_offered_alone_and_published_as_it_is(self, owner: Person) -> None:
        rules = Rules(rules=(CreditPercent(rule_id="credit", percent=Decimal(8)),))
        save_draft(SaveDraft(business_id=owner.business.id, rules=rules, title={"en": "Bean Club"}), now=NOW)
        with in_business(owner.business.id):
            before = Program.objects.get()
        page = shown(owner)
        assert re.findall(r"<em>(.*?)</em>", page) == ["A coffee of 60.00 UAH earns 4.80. "]
        assert re.findall(r'name="offer" value="([^"]+)"', page) == ["draft"]
        assert "You have begun a program of your own." in page
        assert re.search(r'href="/b/kava/settings/program/" data-test="open-draft"', page)
        do(owner, "program", offer="draft")
        with in_business(owner.business.id):
            after = Program.objects.select_related("current_version").get()
        assert after.current_version is not None
        assert (after.draft, after.current_version.title) == (before.draft, {"en": "Bean Club"})

    def test_a_template_of_a_page_opened_earlier_does_not_take_the_place_of_a_draft(self, owner: Person) -> None:
        rules = Rules(rules=(CreditPercent(rule_id="credit", percent=Decimal(8)),))
        save_draft(SaveDraft(business_id=owner.business.id, rules=rules, title={"en": "Bean Club"}), now=NOW)
        with in_business(owner.business.id):
            before = Program.objects.values().get()
        assert do(owner, "program", offer="cash-back-5")["Location"].endswith("#program")
        with in_business(owner.business.id):
            assert Program.objects.values().get() == before
            assert not ProgramVersion.objects.exists()
        assert audited(owner, "program.draft_saved") == []

    @pytest.mark.parametrize("offer", ["", "nothing-like-it", "draft"])
    def test_a_choice_that_is_none_publishes_nothing(self, owner: Person, offer: str) -> None:
        assert do(owner, "program", offer=offer)["Location"].endswith("#program")
        with in_business(owner.business.id):
            assert not Program.objects.exists()


def register_says(register: str) -> Caller:
    return Caller(door="poster", account="demo-cafe", spot="1", tablet=register, application="4242", request_id="r")


class TestSale:
    def test_a_register_waits_says_hello_and_sells(self, owner: Person) -> None:
        link(owner, "1", "2")
        do(owner, "program", offer="half-with-points-10")
        assert shown(owner, f"{PAGE}state/").count('data-state="waiting"') == 2
        with in_business(owner.business.id):
            Terminal.objects.filter(poster_register_id="1").update(last_seen_at=NOW)
            guest = Customer.objects.create(business=owner.business, name="Olena", status="full", created_at=NOW)
        piece = shown(owner, f"{PAGE}state/")
        assert re.findall(r'data-state="(\w+)" data-register="(\d)"', piece) == [("connected", "1"), ("waiting", "2")]
        finalize_check(
            FinalizeCheck(
                caller=register_says("1"), check=a_check(external_id="1790051852000"), customer_id=guest.pk,
                identification_id=None, check_id=None, redeemed_minor=0, payment=Payment(cash_minor=9000),
                closed_without_payment=False, closed_at=NOW, salesperson=None,
            ),
            now=NOW,
        )  # fmt: skip
        piece = shown(owner, f"{PAGE}state/")
        assert re.findall(r'data-state="(\w+)" data-register="(\d)"', piece) == [("sold", "1"), ("waiting", "2")]
        assert re.search(r"90\.00 UAH, Olena:\s+9\.00 bonuses credited", piece)
        assert "Set-up: 3 of 3 done" in piece
        assert 'data-test="setup-complete"' in piece
        assert 'data-test="setup-card"' not in shown(owner, "")

    def test_the_piece_is_never_kept_by_a_browser(self, owner: Person) -> None:
        assert "no-store" in owner.get(f"{PAGE}state/")["Cache-Control"]

    def test_a_terminal_that_is_switched_off_says_so(self, owner: Person) -> None:
        link(owner, "1")
        with in_business(owner.business.id):
            Terminal.objects.filter(use_poster=True).update(enabled=False)
        assert 'data-state="off"' in shown(owner, f"{PAGE}state/")


class TestFirstGuest:
    def test_the_owners_phone_stands_there_already(self, owner: Person) -> None:
        assert 'value="+380501110099" data-test="guest-address"' in shown(owner)

    def test_he_is_registered_and_the_link_goes_to_his_phone_alone(self, owner: Person) -> None:
        assert do(owner, "guest", address="050 111 00 99")["Location"].endswith("#guest")
        with in_business(owner.business.id):
            guest = Customer.objects.get()
            found = CustomerIdentifier.objects.get()
            consent = Consent.objects.get()
            assert WalletLink.objects.filter(customer=guest, revoked_at=None).count() == 1
        assert (found.kind, found.value, guest.status) == ("phone", "+380501110099", "full")
        assert (consent.given, consent.source, consent.customer_id) == (True, "panel", guest.id)
        page = shown(owner)
        assert "A link is on its way to +380501110099." in page
        assert "/w/l/" not in page
        assert audited(owner, "customer.invited") == [f"#{guest.id}"]

    def test_pressing_twice_sends_one_link_and_makes_one_guest(self, owner: Person) -> None:
        for _ in range(2):
            do(owner, "guest", address="owner@demo-cafe.example")
        with in_business(owner.business.id):
            assert (Customer.objects.count(), WalletLink.objects.count(), Consent.objects.count()) == (1, 1, 1)
        assert len(audited(owner, "customer.invited")) == 1

    def test_a_known_guest_is_not_changed(self, owner: Person) -> None:
        with in_business(owner.business.id):
            known = Customer.objects.create(business=owner.business, name="Olena", status="limited", created_at=NOW)
            CustomerIdentifier.objects.create(
                business=owner.business, customer=known, kind="phone", value="+380501110099", added_at=NOW
            )
        do(owner, "guest", address="+380501110099")
        with in_business(owner.business.id):
            known.refresh_from_db()
            assert (Customer.objects.count(), known.status, known.name) == (1, "limited", "Olena")
            assert not Consent.objects.exists()
        assert audited(owner, "customer.wallet_link_sent") == [f"#{known.id}"]

    @pytest.mark.parametrize("typed", ["", "12", "owner@", "not a phone"])
    def test_what_is_no_address_is_a_sentence_at_the_field(self, owner: Person, typed: str) -> None:
        page = do(owner, "guest", address=typed).content.decode()
        assert 'data-test="guest-fault"' in page
        with in_business(owner.business.id):
            assert not Customer.objects.exists()


class TestComingBack:
    def test_home_says_how_far_it_is_and_leads_back(self, owner: Person) -> None:
        assert "Next: link its registers." in shown(owner, "")
        link(owner, "1")
        assert "Next: choose a loyalty program." in shown(owner, "")
        do(owner, "program", offer="cash-back-5")
        page = shown(owner, "")
        assert "Set-up: 2 of 3 done" in page
        assert "Next: sell something to a first guest." in page
        assert 'href="/b/kava/setup/demo-cafe/"' in page

    def test_put_aside_it_is_no_longer_shown_but_still_there(self, owner: Person) -> None:
        assert do(owner, "leave")["Location"] == "/b/kava/"
        assert 'data-test="setup-card"' not in shown(owner, "")
        assert owner.get(PAGE).status_code == 200
        assert 'href="/b/kava/setup/demo-cafe/"' in shown(owner, "settings/poster/")

    def test_each_account_has_a_set_up_of_its_own(self, owner: Person, poster: PosterBeside) -> None:
        connect(poster, owner.business, "second-cafe")
        do(owner, "leave")
        page = shown(owner, "")
        assert re.findall(r"Set up “([^”]+)”", page) == ["second-cafe"]


class TestWho:
    def test_a_manager_may(self, owner: Person) -> None:
        manager = colleague(owner, Membership.Role.MANAGER)
        assert manager.get(PAGE).status_code == 200
        assert link(manager, "1").status_code == 302
        assert audited(manager, "terminal.changed") == ["Bar"]

    def test_a_salesperson_may_not_even_look(self, owner: Person) -> None:
        seller = colleague(owner, Membership.Role.SALESPERSON)
        assert [seller.get(PAGE).status_code, seller.get(f"{PAGE}state/").status_code] == [403, 403]
        steps = ("registers", "read-again", "program", "guest", "leave")
        assert {do(seller, step, register="1", offer="cash-back-5", address="+380501110099").status_code
                for step in steps} == {403}  # fmt: skip
        assert linked(owner) == {}
        with in_business(owner.business.id):
            assert not Program.objects.exists()
            assert not Customer.objects.exists()
            assert TillAccount.objects.get().setup_left_at is None
        assert 'data-test="setup-card"' not in shown(seller, "")

    def test_the_account_of_another_business_is_like_one_that_does_not_exist(self, owner: Person) -> None:
        stranger = owner_of("Piekarnia", email="owner@piekarnia.example")
        assert [stranger.get(page).status_code for page in (PAGE, f"{PAGE}state/", "setup/nowhere/")] == [404] * 3
        assert link(stranger, "1").status_code == 404
        assert stranger.get(PAGE, business=owner.business).status_code == 404
        assert linked(owner) == {}
        with in_business(stranger.business.id):
            assert not PointOfSale.objects.exists()

    def test_a_step_that_does_not_exist_is_refused(self, owner: Person) -> None:
        assert do(owner, "everything").status_code == 400
