"""Telling people: notices come in and are planned for mail and webhooks; each person says how to be told and
reads the inbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.joined import stand_for
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from kit.sorting import ListPlace
from language.cases import Entered
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Change, changed
from language.events.postroom import MailResent, ModeChange, NoticeSettingsChanged
from language.ids import DossierId, EventId, NoticeId, PersonId
from language.messages.notices import Notice, NoticeKind
from language.names import TaskQueue
from language.posts.kinds import ADMINS
from language.refusals import NotFound
from language.telling import MailState
from services.postroom.domain.mails import Mail
from services.postroom.domain.refusals import MailNotStuck, NoticeIsStatutory
from services.postroom.domain.telling import (
    NoticeSettings,
    after_quiet_hours,
    brings_link,
    is_of_address,
    mail_at,
    turned_off_unlawfully,
)
from services.postroom.store import mails, notices, organisation, webhooks

_STUCK = frozenset({MailState.FAILED, MailState.UNSURE})


async def accept_notices(tx: Tx, service: TaskQueue, came: Sequence[Notice], *, mails_go_out: bool) -> None:
    """Keep what is new of this service, and plan who is mailed when and which webhooks are told. A repeat
    finds everything there. Whoever was told under a record that was joined since reads it under the other."""
    now = await stand_for(tx, {notice.person_id for notice in came})
    came = [replace(notice, person_id=PersonId(now[notice.person_id])) for notice in came]
    await _keep(tx, service, came, mails_go_out=mails_go_out)


async def _keep(tx: Tx, service: TaskQueue, came: Sequence[Notice], *, mails_go_out: bool) -> None:
    settings = await notices.settings_of(tx, [notice.person_id for notice in came])
    hooks = [hook for hook in await webhooks.list_webhooks(tx) if hook.off_since is None]
    for notice in came:
        if not await notices.insert_notice(tx, service, notice):
            continue
        if mails_go_out:
            await _plan_mail(tx, notice, settings[notice.person_id])
            if is_of_address(notice.kind, notice.detail):
                former = await organisation.former_address(tx, notice.event_id)
                await _plan_former(tx, notice.id, settings[notice.person_id], former)
        for hook in hooks:
            if notice.kind in hook.kinds:
                await webhooks.plan_delivery(tx, hook, notice.id, notice.kind)


async def _plan_mail(tx: Tx, notice: Notice, settings: NoticeSettings) -> None:
    """Now in a mail of its own, or later in one with all that comes until then."""
    if brings_link(notice.kind, notice.detail):
        # Whoever has asked for it waits for it, also at night and without an address chosen here.
        await mails.mail_alone(tx, notice.id, notice.person_id, tx.now)
        return
    send_at = mail_at(settings, notice.kind, tx.now)
    if send_at is None:
        return
    plan = mails.mail_alone if send_at == tx.now else mails.mail_gathered
    await plan(tx, notice.id, notice.person_id, send_at)


async def _plan_former(tx: Tx, notice_id: UUID, settings: NoticeSettings, former: str | None) -> None:
    """Where the person is mailed elsewhere from now on, the address of before learns of it, too: whoever
    changed it may be a thief."""
    if former and former != settings.mail_address:
        send_at = after_quiet_hours(settings, tx.now)
        await mails.mail_to_former(tx, notice_id, settings.person_id, send_at, former)


async def _own_or_admin(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    if caller.person_id == person_id:
        return Actor(person_id=person_id)
    if not await organisation.is_known(tx, person_id):
        raise NotFound
    paths = await organisation.unit_paths_of(tx, person_id, local_day(tx.now))
    return await rights.require_over_all(tx, caller, ADMINS, paths)


async def read_settings(tx: Tx, caller: Principal, person_id: UUID) -> NoticeSettings:
    """How the person wants to be told; for the person and an administrator over all the person's units."""
    await _own_or_admin(tx, caller, person_id)
    return (await notices.settings_of(tx, [person_id]))[person_id]


async def change_settings(
    tx: Tx, caller: Principal, new: NoticeSettings, *, mails_go_out: bool
) -> NoticeSettings:
    """Put the settings in the place of version `new.version`. They hold for notices that come from now on.
    The person is told of what another has chosen, and of another address in any case, there as well."""
    actor = await _own_or_admin(tx, caller, new.person_id)
    if not await organisation.is_known(tx, new.person_id):
        raise NotFound
    current = (await notices.settings_of(tx, [new.person_id]))[new.person_id]
    if current.version != new.version:
        raise EditConflict(current=current.version)
    unlawful = turned_off_unlawfully(new.modes)
    if unlawful:
        raise NoticeIsStatutory(kinds=unlawful)
    if not await notices.save_settings(tx, new):
        # Somebody was faster: their version is committed by now, and this statement sees it.
        newest = (await notices.settings_of(tx, [new.person_id]))[new.person_id]
        raise EditConflict(current=newest.version)
    event_id = await record(tx, _settings_changed(current, new), about=new.person_id, actor=actor)
    await _tell_of_settings(tx, event_id, actor, current, new, mails_go_out=mails_go_out)
    return replace(new, version=new.version + 1)


async def _tell_of_settings(
    tx: Tx, event_id: UUID, actor: Actor, old: NoticeSettings, new: NoticeSettings, *, mails_go_out: bool
) -> None:
    is_moved = old.mail_address != new.mail_address
    if actor.person_id == new.person_id and not (is_moved and old.mail_address):
        return
    told = Notice(
        id=NoticeId(new_id()),
        event_id=EventId(event_id),
        person_id=PersonId(new.person_id),
        kind=NoticeKind.ENTERED_ABOUT_YOU,
        subject_id=DossierId(new.person_id),
        subject_code=await organisation.code_of(tx, new.person_id),
        happened_at=tx.now,
        detail=Entered.MAIL_CHANGED if is_moved else Entered.NOTICES_CHANGED,
    )
    await _keep(tx, TaskQueue.POSTROOM, [told], mails_go_out=mails_go_out)
    if is_moved and mails_go_out:
        await _plan_former(tx, told.id, new, old.mail_address)


def _settings_changed(old: NoticeSettings, new: NoticeSettings) -> NoticeSettingsChanged:
    kinds = sorted(old.modes.keys() | new.modes.keys())
    return NoticeSettingsChanged(
        mail_address=changed(old.mail_address, new.mail_address),
        language=changed(old.language, new.language),
        modes=tuple(
            ModeChange(notice_kind=kind, mode=Change(old=old.modes.get(kind), new=new.modes.get(kind)))
            for kind in kinds
            if old.modes.get(kind) != new.modes.get(kind)
        ),
        digest_hour=changed(old.digest_hour, new.digest_hour),
        quiet_from=changed(old.quiet_from, new.quiet_from),
        quiet_to=changed(old.quiet_to, new.quiet_to),
    )


async def read_notices(tx: Tx, caller: Principal, which: Sequence[UUID] | datetime) -> int:
    """The caller has read these, or all up to an instant; how many were unread. Others' notices are not
    touched."""
    return await notices.mark_read(tx, caller.person_id, which)


async def list_mails(
    tx: Tx, caller: Principal, state: MailState | None, place: ListPlace, limit: int
) -> list[Mail]:
    """For who answers for the mail server: what went out, what waits, what was given up."""
    await rights.require_root(tx, caller, ADMINS)
    return await mails.list_mails(tx, state, place, limit)


async def read_mail(tx: Tx, caller: Principal, mail_id: UUID) -> Mail:
    """One mail."""
    await rights.require_root(tx, caller, ADMINS)
    mail = await mails.find_mail(tx, mail_id)
    if mail is None:
        raise NotFound
    return mail


async def resend_mail(tx: Tx, caller: Principal, mail_id: UUID) -> Mail:
    """Send a mail again that was given up, or of which nobody knows whether it went out; with the same
    Message-ID as before."""
    actor = await rights.require_root(tx, caller, ADMINS)
    mail = await mails.lock_mail(tx, mail_id)
    if mail is None:
        raise NotFound
    if mail.state not in _STUCK:
        raise MailNotStuck(state=mail.state)
    resent = await mails.resend(tx, mail_id)
    fact = MailResent(mail_id=mail_id, mail_state=Change(old=mail.state, new=resent.state))
    await record(tx, fact, about=mail.person_id, actor=actor)
    return resent
