"""What names a person whose record was joined to another."""

from typing import Final

OF_DRAFTS: Final = "transition_id in (select id from transitions where state = 'DRAFT')"
"""What was chosen for changes of rules that wait for a second person."""
