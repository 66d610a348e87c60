"""What acts about units and their verdicts are called."""

from typing import Final

from language.units.succession import Fate, Fault, StepKind, ThingKind
from language.words.base import Vocabulary, Words

UNITS: Final[Vocabulary] = {
    StepKind: {
        "MERGES": Words("nhập vào", "merges into"),
        "SPLITS": Words("chia tách", "is split"),
        "ENDS": Words("kết thúc hoạt động", "ends"),
        "MOVES": Words("chuyển về", "moves under"),
        "RENAMES": Words("đổi tên", "is renamed"),
    },
    ThingKind: {
        "UNIT": Words("đơn vị", "unit"),
        "POST": Words("vị trí", "post"),
        "DOSSIER": Words("hồ sơ", "dossier"),
        "STAGE": Words("cấp đang xét", "stage"),
        "COMPLAINT": Words("khiếu nại", "complaint"),
        "AWARD": Words("khoản thưởng", "award"),
        "PAYMENT_LIST": Words("danh sách chi trả", "payment list"),
        "ROUND": Words("đợt nhận hồ sơ", "round"),
        "LATE_FILING": Words("phép nộp muộn", "permission to file late"),
    },
    Fate: {
        "STAYS": Words("giữ nguyên", "stays"),
        "PASSES_ON": Words("chuyển sang đơn vị tiếp nhận", "passes on to the successor"),
        "OPENED_ANEW": Words("xét lại từ đầu ở đơn vị tiếp nhận", "is examined anew in the successor"),
        "ENDS": Words("kết thúc", "ends"),
        "NEEDS_CHOICE": Words("cần chọn", "needs a choice"),
        "NO_PLACE": Words("chưa có nơi nhận", "has no place to go"),
    },
    Fault: {
        "UNKNOWN_UNIT": Words("có đơn vị không có trong tổ chức", "it names a unit that is not known"),
        "TWICE": Words("đơn vị có hai bước trái nhau", "the unit has two steps that do not go together"),
        "NO_SUCCESSOR": Words(
            "thiếu đơn vị tiếp nhận, hoặc bước này không có đơn vị tiếp nhận",
            "the unit that takes over is missing, or this step has none",
        ),
        "SUCCESSOR_ENDS": Words("đơn vị tiếp nhận cũng kết thúc", "the unit that takes over ends, too"),
        "NOT_THERE": Words(
            "có đơn vị chưa hoạt động hoặc đã kết thúc vào ngày đó", "a unit is not there on that day"
        ),
        "ROOT": Words("đơn vị cao nhất không thể kết thúc hay chuyển", "the highest unit stays where it is"),
        "NO_NAME": Words("thiếu tên mới, hoặc bước này không đổi tên", "the name is missing, or not wanted"),
        "CIRCLE": Words("đơn vị sẽ nằm dưới chính nó", "the unit would lie below itself"),
        "NOT_ITS_OWN": Words(
            "danh sách có đơn vị hoặc vị trí không thuộc đơn vị này",
            "the list names a unit or a post that is not the unit's own",
        ),
    },
}
