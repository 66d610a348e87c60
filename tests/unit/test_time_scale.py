"""Domain time and real time, there and back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from language.time_scale import TimeScale, domain_now, real_span_until

ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
SCALES = st.builds(
    TimeScale,
    real_origin=st.just(ORIGIN),
    domain_origin=st.just(ORIGIN).flatmap(lambda origin: SPANS.map(lambda span: origin + span)),
    day_seconds=st.sampled_from([0.5, 1.0, 2.0, 10.0, 3600.0, 86400.0]),
)


@given(scale=SCALES, span=SPANS)
@settings(max_examples=100)
def test_domain_and_real_time_are_inverse_to_the_millisecond(scale: TimeScale, span: timedelta) -> None:
    domain = scale.domain_origin + span
    # A microsecond of real time is up to 0.2 s of domain time when a day lasts half a second.
    grain = timedelta(microseconds=1) * (86400 / scale.day_seconds) + timedelta(milliseconds=1)
    assert abs(scale.to_domain(scale.to_real(domain)) - domain) <= grain


@given(scale=SCALES, first=SPANS, second=SPANS)
@settings(max_examples=100)
def test_the_order_of_instants_is_kept(scale: TimeScale, first: timedelta, second: timedelta) -> None:
    early, late = sorted([ORIGIN + first, ORIGIN + second])
    assert scale.to_real(early) <= scale.to_real(late)


def test_a_domain_day_lasts_as_long_as_the_scale_says() -> None:
    scale = TimeScale(real_origin=ORIGIN, domain_origin=datetime(2026, 1, 5, tzinfo=UTC), day_seconds=2.0)
    assert scale.to_domain(ORIGIN + timedelta(seconds=2)) == datetime(2026, 1, 6, tzinfo=UTC)
    assert real_span_until(datetime(2026, 1, 15, tzinfo=UTC), ORIGIN, scale) == timedelta(seconds=20)
    assert real_span_until(datetime(2026, 1, 4, tzinfo=UTC), ORIGIN, scale) == timedelta(seconds=-2)


def test_without_a_scale_both_are_the_same() -> None:
    assert domain_now(ORIGIN, None) == ORIGIN
    assert real_span_until(ORIGIN + timedelta(hours=3), ORIGIN, None) == timedelta(hours=3)
