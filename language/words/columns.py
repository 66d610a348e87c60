"""What the columns of exported lists are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "Mã định danh",
        "code": "Mã số",
        "subject_code": "Mã hồ sơ",
        "dossier_code": "Mã hồ sơ",
        "title": "Tên sáng kiến",
        "first_author": "Tác giả đầu tiên",
        "unit_name": "Đơn vị",
        "full_name": "Họ và tên",
        "name": "Tên",
        "kind": "Loại",
        "level": "Cấp",
        "state": "Trạng thái",
        "created_at": "Ngày lập",
        "filed_at": "Ngày nộp",
        "opened_at": "Ngày mở",
        "due_at": "Hạn",
        "closed_at": "Ngày xong",
        "decided_at": "Ngày quyết định",
        "act_vi": "Việc đã làm",
        "acted_at": "Làm lúc",
        "doubt_vi": "Vì",
        "reason": "Lý do",
        "raised_at": "Đưa ra lúc",
        "assessed_at": "Ngày lập mức thưởng",
        "made_at": "Ngày lập",
        "sent_at": "Ngày gửi",
        "confirmed_at": "Ngày xác nhận",
        "happened_at": "Thời điểm",
        "booked_at": "Ngày ghi sổ",
        "since": "Từ khi",
        "is_overdue": "Quá hạn",
        "outcome": "Kết quả",
        "grade": "Xếp loại",
        "average_score": "Điểm trung bình",
        "decision_number": "Số quyết định",
        "reasons": "Lý do",
        "ground": "Căn cứ từ chối",
        "proposed": "Đề nghị cấp trên",
        "award_dong": "Mức thưởng (đồng)",
        "amount_dong": "Số tiền (đồng)",
        "total_dong": "Tổng số tiền (đồng)",
        "debit_dong": "Nợ (đồng)",
        "credit_dong": "Có (đồng)",
        "account": "Tài khoản",
        "number": "Số",
        "year": "Năm",
        "register_year": "Năm",
        "register_number": "Số trong sổ",
        "answer_due_on": "Hạn trả lời",
        "statement_reference": "Chứng từ kho bạc",
        "rule_version": "Bộ quy định",
        "date_of_birth": "Ngày sinh",
        "mail_address": "Thư điện tử",
        "valid_from": "Có hiệu lực từ",
        "valid_to": "Có hiệu lực đến",
        "starts_on": "Từ ngày",
        "ends_on": "Đến ngày",
        "held_from": "Giữ từ ngày",
        "held_to": "Giữ đến ngày",
        "count": "Số lượng",
        "overdue": "Số quá hạn",
        "vi": "Nội dung",
    }
)


def heading(name: str) -> str:
    """The column in Vietnamese; a name for programs (an id, a version) stays as it is."""
    return COLUMNS.get(name, name)
