"""What does not go on in a database: cases that nothing will ever move, histories that do not fit, messages
that do not arrive."""

from cli.finding import Finding
from cli.stranded import count_history_alarms, count_stuck_messages, find_stranded


async def work(admin_url: str) -> list[Finding]:
    """Read as the database's administrator."""
    return [await _cases(admin_url), await _histories(admin_url), await _messages(admin_url)]


async def _cases(admin_url: str) -> Finding:
    """Each has a next step, or is on the alarm list."""
    found = await find_stranded(admin_url)
    detail = f"không có bước tiếp theo, không có cảnh báo (no next step, no alarm): {', '.join(found)}"
    fine = "đều có bước tiếp theo hoặc cảnh báo (a next step, or an alarm)"
    return Finding(name="cases", title="Việc đang mở", is_fine=not found, detail=detail if found else fine)


async def _histories(admin_url: str) -> Finding:
    """What the services found wrong with their histories by themselves."""
    found = await count_history_alarms(admin_url)
    told = ", ".join(f"{service} {count}" for service, count in found.items())
    detail = f"không khớp (do not fit): {told}; xem GET /v1/alarms, chạy `./sangkien verify`"
    fine = "không có (none stands)"
    return Finding(
        name="history alarms", title="Cảnh báo lịch sử", is_fine=not found, detail=detail if found else fine
    )


async def _messages(admin_url: str) -> Finding:
    """Messages to workflows that do not arrive."""
    found = await count_stuck_messages(admin_url)
    told = ", ".join(f"{service} {count}" for service, count in found.items())
    detail = f"không đến được quy trình (do not arrive): {told}; xem GET /v1/alarms"
    fine = "không có thư nào kẹt (none is stuck)"
    return Finding(
        name="deliveries",
        title="Thông điệp đến quy trình",
        is_fine=not found,
        detail=detail if found else fine,
    )
