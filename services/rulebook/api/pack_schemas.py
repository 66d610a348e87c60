"""What goes over HTTP about policy packs."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from kit.http.models import Out
from packs.explanation import difference, explain
from packs.findings import Weight
from packs.freezing import PolicyPack
from services.rulebook.domain.drafts import DraftState
from services.rulebook.operations.packs import DraftView


class PackOut(Out):
    """A published pack; the one that is `in_force` holds for what is filed today. Nobody drafted or published
    those that came with the system."""

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    drafted_by: UUID | None
    published_by: UUID | None
    published_at: datetime
    in_force: bool


class FindingOut(Out):
    """What was found in a draft: BLOCKS keeps it from being published, WARNS is to be weighed."""

    weight: Weight
    path: str
    vi: str
    en: str


class DraftLineOut(Out):
    """A draft in the list."""

    id: UUID
    name: str
    pack_version: int
    state: DraftState
    drafted_by: UUID
    drafted_at: datetime
    edited_by: UUID
    edited_at: datetime
    published_by: UUID | None
    published_at: datetime | None
    version: int


class DraftOut(DraftLineOut):
    """A draft with its content and what was found in it."""

    content: PolicyPack
    findings: list[FindingOut]

    @classmethod
    def of(cls, value: DraftView) -> Self:
        """The draft as its administrators see it."""
        line = DraftLineOut.of(value.draft)
        content = PolicyPack.model_validate(value.draft.content)
        return cls(
            **line.model_dump(),
            content=content,
            findings=[FindingOut.of(finding) for finding in value.findings],
        )


class ExplainedRuleOut(Out):
    """A rule as a sentence. The basis is null for the head of the pack, which is no rule."""

    rule: str
    sentence_vi: str
    sentence_en: str
    document: str | None
    article: str | None
    confidence: str | None
    sample: bool | None


class ExplanationOut(Out):
    """A pack in sentences."""

    pack: str
    rules: list[ExplainedRuleOut]

    @classmethod
    def of(cls, value: PolicyPack) -> Self:
        """Every rule, in the order in which a dossier meets it."""
        rules = [
            ExplainedRuleOut(
                rule=line.rule,
                sentence_vi=line.sentence.vi,
                sentence_en=line.sentence.en,
                document=line.basis.document if line.basis else None,
                article=line.basis.article if line.basis else None,
                confidence=line.basis.confidence if line.basis else None,
                sample=line.basis.sample if line.basis else None,
            )
            for line in explain(value)
        ]
        return cls(pack=value.rule_version, rules=rules)


class ChangeOut(Out):
    """A rule that is new, gone, or says something else."""

    rule: str
    sentence_vi: str
    sentence_en: str


class DifferenceOut(Out):
    """What changes from one pack to another."""

    old: str
    new: str
    changes: list[ChangeOut]

    @classmethod
    def between(cls, old: PolicyPack, new: PolicyPack) -> Self:
        """In the new pack's order."""
        changes = [
            ChangeOut(rule=one.rule, sentence_vi=one.sentence.vi, sentence_en=one.sentence.en)
            for one in difference(old, new)
        ]
        return cls(old=old.rule_version, new=new.rule_version, changes=changes)
