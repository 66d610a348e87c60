"""What the fields of a dossier's content are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from language.words.base import Words

AUTHOR_FIELDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "date_of_birth": Words("ngày sinh", "date of birth"),
        "workplace": Words("nơi công tác", "workplace"),
        "job_title": Words("chức danh", "job title"),
        "qualification": Words("trình độ chuyên môn", "qualification"),
    }
)
CONTENT: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "title": Words("tên sáng kiến", "title"),
        "kind": Words("loại", "kind"),
        "application_field": Words("lĩnh vực áp dụng", "field of application"),
        "problem_solved": Words("vấn đề giải quyết", "problem solved"),
        "authors": Words("tác giả", "authors"),
        "investor": Words("chủ đầu tư", "investor"),
        "first_applied_on": Words("ngày áp dụng lần đầu", "first applied on"),
        "description": Words("mô tả", "description"),
        "applicability": Words("khả năng áp dụng", "applicability"),
        "conditions": Words("điều kiện áp dụng", "conditions"),
        "benefit_by_author": Words("lợi ích theo tác giả", "benefit by the author"),
        "benefit_by_others": Words("lợi ích theo người khác", "benefit by others"),
        "monetary_benefit_dong": Words("số tiền làm lợi", "monetary benefit"),
        "confidential_information": Words("thông tin cần bảo mật", "confidential information"),
        "participants": Words("người tham gia", "participants"),
        "declaration_of_truth": Words("cam đoan", "declaration of truth"),
    }
)
