"""The organisation put together."""

from casework.callers import find_caller
from casework.history.keeping import HistoryKeeper
from casework.late.watch import LatePaperWatch
from casework.routes.acts import acts_router
from casework.routes.feed import feed_router
from casework.routes.metrics import metrics_router
from casework.routes.personal_data import personal_data_router
from casework.routes.questions import questions_router
from casework.routes.shared import alarms_router
from casework.terms import casework_terms
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.organisation.api import (
    delegations,
    imports,
    joinings,
    people,
    proposals,
    successions,
    units,
)
from services.organisation.api.account_proposals import account_proposals_router
from services.organisation.api.accounts import accounts_router
from services.organisation.api.one_time_codes import one_time_codes_router
from services.organisation.operations.joining_records import JoiningKeeper
from services.organisation.operations.reading import interested_in
from services.organisation.operations.succeeding import SuccessionKeeper
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.api import openid
from services.organisation.sign_in.api.devices import devices_router
from services.organisation.sign_in.api.password_links import password_links_router
from services.organisation.sign_in.api.tokens import refused_grant, token_router
from services.organisation.sign_in.domain.refusals import GrantRefusal
from services.organisation.sign_in.operations.identity import Issuer, Signer
from services.organisation.sign_in.store.terms import sign_in_terms
from services.organisation.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App and jobs."""
    settings = context.settings
    if not isinstance(settings, OrganisationSettings):
        raise TypeError("the organisation needs OrganisationSettings")
    signer = Signer(context.database)
    issuer = Issuer(settings, context.clock, signer, context.database)
    routers = [
        openid.discovery_router(settings, signer),
        openid.sign_in_router(settings),
        password_links_router(settings),
        devices_router(settings),
        token_router(settings, issuer),
        accounts_router(settings),
        one_time_codes_router(settings),
        account_proposals_router(settings),
        *(
            module.router
            for module in (units, people, proposals, delegations, imports, successions, joinings)
        ),
        alarms_router(),
        questions_router(interested_in),
        acts_router(),
        personal_data_router(TaskQueue.ORGANISATION, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        feed_router(Readers.ORGANISATION),
    ]
    app = create_app(
        context,
        title="Sáng Kiến: tổ chức (organisation)",
        find_caller=find_caller,
        routers=routers,
        keys=signer,
    )
    app.add_exception_handler(GrantRefusal, refused_grant)
    app.state.issuer_keys = signer
    return Parts(
        app=app,
        activities=(),
        jobs={
            "relay": [
                HistoryKeeper(context).run,
                SuccessionKeeper(context.jobs).run,
                LatePaperWatch(context.jobs).run,
                JoiningKeeper(context.jobs).run,
            ]
        },
        terms=(*casework_terms(context), *sign_in_terms(settings.links_kept_days)),
    )


SERVICE = Service(name=TaskQueue.ORGANISATION, settings=OrganisationSettings, build=build)
