"""A chain of cafés with registers of Poster, before any guest came. Run as a program upon the database to fill."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from .database import APPLICATION_ID

ACCOUNT = "bench"
TERMINALS_OF_PLACE = 10
PHONE_FIRST = 380_500_000_000


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Guests are the customers 1 … `guests`. Register `n` from 0: terminal `terminal_id_first + n`, tablet `n + 1`."""

    guests: int
    business_id: int
    program_version_id: int
    till_account_id: int
    terminal_id_first: int
    terminals: int
    terminals_of_place: int
    place_id_first: int

    def phone_of(self, guest: int) -> str:
        """What the guest says at the till."""
        return f"+{PHONE_FIRST + guest}"

    def spot_of(self, register: int) -> int:
        """Poster's number of the location where the register stands."""
        return 1 + register // self.terminals_of_place


def written(name: str) -> Path:
    """Where the chain of that database is described, for the process that asked for it."""
    return Path(os.environ["INCUST_DATA"]) / f"{name}.json"


def open_chain(*, guests: int, terminals: int) -> Chain:
    """Create business, account at Poster, places, registers and program."""
    from incust.businesses.create_business import CreateBusiness, create_business
    from incust.businesses.models import PointOfSale, Terminal, TillAccount, User
    from incust.businesses.tenancy import in_business
    from incust.programs.publish_program import PublishProgram, publish_program
    from incust.programs.save_draft import SaveDraft, save_draft

    from .story import rules

    now = datetime.now(tz=UTC)
    owner = User.objects.create(username="bench", email="bench@example.org")
    business = create_business(CreateBusiness(name="Bench", owner=owner))
    with in_business(business.pk):
        account = TillAccount.objects.create(
            business=business, name=ACCOUNT, number="1", connected=True, application_id=APPLICATION_ID
        )
        places = PointOfSale.objects.bulk_create(
            PointOfSale(business=business, name=f"Café {number + 1}")
            for number in range((terminals - 1) // TERMINALS_OF_PLACE + 1)
        )
        registers = Terminal.objects.bulk_create(
            Terminal(
                business=business, name=f"Register {number + 1}", point_of_sale=places[number // TERMINALS_OF_PLACE],
                use_poster=True, poster_account=account, poster_location_id=str(1 + number // TERMINALS_OF_PLACE),
                poster_register_id=str(number + 1),
            )
            for number in range(terminals)
        )  # fmt: skip
    program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules()), now=now)
    published = publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=now)
    return Chain(
        guests=guests, business_id=business.pk, program_version_id=published.version_id, till_account_id=account.pk,
        terminal_id_first=registers[0].pk, terminals=terminals, terminals_of_place=TERMINALS_OF_PLACE,
        place_id_first=places[0].pk,
    )  # fmt: skip


def main() -> None:
    import django

    django.setup()
    made = open_chain(guests=int(sys.argv[1]), terminals=int(sys.argv[2]))
    written(os.environ["INCUST_DATABASE"]).write_text(json.dumps(asdict(made)))


if __name__ == "__main__":
    main()
