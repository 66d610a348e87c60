"""What `sangkien erase-personal` tells: what goes, what stays and why, service by service. No names."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from rich.console import Console
from rich.markup import escape

from casework.history.erasing import BearingEvent
from casework.personal.erasing import Touched, kept
from casework.personal.held import PersonalData
from casework.personal.whose import Standing
from language.names import TaskQueue

_console = Console(soft_wrap=True, highlight=False)


def tell(
    service: TaskQueue, events: Sequence[BearingEvent], rows: Sequence[Touched], staying: PersonalData | None
) -> None:
    """What was done in a service; with `staying`, what would be, and what stays there and why."""
    values = sum(event.values for event in events)
    did = "đã xóa (erased)" if staying is None else "sẽ xóa (would erase)"
    _console.print(f"{service.value}: {did} {values} giá trị (values), {len(events)} sự kiện (events)")
    for kind, count in sorted(Counter(event.kind for event in events).items()):
        held = sum(event.values for event in events if event.kind == kind)
        _console.print(f"  {kind}: {held} giá trị (values), {count} sự kiện (events)")
    for one in rows:
        what = "xóa dòng (rows deleted)" if one.is_deleted else "xóa nội dung (rows without what is personal)"
        _console.print(f"  {one.table}: {one.rows} {what}")
    for why, tables in _staying(staying):
        _console.print(f"  ○ {', '.join(tables)}: {escape(why)}")


def _staying(data: PersonalData | None) -> Sequence[tuple[str, Sequence[str]]]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for table, fate in kept(data) if data else ():
        by_reason[f"{fate.why.vi} ({fate.why.en})"].append(table)
    return list(by_reason.items())


def tell_due(person_id: UUID, stands: Standing, *, keeps_name: bool) -> None:
    """Somebody whose term is over, and since when."""
    since = f" từ ngày (since) {stands.free_on:%d/%m/%Y}" if stands.free_on else ""
    name = "; tên còn được giữ (the name stays)" if keeps_name else ""
    _console.print(f"{person_id}: hết thời hạn (the term is over){since}{name}")
