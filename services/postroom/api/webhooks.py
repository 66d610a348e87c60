"""Webhooks over HTTP, for administrators of the province."""

from uuid import UUID

from fastapi import Response

from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.cursors import key_by_id_before
from kit.http.models import Cursor, DryRun, Page, PageSize, page_of, whole
from kit.http.routers import Router
from services.postroom.api import notice_schemas as schemas
from services.postroom.domain.webhooks import DeliveryState, ShownOnce
from services.postroom.operations import webhooks as operations
from services.postroom.operations.calling import Calling


def router(calling: Calling) -> Router:
    """The routes; which addresses may be called depends on the instance."""
    routes = Router(prefix="/v1/webhooks", tags=["webhooks"])
    _add_secret_ones(routes, calling)

    @routes.get("")
    async def list_webhooks(caller: Caller, database: Db) -> Page[schemas.WebhookOut]:
        """All webhooks, without their secrets."""
        async with database.reading() as tx:
            found = await operations.list_webhooks(tx, caller)
        return whole([schemas.WebhookOut.of(webhook) for webhook in found])

    @routes.get("/{webhook_id}")
    async def read_webhook(webhook_id: UUID, caller: Caller, database: Db) -> schemas.WebhookOut:
        """One webhook, without its secret."""
        async with database.reading() as tx:
            return schemas.WebhookOut.of(await operations.read_webhook(tx, caller, webhook_id))

    @routes.post("/{webhook_id}/turning-off", response_model=schemas.WebhookOut)
    async def turn_off(webhook_id: UUID, command: Commanded) -> Response:
        """Send nothing to it any more."""
        return await command.run(
            lambda tx: operations.turn_off(tx, command.caller, webhook_id), schemas.WebhookOut.of
        )

    @routes.post("/{webhook_id}/turning-on", response_model=schemas.WebhookOut)
    async def turn_on(webhook_id: UUID, command: Commanded) -> Response:
        """Send to it again; what came while it was off needs a replay."""
        return await command.run(
            lambda tx: operations.turn_on(tx, command.caller, webhook_id), schemas.WebhookOut.of
        )

    @routes.get("/{webhook_id}/deliveries")
    async def list_deliveries(
        webhook_id: UUID,
        caller: Caller,
        database: Db,
        state: DeliveryState | None = None,
        limit: PageSize = 50,
        after: Cursor = None,
    ) -> Page[schemas.DeliveryOut]:
        """What was sent and what became of it, newest first."""
        page = (state, key_by_id_before(after), limit + 1)
        async with database.reading() as tx:
            found = await operations.list_deliveries(tx, caller, webhook_id, page)
        return page_of(
            [schemas.DeliveryOut.of(delivery) for delivery in found],
            limit,
            lambda delivery: (delivery.id,),
            after,
        )

    @routes.post("/{webhook_id}/replay", response_model=schemas.ReplayOut)
    async def replay(
        webhook_id: UUID, body: schemas.ReplayIn, command: Commanded, dry_run: DryRun = False
    ) -> Response:
        """Send one delivery again, or a period; `dry_run=true` says how many it would be."""
        what = body.delivery_id or body.period
        run = command.try_out if dry_run else command.run
        return await run(
            lambda tx: operations.replay(tx, command.caller, webhook_id, what, dry_run=dry_run),
            lambda count: schemas.ReplayOut(count=count, dry_run=dry_run),
        )

    return routes


def _add_secret_ones(routes: Router, calling: Calling) -> None:
    """The routes that show a secret."""

    @routes.post("", status_code=201, response_model=schemas.WebhookMadeOut)
    async def make_webhook(
        body: schemas.WebhookIn, caller: Caller, database: Db, command: Commanded
    ) -> Response:
        """Register an https address; the answer shows the secret, once."""
        async with database.reading() as tx:
            await operations.require_may_make(tx, caller, body.url, calling)
        # Outside every transaction: whoever answers for names may take their time.
        await calling.require_outside(body.url)
        return await command.run(
            lambda tx: operations.make_webhook(tx, command.caller, body.url, body.kinds, calling),
            schemas.WebhookMadeOut.once,
            status=201,
            show_again=schemas.WebhookMadeOut.again,
        )

    @routes.post("/{webhook_id}/secret", response_model=schemas.WebhookMadeOut)
    async def change_secret(
        webhook_id: UUID, body: schemas.NewSecretIn, command: Commanded, dry_run: DryRun = False
    ) -> Response:
        """A new secret, shown once; the one before signs beside it for some hours."""

        async def change(tx: Tx) -> ShownOnce:
            return await operations.change_secret(tx, command.caller, webhook_id, body.overlap_hours, calling)

        again = schemas.WebhookMadeOut.again
        if dry_run:
            return await command.try_out(change, again)
        return await command.run(change, schemas.WebhookMadeOut.once, show_again=again)
