"""Acts that give a case to whoever does the work, note what they say, and end it."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from handlers.handover import giving
from handlers.handover.news import STATUSES
from handlers.handover.summary import Asked, words_of


def _give_form(doing: Doing) -> ActForm:
    partners = giving.partners_for(doing.course, doing.case)
    with doing.desk.glance() as glance:
        words = words_of(glance, doing.case)
    choices = [(one.key, f"{one.name} (others can read what they get)" if one.publishes else one.name) for one in partners]
    alone = choices[0][0] if len(choices) == 1 else ""
    fields: tuple[Field, ...] = (
        doing.field("partner", "Who is to do it?", "radios", before=alone, choices=choices),
        doing.field("what", "What is to be done", "text", before=words, rows=6),
        doing.field("where", "Where", before=doing.case.home or ""),
        doing.field("access", "How and when can they get in?", hint="You can leave this empty"),
        doing.field(
            "contact",
            "May they get in touch with the resident?",
            "radios",
            before="yes",
            choices=(("yes", "Yes"), ("no", "No")),
        ),
    )
    lead = (
        "The case stays open, and its dates run on.",
        "Where others can read what they get, names, telephone numbers, email addresses and homes are taken out by themselves.",
        "Say the place to them in a way that tells nobody's home.",
    )
    if _needs_consent(doing):
        fields += (
            doing.field("consent", "How did the resident agree to it?", "text", rows=3, hint="Their words, or who asked them"),
            doing.field("consented_on", "When did they agree?", "date"),
        )
    against = () if partners else ("Nobody in the settings takes such a case.",)
    return ActForm(title="Hand it over", button="Hand over", lead=lead, fields=fields, against=against)


def _give(doing: Doing) -> int:
    sent = doing.sent
    consent = sent.text("consent") if _needs_consent(doing) else ""
    asked = Asked(
        consent=consent,
        consented_on=sent.date("consented_on") if consent else None,
        what=sent.text("what"),
        where=sent.line("where"),
        access=sent.line("access"),
        contact=sent.line("contact") == "yes",
    )
    return giving.hand_over(doing.course, doing.case_id, doing.by, sent.line("partner"), asked)


def _needs_consent(doing: Doing) -> bool:
    """Say whether the case holds what is not ours: that goes to nobody before the resident agreed (policy 2.4e)."""
    return "out_of_scope" in (doing.case.category, *doing.case.also)


def _news_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("status", "What do they say?", "radios", choices=tuple(STATUSES.items())),
        doing.field("words", "In their words, and how you know", "text", rows=3),
    )
    return ActForm(title="Note what they said", button="Save", fields=fields, hidden=(("of", doing.of()),))


def _news(doing: Doing) -> int:
    sent = doing.sent
    return giving.note_news(
        doing.course, doing.case_id, doing.by, doing.of_number(), status=sent.line("status"), words=sent.text("words")
    )


def _back_form(doing: Doing) -> ActForm:
    lead = ("A team that has it by mail is told by mail, without the reason. Any other has to be rung: a task says whom.",)
    return ActForm(title="Take it back", button="Take back", lead=lead, fields=(doing.why(),), hidden=(("of", doing.of()),))


def _back(doing: Doing) -> int:
    return giving.take_back(doing.course, doing.case_id, doing.by, doing.of_number(), doing.sent.text("why"))


def _checked_form(doing: Doing) -> ActForm:
    choices = (("yes", "Yes, and the resident knows"), ("no", "No, they have it still"))
    fields = (
        doing.field("done", "Is it over?", "radios", choices=choices),
        doing.why("What did you find, and what was the resident told?"),
    )
    return ActForm(title="Say what you found", button="Save", fields=fields, hidden=(("of", doing.of()),))


def _checked(doing: Doing) -> int:
    sent, of = doing.sent, doing.of_number()
    return giving.checked(doing.course, doing.case_id, doing.by, of, sent.text("why"), over=sent.line("done"))


ACTS = {
    "hand-over": ActPage(form=_give_form, do=_give),
    "handover-news": ActPage(form=_news_form, do=_news),
    "handover-back": ActPage(form=_back_form, do=_back),
    "handover-checked": ActPage(form=_checked_form, do=_checked),
}
