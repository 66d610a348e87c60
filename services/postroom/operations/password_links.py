"""The secret of a link is made when its mail is sent, and is in the mail and nowhere else."""

import secrets
from hashlib import sha256
from uuid import UUID

from kit.db import Tx
from language.telling import Language
from services.postroom.domain.letters import LetterLink
from services.postroom.store import password_links
from services.postroom.store.password_links import OpenLink

_BYTES = 32


async def bring(tx: Tx, link: OpenLink, address: str, language: Language) -> LetterLink:
    """What the mail says, this once: whoever reads the database finds a digest. A mail that is sent again
    brings another secret, for the first one is known to nobody here."""
    code = f"{link.id}.{await _new_secret(tx, link.id)}"
    page = f"{address}/oauth2/password?ui_locales={language.value}#{code}"
    return LetterLink(page=page, code=code, good_until=link.good_until)


async def _new_secret(tx: Tx, link_id: UUID) -> str:
    secret = secrets.token_urlsafe(_BYTES)
    await password_links.insert_digest(tx, link_id, sha256(secret.encode()).hexdigest())
    return secret
