"""What an administrator types about a person and an account."""

from typing import Final

from services.portal.pages.administration_forms import Field
from services.portal.showing.languages import N_

CODE: Final = Field(name="code", label=N_("Code"), hint=N_("As the office numbers its people."), most=64)
NAME: Final = Field(name="full_name", label=N_("Full name"))
BORN: Final = Field(name="date_of_birth", label=N_("Date of birth"), kind="day", required=False)
MAIL: Final = Field(name="mail_address", label=N_("Mail address"), required=False)
REASON: Final = Field(name="reason", label=N_("Why"), kind="line", hint=N_("It stays in the history."))
PASSWORD: Final = Field(
    name="password",
    label=N_("First password"),
    kind="password",
    required=False,
    hint=N_("The person chooses another at the next sign-in. Leave it empty to keep the one of now."),
)


INVITE: Final = Field(
    name="invite",
    label=N_("Invite by mail"),
    kind="tick",
    required=False,
    hint=N_(
        "The person gets a link to choose a password: good once and for a limited time. "
        "Leave the password empty then."
    ),
)
