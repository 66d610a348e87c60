"""Policy packs: drafted, edited, checked, and published by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from kit.sorting import ListPlace
from language.deadline.arithmetic import local_day
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Change, Fact
from language.events.rulebook import (
    PolicyPackChecked,
    PolicyPackDrafted,
    PolicyPackDropped,
    PolicyPackEdited,
    PolicyPackPublished,
)
from language.messages.notices import NoticeKind
from language.posts.kinds import ADMINS, PostKind
from language.refusals import NotFound
from language.words.base import Coded
from packs.findings import Finding, Province, blockers, find_in
from packs.freezing import PolicyPack
from services.rulebook.domain.drafts import DraftState, PackDraft, require_open, require_publishable
from services.rulebook.domain.pack_changes import content_sha256, pack_changes
from services.rulebook.domain.packs import PublishedPack
from services.rulebook.domain.refusals import PackRefused
from services.rulebook.store import organisation, packs


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft and what was found in it, by what there is now."""

    draft: PackDraft
    findings: Sequence[Finding]

    @property
    def version(self) -> int:
        """For the ETag."""
        return self.draft.version


async def _findings(tx: Tx, pack: PolicyPack) -> list[Finding]:
    day = local_day(tx.now)
    names = [pack.name, *([pack.transition.replaces] if pack.transition else [])]
    province = Province(
        published=await packs.list_packs(tx),
        levels=await packs.newest_levels(tx, names),
        unit_levels=await organisation.unit_levels(tx, day),
        today=day,
    )
    return find_in(pack, province)


async def _view(tx: Tx, draft: PackDraft) -> DraftView:
    return DraftView(draft=draft, findings=await _findings(tx, PolicyPack.model_validate(draft.content)))


async def _require_new(tx: Tx, pack: PolicyPack) -> None:
    if pack.version in (await packs.published_versions(tx, [pack.name])).get(pack.name, ()):
        raise _taken(pack)


def _taken(pack: PolicyPack) -> PackRefused:
    return PackRefused(
        reason=Coded(
            "published",
            f"{pack.rule_version} đã được công bố",
            f"{pack.rule_version} is published already",
        )
    )


async def draft_pack(tx: Tx, caller: Principal, pack: PolicyPack) -> DraftView:
    """Begin a version that nobody has published."""
    actor = await rights.require_root(tx, caller, ADMINS)
    await _require_new(tx, pack)
    draft = PackDraft(
        id=new_id(),
        name=pack.name,
        pack_version=pack.version,
        content=pack.model_dump(mode="json"),
        state=DraftState.DRAFT,
        drafted_by=caller.person_id,
        drafted_at=tx.now,
        edited_by=caller.person_id,
        edited_at=tx.now,
        published_by=None,
        published_at=None,
        version=1,
    )
    await packs.insert_draft(tx, draft)
    fact = PolicyPackDrafted(
        pack=pack.name, pack_version=pack.version, content_sha256=content_sha256(draft.content)
    )
    await record(tx, fact, about=draft.id, actor=actor)
    return await _view(tx, draft)


async def _lock_at(tx: Tx, draft_id: UUID, version: int) -> PackDraft:
    draft = await packs.lock_draft(tx, draft_id)
    require_open(draft)
    if draft.version != version:
        raise EditConflict(current=draft.version)
    return draft


async def _save(tx: Tx, actor: Actor, draft: PackDraft, fact: Fact) -> DraftView:
    await packs.save_draft(tx, draft)
    await record(tx, fact, about=draft.id, actor=actor)
    return await _view(tx, draft)


async def edit_draft(tx: Tx, caller: Principal, draft_id: UUID, version: int, pack: PolicyPack) -> DraftView:
    """Write the draft anew; it has to be checked again."""
    actor = await rights.require_root(tx, caller, ADMINS)
    draft = await _lock_at(tx, draft_id, version)
    await _require_new(tx, pack)
    edited = replace(
        draft,
        name=pack.name,
        pack_version=pack.version,
        content=pack.model_dump(mode="json"),
        state=DraftState.DRAFT,
        edited_by=caller.person_id,
        edited_at=tx.now,
        version=version + 1,
    )
    fact = PolicyPackEdited(
        pack=pack.name,
        pack_version=pack.version,
        draft_version=edited.version,
        checked=Change(old=draft.is_checked, new=False),
        changes=pack_changes(draft.content, edited.content),
        content_sha256=content_sha256(edited.content),
    )
    return await _save(tx, actor, edited, fact)


async def check_draft(tx: Tx, caller: Principal, draft_id: UUID, version: int) -> DraftView:
    """Hold the draft against units and published packs; it is checked if nothing that was found blocks it."""
    actor = await rights.require_root(tx, caller, ADMINS)
    draft = await _lock_at(tx, draft_id, version)
    view = await _view(tx, draft)
    state = DraftState.DRAFT if blockers(list(view.findings)) else DraftState.CHECKED
    if state is draft.state:
        return view
    checked = replace(draft, state=state, version=version + 1)
    fact = PolicyPackChecked(
        pack=draft.name,
        pack_version=draft.pack_version,
        draft_version=checked.version,
        checked=Change(old=draft.is_checked, new=checked.is_checked),
    )
    return await _save(tx, actor, checked, fact)


async def drop_draft(tx: Tx, caller: Principal, draft_id: UUID, version: int) -> DraftView:
    """Nothing comes of it; it stays to be read."""
    actor = await rights.require_root(tx, caller, ADMINS)
    draft = await _lock_at(tx, draft_id, version)
    dropped = replace(draft, state=DraftState.DROPPED, version=version + 1)
    fact = PolicyPackDropped(
        pack=draft.name,
        pack_version=draft.pack_version,
        draft_version=dropped.version,
        checked=draft.is_checked,
    )
    return await _save(tx, actor, dropped, fact)


async def publish_draft(tx: Tx, caller: Principal, draft_id: UUID, version: int) -> PublishedPack:
    """Publish what was read at `version`, as a second person; it is in force from its own day on and never
    changes."""
    actor = await rights.require_root(tx, caller, ADMINS)
    draft = await packs.lock_draft(tx, draft_id)
    require_publishable(draft, caller.person_id)
    if draft.version != version:
        raise EditConflict(current=draft.version)
    pack = PolicyPack.model_validate(draft.content)
    blocking = blockers(await _findings(tx, pack))
    if blocking:
        raise PackRefused(
            reason=Coded(
                "; ".join(f"{finding.vi} / {finding.en}" for finding in blocking),
                "; ".join(finding.vi for finding in blocking),
                "; ".join(finding.en for finding in blocking),
            )
        )
    published = await save_pack(tx, pack, actor, draft)
    done = replace(draft, state=DraftState.PUBLISHED, published_by=caller.person_id, published_at=tx.now)
    await packs.save_draft(tx, replace(done, version=done.version + 1))
    return published


async def save_pack(
    tx: Tx, pack: PolicyPack, actor: Actor = CLOCK_ACTED, draft: PackDraft | None = None
) -> PublishedPack:
    """Keep the pack as published; `PackRefused` when that version is there already. Of a draft that somebody
    published, others are told."""
    drafted_by = draft.drafted_by if draft else None
    published = PublishedPack(
        name=pack.name,
        version=pack.version,
        effective_from=pack.effective_from,
        effective_to=pack.effective_to,
        drafted_by=drafted_by,
        published_by=actor.person_id,
        published_at=tx.now,
    )
    content = pack.model_dump(mode="json")
    if not await packs.insert_pack(tx, published, content):
        raise _taken(pack)
    subject = draft.id if draft else new_id()
    fact = PolicyPackPublished(
        pack=pack.name,
        pack_version=pack.version,
        effective_from=pack.effective_from,
        effective_to=pack.effective_to,
        drafted_by=drafted_by,
        content_sha256=content_sha256(content),
    )
    event_id = await record(tx, fact, about=subject, actor=actor)
    if draft:
        await _notify(tx, event_id, draft, published)
    return await packs.get_published(tx, pack.name, pack.version)


async def _notify(tx: Tx, event_id: UUID, draft: PackDraft, published: PublishedPack) -> None:
    """Whoever sets rules for the province, and whoever drafted these; not who published them."""
    readers = {
        draft.drafted_by,
        *await organisation.holders_at_root(tx, PostKind.ADMIN, local_day(tx.now)),
    } - {published.published_by}
    matter = Matter(subject_id=draft.id, subject_code=f"{published.name}@{published.version}")
    in_force = published.effective_from.isoformat()
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=person,
                kind=NoticeKind.PACK_PUBLISHED,
                matter=matter,
                detail=in_force,
            )
            for person in sorted(readers)
        ],
    )


async def read_draft(tx: Tx, caller: Principal, draft_id: UUID) -> DraftView:
    """One draft; only administrators of the province see rules before they are published."""
    await rights.require_root(tx, caller, ADMINS)
    return await _view(tx, await packs.get_draft(tx, draft_id))


async def drafted_pack(tx: Tx, caller: Principal, draft_id: UUID) -> PolicyPack:
    """What a draft says, to be read as rules, by those who may see it."""
    await rights.require_root(tx, caller, ADMINS)
    return PolicyPack.model_validate((await packs.get_draft(tx, draft_id)).content)


async def list_drafts(
    tx: Tx, caller: Principal, state: DraftState | None, place: ListPlace, limit: int
) -> list[PackDraft]:
    """Drafts in the order of the place, from there on."""
    await rights.require_root(tx, caller, ADMINS)
    return await packs.list_drafts(tx, state, place, limit)


async def read_pack(tx: Tx, name: str, version: int) -> dict[str, Any]:
    """The content of a published version."""
    content = await packs.find_pack(tx, name, version)
    if content is None:
        raise NotFound
    return content


async def published_pack(tx: Tx, name: str, version: int) -> PolicyPack:
    """A published version, to be read as rules."""
    return PolicyPack.model_validate(await read_pack(tx, name, version))
