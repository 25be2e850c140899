"""API keys of a terminal: made here, shown once, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.audit import record_change
from incust.businesses.encryption import encrypt
from incust.businesses.models import Terminal, TerminalKey

from .seats import user_of
from .site import for_editors, panel

KEY_BYTES = 32
HINT_LENGTH = 4


@panel.page("settings/terminals/<int:terminal_id>/keys/add/", "terminal-key-add")
@for_editors
@require_POST
def add_key(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Make a key. Only its hash is kept; the page that follows shows the key itself, once."""
    terminal = Terminal.objects.filter(id=terminal_id).first()
    if terminal is None:
        raise Http404
    key = f"inc_{secrets.token_urlsafe(KEY_BYTES)}"
    TerminalKey.objects.create(
        business_id=terminal.business_id, terminal=terminal, key_hash=hashlib.sha256(key.encode()).digest(),
        hint=key[-HINT_LENGTH:],
    )  # fmt: skip
    record_change(
        business_id=terminal.business_id, user=user_of(request), action="terminal.key_added", subject=terminal.name,
        changes={"ends_with": [None, key[-HINT_LENGTH:]]},
    )  # fmt: skip
    request.session[f"new_key_{terminal.id}"] = encrypt(key).decode()
    return _back(terminal_id)


@panel.page("settings/terminals/<int:terminal_id>/keys/<int:key_id>/revoke/", "terminal-key-revoke")
@for_editors
@require_POST
def revoke_key(request: HttpRequest, terminal_id: int, key_id: int) -> HttpResponse:
    key = TerminalKey.objects.select_related("terminal").filter(id=key_id, terminal_id=terminal_id).first()
    if key is None:
        raise Http404
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record_change(
            business_id=key.business_id, user=user_of(request), action="terminal.key_revoked",
            subject=key.terminal.name, changes={"ends_with": [key.hint, None]},
        )  # fmt: skip
    messages.success(request, _("The key is revoked. Tills that use it are refused from now on."))
    return _back(terminal_id)


def _back(terminal_id: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:terminal-edit', args=[terminal_id])}?tab=keys")
