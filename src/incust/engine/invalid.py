"""Values that contradict themselves."""

from __future__ import annotations


class Invalid(ValueError):
    """Base of what the engine refuses.

    `field` is the path of the faulty member, such as `rules.0.percent`. `sentence` is English and may name `members`
    as `%(name)s`; whoever shows it to people translates it.
    """

    def __init__(self, field: str, sentence: str, **members: object) -> None:
        super().__init__(sentence % members)
        self.field = field
        self.sentence = sentence
        self.members = members
