"""The formal check opens with the filing, or again after a complaint: its clock starts, and an officer gets
the task."""

from casework.clocks.kept import open_clock
from casework.ladder import watch_opening, who_is_there
from casework.posts_seen import keep_posts
from kit.db import Tx
from language.deadline.clock import StageClock
from language.events.intake import FormalCheckOpened
from language.journey.office import fill_office
from language.messages.clock import CaseClock
from language.plan.review_plan import FormalCheckPlan, RungAction
from language.posts.kinds import PostTask
from services.intake.domain.dossier import Dossier
from services.intake.operations.formal_check import FORMAL_CHECK
from services.intake.operations.moving import record_of


async def open_check(tx: Tx, filed: Dossier, plan: FormalCheckPlan, started: StageClock) -> CaseClock:
    """Give the task to the officer with the least to do; with no officer, to the head above. The clock as the
    journey begins with it."""
    rules = FORMAL_CHECK.clock_rules(plan)
    await open_clock(tx, FORMAL_CHECK.particulars(filed).clock(FORMAL_CHECK.type, rules, started))
    posts = await who_is_there(tx, FORMAL_CHECK, filed)
    await keep_posts(tx, filed.check_id, posts)
    contexts = await FORMAL_CHECK.contexts(tx, [filed], {filed.check_id: posts}, {RungAction.LOOK_AGAIN})
    context = contexts[filed.check_id]
    effect = fill_office(context)
    await FORMAL_CHECK.carry_out(tx, filed, effect, posts)
    chosen = effect.given.get(PostTask.FORMAL_CHECK)
    fact = FormalCheckOpened(
        officer_id=chosen.person_id if chosen else None,
        due_at=started.due_at,
        chain=chosen.chain if chosen else (),
    )
    await record_of(tx, filed, fact, rule=plan.check_basis.rule)
    return await watch_opening(tx, FORMAL_CHECK, filed, FORMAL_CHECK.lack(context, effect), posts)
