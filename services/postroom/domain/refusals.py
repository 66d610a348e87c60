"""What the postroom refuses."""

from language.refusals import OWN_WORDS, Refusal


class NoticeIsStatutory(Refusal):
    """Settings that turn off what the law has the person told."""

    status = 422
    longest_fact = OWN_WORDS
    vi = (
        "Không tắt được các thông báo sau: {kinds}. Đây là việc phải báo cho bạn theo quy định. Hãy chọn gửi "
        "thư ngay, hoặc gộp vào thư mỗi ngày."
    )
    en = "These notices cannot be turned off: {kinds}. You have to be told. Choose NOW or DIGEST for them."


class WebhookAddressRefused(Refusal):
    """An address that we do not call."""

    status = 422
    vi = "Địa chỉ nhận webhook không được phép. Hãy dùng địa chỉ https công khai trên Internet."
    en = "The webhook's address is not allowed. Use an https address that is public on the Internet."


class WebhookKeyMissing(Refusal):
    """Without a key the secrets would lie open in the database."""

    status = 409
    vi = "Hệ thống chưa có khóa để giữ bí mật của webhook. Hãy báo người vận hành đặt khóa đó rồi làm lại."
    en = "There is no key to keep webhook secrets with. Have the operator set WEBHOOK_KEYS, then try again."


class WebhookIsOff(Refusal):
    """Nothing is sent to a webhook that is off."""

    status = 409
    vi = "Webhook đang tắt. Hãy bật lại trước khi gửi lại."
    en = "The webhook is off. Turn it on before you replay."


class MailNotStuck(Refusal):
    """Only a mail that was given up can be sent again."""

    status = 409
    vi = "Thư này {state}. Chỉ gửi lại được thư không gửi được, hoặc không rõ đã gửi hay chưa."
    en = "The mail: {state}. Only one that was given up, or of which nobody knows, can be sent again."
