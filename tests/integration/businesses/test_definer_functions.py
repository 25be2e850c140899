"""Functions that run as the schema's owner stand behind the fences like everybody else."""

from __future__ import annotations

from typing import Any

import psycopg

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, TillAccount, User
from incust.businesses.tenancy import in_business


def business_with_account(name: str) -> Business:
    business = create_business(CreateBusiness(name=name, owner=User.objects.create(username=f"owner-of-{name}")))
    with in_business(business.pk):
        TillAccount.objects.create(business=business, name=name.lower(), connected=True)
    return business


def test_a_function_of_the_owner_sees_nothing_of_another_business(
    committed_database: str, as_owner: psycopg.Connection[Any]
) -> None:
    ours, _other = business_with_account("Kava"), business_with_account("Piekarnia")
    as_owner.execute(
        """CREATE FUNCTION businesses.all_that_it_sees() RETURNS text[]
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
          SELECT (SELECT array_agg(b.name) FROM businesses.business b)
            || (SELECT array_agg(a.name) FROM businesses.till_account a)::varchar[]
        $$"""
    )
    as_owner.execute("SELECT set_config('incust.business_id', %s, true)", [str(ours.pk)])
    assert as_owner.execute("SELECT businesses.all_that_it_sees()").fetchone() == (["Kava", "kava"],)
