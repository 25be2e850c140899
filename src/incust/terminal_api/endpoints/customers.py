"""Recognise, register and describe customers."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from dmr import HeaderSpec, Path, ResponseSpec, validate
from dmr.plugins.msgspec import BodyMsgspec
from msgspec import UNSET

from incust.customers.at_terminal import CallingTerminal
from incust.customers.confirmation import request_confirmation, require_seen_lately
from incust.customers.identify import Identify, PosterClient, identify_customer
from incust.customers.link_poster_client import LinkPosterClient, customer_to_link, link_poster_client
from incust.customers.register import RegisterCustomer, register_customer
from incust.customers.stored_answers import done_once
from incust.customers.update_profile import ProfileChange, UpdateProfile, update_profile
from incust.poster.clients import ClientDetails, find_or_create_client
from incust.programs.current_program import current_program

from ..adapter import REPLAY_HEADER, Operation, invalid
from ..doors import Doors
from ..schemas import customers as shapes
from .numbers import customer_number

REPLAY = {REPLAY_HEADER: HeaderSpec(required=False, description="`true`: the stored answer of an earlier request.")}


class CustomerPath(msgspec.Struct, frozen=True):
    customer_id: str


class IdentifyCustomer(Operation):
    problems = ("customer-unknown", "identifier-unusable", "too-many-guesses", "replayed-request")

    @validate(
        ResponseSpec(shapes.IdentifyAnswer, status_code=HTTPStatus.OK), auth=[Doors(writes=False)],
        operation_id="identify",
    )  # fmt: skip
    def post(self, parsed_body: BodyMsgspec[shapes.IdentifyRequest]) -> HttpResponse:
        """Recognise a guest.

        By whatever was scanned or typed (wallet QR, temporary code, phone, email, card number), or by the client that
        the cashier attached in Poster.
        """
        client, typed = parsed_body.poster_client, parsed_body.identifier
        if (client is UNSET) == (typed is UNSET):
            raise invalid("identifier", _("Give either identifier or poster_client."))
        if client is not UNSET and self.caller.door != "poster":
            raise invalid("poster_client", _("This is taken through the Poster door only."))
        request = Identify(
            caller=self.caller,
            identifier="" if typed is UNSET else typed,
            poster_client=None
            if client is UNSET
            else PosterClient(client_id=client.id, phone=client.phone, card_number=client.card_number),
        )
        return self.answer(identify_customer(request, now=self.now))


class RegisterNewCustomer(Operation):
    problems = ("customer-exists", "phone-invalid", "email-invalid", "idempotency-mismatch")

    @validate(
        ResponseSpec(shapes.RegisterAnswer, status_code=HTTPStatus.CREATED, headers=REPLAY), operation_id="register"
    )
    def post(self, parsed_body: BodyMsgspec[shapes.RegisterRequest]) -> HttpResponse:
        """Register a new guest.

        By phone or email; the guest gets a link to fill in the rest and to open his wallet.
        """
        body = parsed_body
        if bool(body.phone.strip()) == bool(body.email.strip()):
            raise invalid("phone", _("Give either phone or email."))
        answer = register_customer(
            RegisterCustomer(
                caller=self.caller, phone=body.phone.strip(), email=body.email.strip(), name=body.name.strip(),
                birthday=_past(body.birthday, self.now), gender=body.gender or "",
                consent=body.consent, new_customer_status=_new_customer_status,
            ),
            now=self.now,
        )  # fmt: skip
        return self.answer(answer.body, status=HTTPStatus.CREATED, repeated=answer.repeated)


class ChangeProfile(Operation):
    problems = ("customer-unknown", "idempotency-mismatch")

    @validate(
        ResponseSpec(shapes.ProfileAnswer, status_code=HTTPStatus.OK, headers=REPLAY), operation_id="change-profile"
    )
    def post(self, parsed_path: Path[CustomerPath], parsed_body: BodyMsgspec[shapes.ProfileRequest]) -> HttpResponse:
        """Fill in a guest's profile.

        What is given is changed, what is absent stays. Consent can be given here, not taken back.
        """
        answer = update_profile(
            UpdateProfile(
                caller=self.caller, customer_id=customer_number(parsed_path.customer_id),
                change=_change(parsed_body, self.now), new_customer_status=_new_customer_status,
            ),
            now=self.now,
        )  # fmt: skip
        return self.answer(answer.body, repeated=answer.repeated)


class LinkClientOfPoster(Operation):
    problems = (
        "customer-unknown", "no-poster-account", "poster-unavailable", "poster-refused", "idempotency-mismatch",
    )  # fmt: skip

    @validate(
        ResponseSpec(shapes.PosterClientAnswer, status_code=HTTPStatus.OK, headers=REPLAY),
        operation_id="link-poster-client",
    )
    def post(
        self, parsed_path: Path[CustomerPath], parsed_body: BodyMsgspec[shapes.PosterClientRequest]
    ) -> HttpResponse:
        """Link the guest with a client in Poster.

        Give the number that the till found or created; without one the server finds or creates the client through
        Poster's web API.
        """
        now, customer_id = self.now, customer_number(parsed_path.customer_id)
        client_id = parsed_body.poster_client_id
        if client_id is UNSET:
            known = customer_to_link(self.caller, customer_id, now=now)
            client_id = known.profile["poster_client_id"] or find_or_create_client(
                business_id=known.business_id, account_id=known.till_account_id, details=_details(known.profile)
            )
        answer = link_poster_client(
            LinkPosterClient(caller=self.caller, customer_id=customer_id, poster_client_id=client_id), now=now
        )
        return self.answer(answer.body, repeated=answer.repeated)


class SendConfirmation(Operation):
    problems = (
        "customer-unknown", "identification-missing", "resend-too-soon", "no-confirmation-channel",
        "idempotency-mismatch",
    )  # fmt: skip

    @validate(
        ResponseSpec(shapes.ConfirmationAnswer, status_code=HTTPStatus.OK, headers=REPLAY),
        operation_id="send-confirmation",
    )
    def post(self, parsed_body: BodyMsgspec[shapes.ConfirmationRequest]) -> HttpResponse:
        """Send the confirmation code again.

        At the earliest thirty seconds after the last one, which is void then.
        """
        now, customer_id = self.now, customer_number(parsed_body.customer_id)

        def send(terminal: CallingTerminal) -> dict[str, Any]:
            require_seen_lately(terminal.business_id, customer_id, terminal.point_of_sale_id, now=now)
            confirmation = request_confirmation(
                terminal.business_id, customer_id, parsed_body.external_id, parsed_body.redeem_minor,
                terminal.currency, terminal_id=terminal.terminal_id, now=now, resend=True,
            )  # fmt: skip
            return {"confirmation": confirmation.as_json()}

        answer = done_once(self.caller, "confirmations", msgspec.to_builtins(parsed_body), send, now=now)
        return self.answer(answer.body, repeated=answer.repeated)


def _new_customer_status(business_id: int) -> str:
    """What the program gives a guest who registers with his consent; everything while there is no program."""
    program = current_program(business_id)
    return str(program.rules.new_customer_status) if program else "full"


def _change(body: shapes.ProfileRequest, now: datetime) -> ProfileChange:
    if body.consent is False:
        raise invalid("consent", _("Consent can be given here, not taken back."))
    empty = {field for field in ("birthday", "gender") if getattr(body, field) is None}
    return ProfileChange(
        name=None if body.name is UNSET else body.name.strip(),
        birthday=None if body.birthday is UNSET else _past(body.birthday, now),
        gender=None if body.gender is UNSET else body.gender,
        consent=True if body.consent is True else None,
        clear=frozenset(empty),
    )


def _past(birthday: date | None, now: datetime) -> date | None:
    if birthday is not None and not date(1900, 1, 1) <= birthday <= now.date():
        raise invalid("birthday", _("A day between 1900 and today is needed."))
    return birthday


def _details(profile: dict[str, Any]) -> ClientDetails:
    birthday = profile["birthday"]
    return ClientDetails(
        name=profile["name"], phone=profile["phone"], email=profile["email"], card_number=profile["card_number"],
        birthday=date.fromisoformat(birthday) if birthday else None, gender=profile["gender"] or "",
    )  # fmt: skip
