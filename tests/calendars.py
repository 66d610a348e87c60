"""Calendars that many tests use."""

from language.deadline.clock import OfficeCalendar

NO_HOLIDAYS = OfficeCalendar(version=1, holidays=frozenset(), make_up_days=frozenset())
