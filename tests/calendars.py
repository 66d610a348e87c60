"""Calendars that many tests use."""

from workflows.contracts.plan import OfficeCalendar

NO_HOLIDAYS = OfficeCalendar(version=1, holidays=frozenset(), make_up_days=frozenset())
