"""Kinds of post, kinds of task that are given through posts, and as what somebody acts in a post."""

from enum import StrEnum
from typing import Final, TypeAlias


class PostKind(StrEnum):
    """What a post is for; rights and council seats are given to posts, never to persons."""

    ADMIN = "ADMIN"
    UNIT_HEAD = "UNIT_HEAD"
    DEPUTY_HEAD = "DEPUTY_HEAD"
    INTAKE_OFFICER = "INTAKE_OFFICER"
    COUNCIL_CHAIR = "COUNCIL_CHAIR"
    COUNCIL_DEPUTY_CHAIR = "COUNCIL_DEPUTY_CHAIR"
    COUNCIL_SECRETARY = "COUNCIL_SECRETARY"
    COUNCIL_MEMBER = "COUNCIL_MEMBER"
    COUNCIL_SUBSTITUTE = "COUNCIL_SUBSTITUTE"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"
    ACCOUNTANT = "ACCOUNTANT"
    CHIEF_ACCOUNTANT = "CHIEF_ACCOUNTANT"
    AUDITOR = "AUDITOR"
    STAFF = "STAFF"


ADMINS: Final = frozenset({PostKind.ADMIN})
"""Who administers a unit and all below it; at the root, the province."""


class PostTask(StrEnum):
    """The kinds of task that are given to people through their posts, and that a delegation may name."""

    FORMAL_CHECK = "FORMAL_CHECK"
    MARK = "MARK"
    DECIDE = "DECIDE"
    VERIFY_AWARD = "VERIFY_AWARD"
    APPROVE_AWARD = "APPROVE_AWARD"
    SEND_LIST = "SEND_LIST"
    CONFIRM_LIST = "CONFIRM_LIST"
    MAKE_LIST = "MAKE_LIST"
    SETTLE_COMPLAINT = "SETTLE_COMPLAINT"


class OwnTask(StrEnum):
    """Work that is a person's own and goes through no post: the author's supplement."""

    SUPPLEMENT = "SUPPLEMENT"


TaskKind: TypeAlias = PostTask | OwnTask
"""Every kind of task there is."""


class ActsAs(StrEnum):
    """Why it is this person: the holder of the post, the acting holder of a vacant one, a delegate, the
    deputy, or a colleague of the office."""

    HOLDER = "HOLDER"
    ACTING_HOLDER = "ACTING_HOLDER"
    DELEGATE = "DELEGATE"
    DEPUTY = "DEPUTY"
    COLLEAGUE = "COLLEAGUE"
