"""What the engine refused, in the language that is active now."""

from __future__ import annotations

from django.utils.translation import gettext

from incust.engine.invalid import Invalid


def invalid_in_words(fault: Invalid) -> str:
    """The fault's sentence, translated."""
    sentence = gettext(fault.sentence)
    return sentence % fault.members if fault.members else sentence
