"""What `--help` says of each command, as its users read it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

HELP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "up": "Khởi động tất cả; lần đầu nạp một tỉnh mẫu. Ctrl-C để dừng.",
        "down": "Dừng những gì lệnh up đã khởi động.",
        "status": (
            "Phần nào đang chạy, ở đâu, có ổn không; với --server: dịch vụ nào trả lời, bao nhiêu cảnh báo. "
            "Mã thoát 1 khi có phần không ổn."
        ),
        "logs": (
            "Nhật ký của một phần: organisation, rulebook, postroom, intake, review, payout, worker, "
            "postgres, temporal, supervisor."
        ),
        "doctor": "Kiểm tra máy và bản đang chạy; với --server: những gì thấy được từ ngoài.",
        "token": "In mã truy cập cho một tài khoản của bản nhúng.",
        "sign-in": (
            "Đăng nhập vào một bản cài đặt (--server) cho các lệnh nhận --server; phiên được giữ trong thư "
            "mục cấu hình của bạn."
        ),
        "sign-out": "Đăng xuất khỏi một bản cài đặt (--server).",
        "mail": "Các thư mà bản nhúng đã gửi vào hộp hứng thư của chính nó.",
        "history": (
            "Ai đã làm gì với một hồ sơ, thay cho ai, bậc nhắc việc nào tới và vì sao, theo quy định "
            "nào; DOSSIER là định danh hoặc mã hồ sơ."
        ),
        "forecast": (
            "Bậc nhắc việc nào của hồ sơ nào sẽ tới khi nào và sẽ làm gì; hoặc một thang nhắc việc "
            "mới lẽ ra đã chạy thế nào."
        ),
        "clock": (
            "Từng thời hạn của một hồ sơ, cộng từng dòng: số ngày, ngày nghỉ, điều gì đã dời hạn, đến"
            " hạn khi nào."
        ),
        "verify": (
            "Kiểm tra lịch sử của mọi dịch vụ từ dữ liệu gốc: chuỗi, liên kết, chữ ký. Mã thoát 1 khi"
            " có điều không khớp, và nêu rõ chỗ đó. Chạy trên bản đang chạy, hoặc theo DATABASE_URL."
        ),
        "stuck": (
            "Mọi việc đang đứng: cảnh báo của mọi dịch vụ, việc không có bước tiếp theo; vì sao, cần làm gì. "
            "Mã thoát 1 khi có việc như vậy."
        ),
        "backup": (
            "Sao lưu bản nhúng, đang chạy hay không, vào thư mục mới TO: PostgreSQL, Temporal, tệp đính "
            "kèm, tệp "
            "khóa. Bản dở dang mang tên TO.partial."
        ),
        "restore": (
            "Khôi phục bản sao lưu FROM vào SANGKIEN_DATA, phải đang trống, rồi kiểm tra lịch sử; mã thoát "
            "1 khi "
            "có điều không khớp. Sau đó chạy up rồi reconcile."
        ),
        "restart": (
            "Cho chạy lại, từ dữ liệu của các dịch vụ, những quy trình đã dừng khi việc chưa xong; "
            "không nêu ABOUT thì là mọi quy trình trong danh sách cảnh báo. Quy trình đang chạy được "
            "để yên."
        ),
        "reconcile": (
            "Sau khi khôi phục: so các dịch vụ với Temporal và tệp đính kèm, rồi sửa: quy trình bị mất, "
            "dừng sớm, biết "
            "nhiều hoặc ít hơn dịch vụ, hay không còn việc. Tệp mất hoặc bị đổi thì được nêu tên, mã thoát 1."
        ),
        "stop": (
            "Dừng quy trình của một hồ sơ (danh sách, phương án) chưa xong, kèm lý do: hạn giữ nguyên, không "
            "bậc nhắc việc nào tới, và nó nằm trong danh sách cảnh báo cho đến khi restart."
        ),
        "batch": (
            "Làm một việc với nhiều hồ sơ, phiếu, khoản thưởng hay thời hạn: mỗi mục một kết quả; mã thoát "
            "29 khi có mục bị từ chối."
        ),
        "import": (
            "Đọc danh sách sáng kiến bằng Excel hoặc CSV, hiện cách hiểu và chỗ chưa rõ theo từng ô; "
            "với --confirm thì lập bản nháp cho tác giả đầu, người này bổ sung rồi tự nộp."
        ),
        "succession": (
            "Lập phương án sắp xếp đơn vị (nhập, chia tách, kết thúc, chuyển, đổi tên) từ bảng, nêu kết quả "
            "với từng đơn vị, vị trí và việc đang mở; quản trị viên khác duyệt."
        ),
        "joining": "Gộp hai bản ghi của một người (joinings of two records of one person).",
        "joining propose": (
            "Đề nghị gộp bản ghi JOINED vào KEPT, nêu mọi việc sẽ chuyển sang; quản trị viên khác duyệt."
        ),
        "joining show": "Một phương án gộp cùng mọi việc được chuyển; không nêu định danh: mọi phương án.",
        "joining approve": "Duyệt phương án gộp do quản trị viên khác đề nghị; gộp khi ngày của nó bắt đầu.",
        "joining cancel": "Rút lại phương án gộp trước ngày của nó; đã gộp thì không tách ra được.",
        "personal-data": (
            "Ghi ra một tệp JSON mọi dữ liệu mà các dịch vụ giữ về một người: của chính mình, hoặc của người "
            "có yêu cầu (chỉ quản trị viên của tỉnh, có lý do, và việc đọc được ghi lại)."
        ),
        "erase-personal": (
            "Xóa vĩnh viễn tên và dữ liệu của một người đã hết thời hạn lưu giữ khỏi mọi dịch vụ và lịch sử "
            "(--due: mọi người như vậy); công nhận và tiền thưởng được giữ đủ thời hạn. Việc xóa được ghi "
            "lại, lịch sử vẫn kiểm tra được. Chạy lại không hại gì."
        ),
        "test": (
            "Chạy bộ kiểm thử, hoặc những phần được nêu; tham số còn lại chuyển cho pytest. Riêng mutation: "
            "sửa sai từng chỗ trong quy tắc tiền thưởng, chấm điểm, thời hạn xem kiểm thử có phát hiện không."
        ),
        "lock": "Khóa lại requirements.in: phiên bản kèm mã băm, không có địa chỉ.",
        "migrate": (
            "Đưa cơ sở dữ liệu ở DATABASE_URL lên bản mới: vai trò, bảng, quyền. Chạy lại không hại gì."
        ),
        "rehearse": (
            "Diễn tập cả một mùa trên bản riêng trong vài phút và kiểm tra độc lập; mã thoát 1 khi có"
            " vi phạm."
        ),
        "policy check": "Kiểm tra một bộ quy định; nêu dòng, vị trí và lý do của từng lỗi.",
        "policy diff": (
            "Từ bộ quy định OLD sang NEW thay đổi những gì, bằng lời; mỗi bộ là một tệp, hoặc "
            "tên@phiên bản của bản đang chạy."
        ),
        "policy explain": (
            "Từng quy định của một bộ bằng lời, kèm căn cứ; PACK là một tệp, hoặc tên@phiên bản của "
            "bản đang chạy."
        ),
        "policy schema": "In JSON Schema của bộ quy định.",
        "bench journey": "Trọn hành trình hồ sơ qua HTTP, so với quy trình tối giản cùng hình dạng.",
        "bench intake": "Nộp hồ sơ qua HTTP, so với ASGI và asyncpg tối giản ghi cùng dữ liệu.",
        "bench storm": (
            "Nhiều thời hạn đến cùng một giây: độ trễ và tốc độ, so với đồng hồ Temporal tối giản."
        ),
        "bench relay": "Chuyển thông tin từ hộp gửi tới Temporal, so với gọi trực tiếp.",
        "bench migrate": "Lập phương án chuyển tiếp cho hồ sơ đang mở, so với cùng câu lệnh bằng asyncpg.",
        "bench lists": "Mọi danh sách, với từng bộ lọc, trên một tỉnh nhiều năm, so với cùng câu lệnh trần.",
        "bench pages": (
            "Các trang chính của từng vai, trên một tỉnh nhiều năm, so với chỉ hỏi các dịch vụ và với "
            "một trang không hỏi gì."
        ),
    }
)
