"""Settings → Staff: who may come in, and as what. Only owners change it."""

from __future__ import annotations

import secrets

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from incust.businesses.audit import record_change
from incust.businesses.models import Membership, User
from incust.messaging.outbox import enqueue
from incust.poster.create_owner import user_with_email

from .invitation import INVITATION
from .seats import seat_of, user_of
from .site import panel


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Email"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Membership.Role.choices, initial=Membership.Role.MANAGER
    )


@panel.page("settings/staff/", "staff")
def staff(request: HttpRequest) -> HttpResponse:
    """List, and the invitation form for owners."""
    seat = seat_of(request)
    form = InvitationForm(request.POST or None)
    if request.method == "POST":
        if not seat.is_owner:
            return HttpResponse(status=403)
        if form.is_valid() and _invite(request, form):
            return HttpResponseRedirect(reverse("admin:staff"))
    return panel.render(
        request,
        "panel/staff.html",
        title=_("Staff"),
        members=Membership.objects.select_related("user").order_by("role", "user__email"),
        roles=Membership.Role.choices,
        form=form,
    )


@panel.page("settings/staff/<int:member_id>/role/", "staff-role")
@require_POST
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _changeable(request, member_id)
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        return HttpResponse(status=400)
    before, member.role = member.role, role
    if _is_last_owner(member) and role != Membership.Role.OWNER:
        messages.error(request, _("A business needs at least one owner."))
    elif before != role:
        member.save(update_fields=["role"])
        _record(request, "staff.role_changed", member, [before, role])
        messages.success(request, _("The role is changed."))
    return HttpResponseRedirect(reverse("admin:staff"))


@panel.page("settings/staff/<int:member_id>/remove/", "staff-remove")
@require_POST
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _changeable(request, member_id)
    if _is_last_owner(member):
        messages.error(request, _("A business needs at least one owner."))
    else:
        _record(request, "staff.removed", member, [member.role, None])
        member.delete()
        messages.success(request, _("The person has no access any more."))
    return HttpResponseRedirect(reverse("admin:staff"))


def _changeable(request: HttpRequest, member_id: int) -> Membership:
    member = Membership.objects.select_for_update(of=("self",)).filter(id=member_id).first()
    if member is None or not seat_of(request).is_owner:
        raise Http404
    return member


def _is_last_owner(member: Membership) -> bool:
    """Locks the owners, so that two of them cannot remove each other at once."""
    owners = Membership.objects.select_for_update(of=("self",)).filter(role=Membership.Role.OWNER)
    return [owner.id for owner in owners] == [member.id]


def _invite(request: HttpRequest, form: InvitationForm) -> bool:
    seat, email = seat_of(request), form.cleaned_data["email"].lower()
    known = user_with_email(email)
    user = known or _new_user(email, form.cleaned_data["name"])
    if Membership.objects.filter(user=user).exists():
        form.add_error("email", _("This person belongs to the business already."))
        return False
    member = Membership.objects.create(business_id=seat.business_id, user=user, role=form.cleaned_data["role"])
    _record(request, "staff.invited", member, [None, member.role])
    # By email only: a link shown here would let an owner into the account of somebody else.
    enqueue(seat.business_id, INVITATION, {"user_id": user.id, "by": user_of(request).get_full_name()})
    messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": email})
    return True


def _new_user(email: str, name: str) -> User:
    taken = User.objects.filter(username=email[:140]).exists()
    username = f"{email[:140]}-{secrets.token_hex(4)}" if taken else email[:140]
    user = User(username=username, email=email, first_name=name)
    user.set_unusable_password()
    user.save()
    return user


def _record(request: HttpRequest, action: str, member: Membership, role: list[str | None]) -> None:
    record_change(
        business_id=member.business_id, user=user_of(request), action=action, subject=member.user.email,
        changes={"role": role},
    )  # fmt: skip
