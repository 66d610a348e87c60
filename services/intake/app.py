"""Intake put together."""

from casework.annulments import AnnulmentWatch
from casework.callers import find_caller
from casework.clocks.editions import CalendarWatch
from casework.history.keeping import HistoryKeeper
from casework.joining_watch import JoiningWatch
from casework.late.rungs import OWN_CLOCKS, OWN_LAPSES
from casework.late.watch import LatePaperWatch
from casework.roster_watch import RosterWatch
from casework.routes.acts import acts_router
from casework.routes.batches import many_clocks_router, many_takings_router, reminders_router
from casework.routes.cases import cases_router
from casework.routes.clocks import clock_router
from casework.routes.feed import feed_router
from casework.routes.forecast import forecast_router
from casework.routes.metrics import metrics_router
from casework.routes.personal_data import personal_data_router
from casework.routes.questions import questions_router
from casework.routes.runs import comparisons_router, run_alarms_router, runs_router
from casework.routes.shared import alarms_router, history_router
from casework.routes.tasks import taking_router, tasks_router
from casework.runs.comparing import RunComparer
from casework.runs.watch import RunWatch
from casework.succession_watch import Inheritance, SuccessionWatch
from casework.terms import casework_terms
from casework.watching import FactWatch
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.intake.activities import Activities
from services.intake.api import (
    attachments,
    authors,
    batches,
    content_checks,
    dossiers,
    imports,
    looks,
    proof,
    uploads,
    versions,
)
from services.intake.api.contents import Contents
from services.intake.operations.checking_again import upheld_complaints
from services.intake.operations.collecting import OrphanCollector
from services.intake.operations.following_annulments import FollowAnnulments
from services.intake.operations.formal_check import CASES, UNIT_ROWS
from services.intake.operations.joining import COLUMNS, FOLLOWERS
from services.intake.operations.looking import note_history
from services.intake.operations.reading import READERS, interested_in, require_readable
from services.intake.operations.starting_anew import JOURNEYS
from services.intake.settings import IntakeSettings
from services.intake.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App and activities."""
    settings = context.settings
    if not isinstance(settings, IntakeSettings):
        raise TypeError("intake needs IntakeSettings")
    shared = [
        tasks_router(READERS),
        cases_router(READERS),
        alarms_router(),
        questions_router(interested_in),
        acts_router(),
        personal_data_router(TaskQueue.INTAKE, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        forecast_router(READERS, CASES),
        history_router(require_readable, note_history),
        feed_router(Readers.CASES),
        clock_router(CASES, require_readable),
        taking_router(CASES),
        many_clocks_router(CASES),
        many_takings_router(CASES),
        reminders_router(CASES),
        run_alarms_router(),
        runs_router(JOURNEYS),
        comparisons_router(),
    ]
    own = [dossiers.router, authors.router, imports.router, batches.router, proof.router, looks.router]
    contents = Contents(settings)
    with_files = [
        attachments.attachments_router(contents),
        uploads.uploads_router(contents),
        versions.versions_router(contents),
        content_checks.content_checks_router(contents),
    ]
    routers = [*own, *with_files, *shared]
    app = create_app(context, title="Sáng Kiến: tiếp nhận (intake)", find_caller=find_caller, routers=routers)
    work = Activities(context.activities)
    orphans = OrphanCollector(context.jobs, contents.blobs, contents.parked, settings.left_alone)
    calendars = CalendarWatch(context.jobs, CASES, (OWN_CLOCKS, OWN_LAPSES))
    watches = [RosterWatch(context.jobs, CASES).run, calendars.run]
    successions = SuccessionWatch(context.jobs, CASES, Inheritance(rows=UNIT_ROWS))
    annulments = AnnulmentWatch(context.jobs, FollowAnnulments(context.clock.scale))
    upheld = FactWatch(context.jobs, upheld_complaints(context.clock.scale))
    joinings = JoiningWatch(context.jobs, cases=CASES, followers=FOLLOWERS, columns=COLUMNS)
    late_papers = LatePaperWatch(context.jobs)
    followers = (*watches, successions.run, annulments.run, upheld.run, joinings.run, late_papers.run)
    return Parts(
        app=app,
        activities=(work.climb_rung, work.lapse_supplement, work.close_dossier, work.change_rules),
        jobs={"relay": [HistoryKeeper(context).run, orphans.run, *followers]},
        terms=casework_terms(context),
        watches=[RunWatch(context.jobs, JOURNEYS).run, RunComparer(context.jobs, JOURNEYS).run],
    )


SERVICE = Service(
    name=TaskQueue.INTAKE,
    settings=IntakeSettings,
    build=build,
)
