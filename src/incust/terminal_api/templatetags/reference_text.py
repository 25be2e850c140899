"""The little markup that descriptions use: `code`, ``code`` and **stress**."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """Escaped text with its code and stress marked up."""
    html = escape(" ".join(text.split()))
    html = re.sub(r"``?([^`]+)``?", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return mark_safe(html)  # noqa: S308 (escaped above; only our own tags were added)


@register.filter
def without_stop(text: str) -> str:
    """A sentence as a heading."""
    return text.rstrip(".")
