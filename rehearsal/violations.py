"""What the independent check found, in Vietnamese."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rehearsal.dead_ends import NOTHING_OFFERED

SAID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not one dossier of the list was filed": "không hồ sơ nào trong danh sách nộp được",
        "a filed dossier has no final state": "hồ sơ đã nộp chưa có kết quả cuối cùng",
        "an award is neither paid nor refused": "khoản thưởng chưa chi cũng chưa bị từ chối",
        "the run of a case did not end": "quy trình của một việc chưa kết thúc",
        "two dossiers have the same code": "hai hồ sơ trùng mã",
        "an open stage has no responsible reachable person": "lượt xét đang mở không có ai làm được",
        "a filed dossier under check has no responsible reachable person": (
            "hồ sơ đang xem xét đơn không có ai làm được"
        ),
        "a rung fired twice": "một bậc nhắc việc thực hiện hai lần",
        "a recognition with money has no award": "việc công nhận có tiền thưởng mà không có khoản thưởng",
        "an award has no recognition": "khoản thưởng không có việc công nhận",
        "an award is not what the frozen rate says": "khoản thưởng khác mức đã áp dụng cho hồ sơ",
        "shares do not sum to the award": "các phần chia không bằng khoản thưởng",
        "the ledger of an award does not balance": "sổ của khoản thưởng không cân",
        "a paid award was not booked in full": "khoản thưởng đã chi chưa ghi sổ đủ",
        "somebody marked their own dossier": "có người chấm hồ sơ của chính mình",
        "an author decided their own dossier": "tác giả quyết định hồ sơ của chính mình",
        "one person verified and approved an award": "một người vừa kiểm tra vừa duyệt khoản thưởng",
        "a filed dossier has an incomplete history": "lịch sử của hồ sơ đã nộp không đầy đủ",
        "a decided stage has an incomplete history": "lịch sử của lượt xét đã quyết định không đầy đủ",
        "an award has an incomplete history": "lịch sử của khoản thưởng không đầy đủ",
        "open work is with an author of the dossier": "việc đang mở giao cho tác giả của hồ sơ",
        "the history of an act for somebody else does not say for whom": (
            "lịch sử của việc làm thay không ghi làm thay cho ai"
        ),
        "a message to a workflow was not delivered": "một thông điệp không đến được quy trình",
        "a notice did not reach the postroom": "một thông báo không đến được nơi gửi thư",
        "a person was told twice of one fact": "một người được báo hai lần về một việc",
        "a notice was put into two mails": "một thông báo nằm trong hai thư",
        "a mail was given up": "một thư không gửi được",
        "a mail went out": "một thư đi nhiều lần",
        "an author was not told of a decision": "tác giả không được báo quyết định",
        "the clock of something that is over still runs": "thời hạn của việc đã xong vẫn chạy",
        "approved awards wait for a list, and nobody is to make one": (
            "khoản thưởng đã duyệt chờ danh sách mà không ai được giao lập"
        ),
        "an open payment list is with a payee, or is to be sent by its maker": (
            "danh sách chi trả đang mở giao cho người được chi, hoặc cho chính người lập gửi đi"
        ),
        "a payment list was not paid": "danh sách chi trả chưa được chi",
        "a change of rules did not come to its end": "việc đổi quy định chưa xong",
        "a change of rules left a dossier without an answer": "việc đổi quy định để một hồ sơ chưa trả lời",
        "a change of rules knew no next step for a dossier": (
            "việc đổi quy định không tìm được bước tiếp cho một hồ sơ"
        ),
        "a dossier is at a level that ended": "hồ sơ ở cấp đã kết thúc",
        "marks of a stage that was moved count": "điểm của lượt xét đã chuyển đi vẫn được tính",
        "a closed dossier still has tasks": "hồ sơ đã đóng vẫn còn việc",
        "an open case has no next step and no alarm": "việc đang mở không có bước tiếp, không có cảnh báo",
        "a workflow belongs to no filed dossier": "quy trình không thuộc hồ sơ nào đã nộp",
        "open work stayed with somebody on leave": "việc đang mở ở lại với người đang nghỉ",
        "open work stayed in a unit that has ended": "việc đang mở ở lại trong đơn vị đã kết thúc",
        "somebody was refused their own task again and again": "có người bị từ chối mãi ở việc của mình",
        "dossiers were filed under other rules than the ones tried": "hồ sơ nộp theo quy định khác",
        "an act about units did not come into force": "việc sắp xếp đơn vị chưa có hiệu lực",
        "an owner of work has not carried out an act about units": (
            "một phân hệ chưa thực hiện việc sắp xếp đơn vị"
        ),
        "a dossier was filed into a unit that had ended": "hồ sơ được nộp vào đơn vị đã kết thúc",
        "a level was opened in a unit that had ended": "một cấp được mở ở đơn vị đã kết thúc",
        "a decision was made in a unit that had ended": "quyết định được ban hành ở đơn vị đã kết thúc",
        "an award was paid by a unit that had ended": "khoản thưởng do đơn vị đã kết thúc chi",
        "a payment list was made in a unit that had ended": "danh sách chi trả lập ở đơn vị đã kết thúc",
        "a level was opened elsewhere than where the path leads": "một cấp được mở sai nơi",
        "the register of a unit has a gap or a double": "sổ tiếp nhận của đơn vị khuyết hoặc trùng số",
        "the decisions of a unit have a gap or a double": "số quyết định của đơn vị khuyết hoặc trùng",
        "the payment lists of a unit have a gap or a double": "số danh sách chi trả khuyết hoặc trùng",
        "a number that was given has changed": "một số đã cấp bị đổi",
        "an award was paid twice": "một khoản thưởng được chi hai lần",
        "a level has recognised a dossier twice": "một cấp công nhận một hồ sơ hai lần",
        "somebody holds a post in a unit that has ended": "có người giữ vị trí ở đơn vị đã kết thúc",
        "a unit has two of a post of which it has one": "đơn vị có hai người ở vị trí chỉ có một",
        "a unit that has ended does not lie below its successor": (
            "đơn vị đã kết thúc không nằm dưới đơn vị kế thừa"
        ),
        "a row lies elsewhere than its unit": "một dòng nằm khác chỗ với đơn vị của nó",
        NOTHING_OFFERED: "việc đang đến hạn mà trang không cho làm gì",
        "something is open in a unit that has ended": "có việc đang mở ở đơn vị đã kết thúc",
    }
)


def in_vietnamese(violation: str) -> str:
    """A violation in Vietnamese, its English sentence in brackets; what comes after it is the case."""
    sentence = max((one for one in SAID if violation.startswith(one)), key=len, default="")
    return f"{SAID[sentence]} ({sentence}){violation.removeprefix(sentence)}" if sentence else violation
