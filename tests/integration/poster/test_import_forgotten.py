"""What imports kept of clients, names and phones of the skipped among it, is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.integration.poster.importing import Cafe, counts
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.tenancy import in_business
from incust.poster import client_pages, import_clients
from incust.poster.client_models import ClientImport
from incust.poster.import_clients import resume_import
from incust.poster.tasks import prune_nightly

pytestmark = pytest.mark.django_db


def test_names_of_the_skipped_are_forgotten_after_thirty_days_and_the_report_stays(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{"phone_digits": "123", "name": "Koval Olena", "bonus_minor": 1}])
    old = cafe.run()
    with in_business(cafe.business.pk):
        ClientImport.objects.update(touched_at=timezone.now() - timedelta(days=29))
    prune_nightly(0)
    assert cafe.rows("SELECT shown_name, shown_phone FROM poster.imported_client WHERE outcome = 'skipped'") == [
        ("Olena Koval", "+123")
    ]
    with in_business(cafe.business.pk):
        ClientImport.objects.update(touched_at=timezone.now() - timedelta(days=31))
    prune_nightly(0)
    assert cafe.rows("SELECT FROM poster.imported_client") == []
    assert counts(cafe.result(old.pk)) == counts(old)
    assert len(cafe.rows("SELECT FROM customers.customer")) == 8


def test_an_import_that_nobody_touched_for_thirty_days_is_given_up(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_pages.page_after, "__kwdefaults__", {"size": 4})
    monkeypatch.setattr(import_clients, "SLICE_S", 0.0)
    cafe = Cafe(poster)
    number = cafe.start()
    assert cafe.step(number)
    prune_nightly(0)
    assert cafe.result(number).state == "running"
    with in_business(cafe.business.pk):
        ClientImport.objects.update(touched_at=timezone.now() - timedelta(days=31))
    prune_nightly(0)
    resume_import(business_id=cafe.business.pk, import_id=number, now=timezone.now())
    assert not cafe.step(number)
    assert (cafe.result(number).state, cafe.result(number).read) == ("failed", 5)
    assert cafe.rows("SELECT FROM poster.imported_client") == []
    assert cafe.run().created == 3
