"""The two fences between businesses: nothing of another business is seen or written."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, PointOfSale, Terminal, TillAccount, User
from incust.businesses.problems import problem_from_database
from incust.businesses.tenancy import CrossedBusinesses, in_business
from incust.businesses.terminal_access import AccountDisconnected, RegisterUnknown

pytestmark = pytest.mark.django_db


def make_business(name: str = "Kava") -> Business:
    owner = User.objects.create(username=f"owner-of-{name}")
    return create_business(CreateBusiness(name=name, owner=owner))


class TestRowLevelSecurity:
    def test_the_suite_does_not_run_as_somebody_who_walks_through_policies(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False, "incust_app")

    def test_every_table_of_a_room_is_fenced(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('public', 'pg_catalog', 'information_schema')
                  AND n.nspname NOT LIKE 'pg_%%' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'business_id')"""
            )
            assert cursor.fetchall() == []

    def test_a_business_sees_only_itself(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with in_business(other.id):
            PointOfSale.objects.create(business=other, name="Theirs")
        with transaction.atomic(), in_business(ours.id):
            assert list(PointOfSale.objects.all()) == []
            assert [b.id for b in Business.objects.all()] == [ours.id]

    def test_without_a_business_nothing_is_seen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('incust.business_id', '', true)")
        assert Business.objects.count() == 0

    def test_a_row_of_another_business_cannot_be_written(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with pytest.raises(DatabaseError, match="row-level security"), in_business(ours.id):
            PointOfSale.objects.create(business=other, name="Smuggled")

    def test_a_row_cannot_point_into_another_business(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with in_business(other.id):
            theirs = PointOfSale.objects.create(business=other, name="Theirs")
        with pytest.raises(DatabaseError, match="same_business"), in_business(ours.id):
            Terminal.objects.create(business=ours, name="Bar", point_of_sale_id=theirs.id)

    def test_one_transaction_works_for_one_business(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with pytest.raises(CrossedBusinesses), in_business(ours.id), in_business(other.id):
            pass


class TestResolveTerminal:
    CALLER = '{"door": "poster", "account": "kava", "spot": "1", "tablet": "5", "application": "1234"}'

    def resolve(self, caller: str = CALLER) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT business_id, terminal_id FROM businesses.resolve_terminal(%s)", [caller])
            return cursor.fetchone()

    def make_terminal(self, business: Business, *, connected: bool = True) -> Terminal:
        with in_business(business.id):
            account = TillAccount.objects.create(
                business=business, name="kava", number="7", connected=connected, application_id="1234"
            )
            return Terminal.objects.create(
                business=business, name="Bar", use_poster=True, poster_account=account, poster_location_id="1",
                poster_register_id="5", point_of_sale=PointOfSale.objects.create(business=business, name="Center"),
            )  # fmt: skip

    def refusal(self, caller: str = CALLER) -> object:
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            self.resolve(caller)
        return type(problem_from_database(caught.value.__cause__))

    def test_a_register_is_found_and_the_transaction_bound_to_its_business(self) -> None:
        business = make_business()
        terminal = self.make_terminal(business)
        with transaction.atomic():
            assert self.resolve() == (business.id, terminal.id)
            assert Terminal.objects.get().name == "Bar"

    def test_an_unlinked_register_is_refused(self) -> None:
        self.make_terminal(make_business())
        assert self.refusal(self.CALLER.replace('"5"', '"6"')) is RegisterUnknown

    def test_a_disconnected_account_is_refused(self) -> None:
        self.make_terminal(make_business(), connected=False)
        assert self.refusal() is AccountDisconnected

    def test_another_application_does_not_open_the_account(self) -> None:
        self.make_terminal(make_business())
        assert self.refusal(self.CALLER.replace('"1234"', '"999"')) is AccountDisconnected
        assert self.refusal(self.CALLER.replace(', "application": "1234"', "")) is AccountDisconnected


class TestRolesOfFunctions:
    def test_no_policy_of_a_role_holds_for_its_members(self) -> None:
        """incust_owner is a member of the narrow roles: a policy that does not ask for the name lets it in as well."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT p.polrelid::regclass::text, p.polname FROM pg_policy p
                WHERE p.polroles <> '{0}' AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%%CURRENT_USER = %%'"""
            )
            assert cursor.fetchall() == []
