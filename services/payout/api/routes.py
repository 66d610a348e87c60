"""Awards, payment lists and the ledger over HTTP."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from casework.about import find
from casework.naming import Days, named, people_names
from casework.routes.about import AskedAbout
from casework.routes.cases import all_or, watched
from casework.routes.shared import NamedEventOut, page_of_history
from kit.counting import count_if_first
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db, shown
from kit.http.cursors import key_by_number
from kit.http.models import Code, Cursor, Day, InDigits, Page, PageSize, UnitFilter, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.messages.payout import AwardState
from language.time_scale import TimeScale
from services.payout.api import schemas
from services.payout.api.schemas import AwardOut, PaymentListOut
from services.payout.domain.booking import LedgerAccount
from services.payout.domain.payment_list import ListState
from services.payout.operations import listing, paying, reading, signing, taking_up, tying
from services.payout.store import award_counts, awards, ledger
from services.payout.store.awards import AwardFilter
from services.payout.store.ledger import EntryFilter, ListFilter

router = Router(prefix="/v1", tags=["payout"])


def scale_of(request: Request) -> TimeScale | None:
    """How fast the service's days go."""
    scale: TimeScale | None = request.app.state.clock.scale
    return scale


L = TypeVar("L", schemas.ItemOut, schemas.EntryOut)
Scale = Annotated[TimeScale | None, Depends(scale_of)]


async def _called(tx: Tx, lines: Sequence[L]) -> list[L]:
    """Lines of money with what people call the payee, the dossier and the decision."""
    people = await people_names(tx, (line.person_id for line in lines))
    grounds = await ledger.grounds_of_awards(tx, (line.award_id for line in lines))
    return [
        line.model_copy(
            update={
                "full_name": people.get(line.person_id) if line.person_id else None,
                "dossier_code": grounds[line.award_id][0],
                "decision_number": grounds[line.award_id][1],
            }
        )
        for line in lines
    ]


async def _awards_wanted(
    dossier_id: UUID | None = None,
    season_id: UUID | None = None,
    level: Code | None = None,
    state: AwardState | None = None,
    assessed_from: Day | None = None,
    assessed_until: Day | None = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
    overdue: bool | None = None,
    actor_id: Annotated[UUID | None, Query(description="Who has verified or approved it")] = None,
    signer_id: Annotated[UUID | None, Query(description="Who has to sign it now")] = None,
    list_id: Annotated[UUID | None, Query(description="The payment list that it is on")] = None,
) -> AwardFilter:
    return AwardFilter(
        dossier_id=dossier_id,
        season_id=season_id,
        level=level,
        state=state,
        assessed=Days(first=assessed_from, last=assessed_until),
        due=Days(first=due_from, last=due_until),
        overdue=overdue,
        actor_id=actor_id,
        signer_id=signer_id,
        list_id=list_id,
    )


@router.get("/awards")
async def list_awards(
    caller: Caller,
    database: Db,
    wanted: Annotated[AwardFilter, Depends(_awards_wanted)],
    about: AskedAbout,
    page: Annotated[AskedPage, Depends(sorted_by(awards.SORTS))],
    unit_id: UnitFilter = None,
    limit: PageSize = 50,
) -> Page[schemas.AwardLineOut]:
    """Awards, oldest first: under the caller's money posts, else the caller's own."""
    async with database.reading() as tx:
        wanted = await reading.look_for_awards(tx, caller, unit_id, wanted)
        wanted = replace(wanted, about=await find(tx, about))
        found = await awards.list_awards(tx, wanted, page.place, limit + 1)
        counted = await count_if_first(page.after, found, limit, lambda: awards.count_awards(tx, wanted))
        lines = await named(tx, [schemas.AwardLineOut.of(award) for award in found])
    return page_of(lines, limit, page.key, page.after, counted)


@router.get("/awards/counts")
async def count_awards(
    caller: Caller, database: Db, season_id: UUID | None = None, unit_id: UnitFilter = None
) -> Page[schemas.AwardCountOut]:
    """How many awards there are under the caller's money posts, and how much money they are, by level and
    state: exact."""
    async with database.reading() as tx:
        units = await watched(tx, caller, reading.MONEY_READERS, unit_id)
        under = await all_or(tx, caller, reading.MONEY_READERS, units)
        found = await award_counts.count_by_state(tx, under, season_id)
    return whole([schemas.AwardCountOut.of(one) for one in found])


@router.get("/awards/{award_id}", response_model=schemas.AwardDetailOut)
async def read_award(award_id: UUID, caller: Caller, database: Db) -> Response:
    """One award with its parts."""
    async with database.reading() as tx:
        award, shares = await reading.read_award(tx, caller, award_id)
        people = await people_names(tx, (share.payee_id for share in shares))
    parts = [
        schemas.ShareOut.of(share).model_copy(update={"full_name": people.get(share.payee_id)})
        for share in shares
    ]
    return shown(award, lambda value: schemas.AwardDetailOut(**AwardOut.of(value).model_dump(), shares=parts))


@router.post("/awards/{award_id}/verification", response_model=AwardOut)
async def verify(award_id: UUID, command: Commanded) -> Response:
    """First pair of eyes."""
    return await command.run(lambda tx: signing.verify(tx, command.caller, award_id), AwardOut.of)


@router.post("/awards/{award_id}/approval", response_model=AwardOut)
async def approve(award_id: UUID, command: Commanded, scale: Scale) -> Response:
    """Second pair of eyes; books what the unit owes."""
    return await command.run(lambda tx: signing.approve(tx, command.caller, award_id, scale), AwardOut.of)


@router.post("/awards/{award_id}/rejection", response_model=AwardOut)
async def reject(award_id: UUID, body: schemas.ReasonIn, command: Commanded) -> Response:
    """Refuse to sign."""
    return await command.run(
        lambda tx: signing.reject(tx, command.caller, award_id, body.reason), AwardOut.of
    )


@router.post("/awards/{award_id}/reversal", response_model=AwardOut)
async def reverse(award_id: UUID, body: schemas.ReasonIn, command: Commanded, scale: Scale) -> Response:
    """Book the award the other way round; nothing is deleted."""
    return await command.run(
        lambda tx: signing.reverse(tx, command.caller, award_id, body.reason, scale), AwardOut.of
    )


@router.post("/awards/{award_id}/taking-up", response_model=AwardOut)
async def take_up(award_id: UUID, body: schemas.ReasonIn, command: Commanded, scale: Scale) -> Response:
    """A rejected or reversed award is taken up again by a second person: another award of the same
    recognition stands in its place, and is signed anew."""
    return await command.run(
        lambda tx: taking_up.take_up(tx, command.caller, award_id, body.reason, scale),
        AwardOut.of,
        location=lambda award: f"/v1/awards/{award.id}",
    )


@router.post("/awards/{award_id}/payees", response_model=AwardOut)
async def tie_payee(award_id: UUID, body: schemas.PayeeIn, command: Commanded) -> Response:
    """An accountant says who is paid for an author whom the organisation does not know."""
    return await command.run(
        lambda tx: tying.tie_payee(tx, command.caller, award_id, body.author_id, body.person_id, body.reason),
        AwardOut.of,
    )


@router.post("/payment-lists", status_code=201, response_model=PaymentListOut)
async def make_list(body: schemas.PaymentListIn, command: Commanded, scale: Scale) -> Response:
    """Put the unit's approved awards on a list; `dry_run=true` says what it would hold."""
    wanted = listing.Wanted(left_out=frozenset(body.leave_out), only=frozenset(body.only or ()))
    return await command.run(
        lambda tx: listing.make_list(tx, command.caller, body.unit_id, wanted, scale),
        PaymentListOut.of,
        status=201,
        location=lambda made: f"/v1/payment-lists/{made.id}",
    )


async def _lists_wanted(
    state: ListState | None = None,
    year: Annotated[int | None, Query(ge=2000, le=9999), InDigits] = None,
    made_from: Day | None = None,
    made_until: Day | None = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
    overdue: bool | None = None,
    actor_id: Annotated[UUID | None, Query(description="Who has made or sent it")] = None,
) -> ListFilter:
    return ListFilter(
        unit_ids=(),
        state=state,
        year=year,
        made=Days(first=made_from, last=made_until),
        due=Days(first=due_from, last=due_until),
        overdue=overdue,
        actor_id=actor_id,
    )


@router.get("/payment-lists")
async def list_lists(
    caller: Caller,
    database: Db,
    wanted: Annotated[ListFilter, Depends(_lists_wanted)],
    page: Annotated[AskedPage, Depends(sorted_by(ledger.LIST_SORTS))],
    unit_id: UnitFilter = None,
    limit: PageSize = 50,
) -> Page[schemas.PaymentListLineOut]:
    """Payment lists, newest first."""
    async with database.reading() as tx:
        wanted = await reading.look_for_lists(tx, caller, unit_id, wanted)
        found = await ledger.list_lists(tx, wanted, page.place, limit + 1)
        counted = await count_if_first(page.after, found, limit, lambda: ledger.count_lists(tx, wanted))
        lines = await named(tx, [schemas.PaymentListLineOut.of(item) for item in found])
    return page_of(lines, limit, page.key, page.after, counted)


@router.get("/payment-lists/{list_id}", response_model=schemas.PaymentListDetailOut)
async def read_list(list_id: UUID, caller: Caller, database: Db) -> Response:
    """One list with its lines."""
    async with database.reading() as tx:
        found, items = await reading.read_list(tx, caller, list_id)
        lines = await _called(tx, [schemas.ItemOut.of(item) for item in items])
    return shown(
        found,
        lambda value: schemas.PaymentListDetailOut(**PaymentListOut.of(value).model_dump(), items=lines),
    )


@router.get("/payment-lists/{list_id}/items")
async def list_items(list_id: UUID, caller: Caller, database: Db) -> Page[schemas.ItemOut]:
    """The lines of a list: to whom how much goes, and for what. As a table it goes to the treasury."""
    async with database.reading() as tx:
        _, items = await reading.read_list(tx, caller, list_id)
        return whole(await _called(tx, [schemas.ItemOut.of(item) for item in items]))


@router.post("/payment-lists/{list_id}/sending", response_model=PaymentListOut)
async def send_list(list_id: UUID, command: Commanded) -> Response:
    """Send the list to the treasury."""
    return await command.run(lambda tx: paying.send_list(tx, command.caller, list_id), PaymentListOut.of)


@router.post("/payment-lists/{list_id}/removal", response_model=PaymentListOut)
async def shorten_list(list_id: UUID, body: schemas.LeavingIn, command: Commanded, scale: Scale) -> Response:
    """Take an award off a list that was not sent yet: it waits for another."""
    return await command.run(
        lambda tx: paying.shorten_list(tx, command.caller, list_id, body.award_id, body.reason, scale),
        PaymentListOut.of,
    )


@router.post("/payment-lists/{list_id}/cancellation", response_model=PaymentListOut)
async def cancel_list(list_id: UUID, body: schemas.ReasonIn, command: Commanded, scale: Scale) -> Response:
    """The list pays nothing: given up before it was sent, or given back by the treasury. Its awards wait for
    another."""
    return await command.run(
        lambda tx: paying.cancel_list(tx, command.caller, list_id, body.reason, scale),
        PaymentListOut.of,
    )


@router.post("/payment-lists/{list_id}/confirmation", response_model=PaymentListOut)
async def confirm_list(
    list_id: UUID, body: schemas.ConfirmationIn, command: Commanded, scale: Scale
) -> Response:
    """The treasury's statement shows the list paid, but for what is named as `unpaid`: that waits for another
    list."""
    reference, unpaid = body.statement_reference, body.reasons
    return await command.run(
        lambda tx: paying.confirm_list(tx, command.caller, list_id, reference, unpaid, scale),
        PaymentListOut.of,
    )


@router.get("/payment-lists/{list_id}/history")
async def read_list_history(
    list_id: UUID, caller: Caller, database: Db, limit: PageSize = 200, after: Cursor = None
) -> Page[NamedEventOut]:
    """Everything that happened to the list, in order."""
    async with database.reading() as tx:
        await reading.require_list_readable(tx, caller, list_id)
        return await page_of_history(tx, list_id, after, limit)


async def _entries_wanted(
    unit_id: UUID,
    account: LedgerAccount | None = None,
    person_id: UUID | None = None,
    booked_from: Day | None = None,
    booked_until: Day | None = None,
) -> EntryFilter:
    booked = Days(first=booked_from, last=booked_until)
    return EntryFilter(unit_id=unit_id, account=account, person_id=person_id, booked=booked)


@router.get("/ledger/entries")
async def list_entries(
    caller: Caller,
    database: Db,
    wanted: Annotated[EntryFilter, Depends(_entries_wanted)],
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[schemas.EntryOut]:
    """The unit's ledger in order."""
    async with database.reading() as tx:
        await reading.require_ledger(tx, caller, wanted.unit_id)
        found = await ledger.list_entries(tx, wanted, key_by_number(after), limit + 1)
        lines = await _called(tx, [schemas.EntryOut.of(entry) for entry in found])
    return page_of(lines, limit, lambda entry: (entry.seq,), after)


@router.get("/ledger/trial-balance")
async def read_trial_balance(caller: Caller, database: Db, unit_id: UUID) -> Page[schemas.BalanceOut]:
    """Debits and credits of each account; together they are equal."""
    async with database.reading() as tx:
        await reading.require_ledger(tx, caller, unit_id)
        return whole([schemas.BalanceOut.of(balance) for balance in await ledger.trial_balance(tx, unit_id)])
