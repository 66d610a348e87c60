"""What the postroom refuses."""

from language.refusals import OWN_WORDS, Refusal


class NoticeIsStatutory(Refusal):
    """Settings that turn off what the law has the person told."""

    status = 422
    longest_fact = OWN_WORDS
    vi = (
        "Không tắt được thông báo {kinds}: pháp luật quy định phải báo cho bạn. Hãy chọn NOW hoặc DIGEST "
        "cho các loại này."
    )
    en = "The notices {kinds} cannot be turned off: the law has you told. Choose NOW or DIGEST for them."


class WebhookAddressRefused(Refusal):
    """An address that we do not call."""

    status = 422
    vi = "Địa chỉ nhận webhook không được phép. Hãy dùng địa chỉ https công khai trên Internet."
    en = "The webhook's address is not allowed. Use an https address that is public on the Internet."


class WebhookIsOff(Refusal):
    """Nothing is sent to a webhook that is off."""

    status = 409
    vi = "Webhook đang tắt. Hãy bật lại trước khi gửi lại."
    en = "The webhook is off. Turn it on before you replay."


class MailNotStuck(Refusal):
    """Only a mail that was given up can be sent again."""

    status = 409
    vi = "Thư đang ở trạng thái {state}. Chỉ gửi lại được thư FAILED hoặc UNSURE."
    en = "The mail is {state}. Only a FAILED or UNSURE mail can be sent again."
