"""The calendar of a unit as it is read from the rulebook's views when a clock starts."""

from datetime import date, datetime
from uuid import uuid4

from language.deadline.arithmetic import LOCAL_ZONE

AT = datetime(2026, 6, 1, 9, tzinfo=LOCAL_ZONE)
HOLIDAY, LONG_AGO, MADE_UP = date(2026, 6, 3), date(2012, 9, 2), date(2026, 6, 6)
SUMMER = (date(2026, 6, 4), date(2026, 6, 5))
PROVINCE, SCHOOL, ELSEWHERE = uuid4(), uuid4(), uuid4()
