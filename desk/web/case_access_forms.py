"""Acts on who may see a case, and who must never be given it."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.barring import bar, unbar
from handlers.restricting import let_in, lift, may_restrict, put_out, restrict

NOT_YOURS = "Only a manager, or the officer who has the case, decides who sees it."
CHOOSE = ("", "Choose a person")


def _against(doing: Doing) -> tuple[str, ...]:
    return () if may_restrict(doing.case, doing.by, manager=doing.manager) else (NOT_YOURS,)


def _restrict_form(doing: Doing) -> ActForm:
    lead = (
        "Only managers, auditors and the people who are let in will find and open it.",
        "Whoever has the case or a task on it now is let in. Every time somebody opens it is kept.",
    )
    fields = (doing.why(hint="For example, it is about a colleague, or a witness must be protected"),)
    title, button = "Restrict the case", "Restrict case"
    return ActForm(title=title, button=button, lead=lead, fields=fields, against=_against(doing), grave=True)


def _restrict(doing: Doing) -> int:
    return restrict(doing.acts, doing.case_id, doing.by, doing.sent.text("why"), manager=doing.manager)


def _lift_form(doing: Doing) -> ActForm:
    lead = ("Everybody at the desk will find and open it again.",)
    title, button = "Lift the restriction", "Lift restriction"
    return ActForm(title=title, button=button, lead=lead, fields=(doing.why(),), against=_against(doing), grave=True)


def _lift(doing: Doing) -> int:
    return lift(doing.acts, doing.case_id, doing.by, doing.sent.text("why"), manager=doing.manager)


def _let_in_form(doing: Doing) -> ActForm:
    fields = (
        doing.field("username", "Who?", "select", choices=(CHOOSE, *doing.people())),
        doing.why("Why do they need to see it?"),
    )
    return ActForm(title="Let somebody in", button="Let in", fields=fields, against=_against(doing))


def _let_in(doing: Doing) -> int:
    sent = doing.sent
    return let_in(doing.acts, doing.case_id, doing.by, sent.line("username"), sent.text("why"), manager=doing.manager)


def _put_out_form(doing: Doing) -> ActForm:
    lead = (f"{_name(doing)} will not find or open the case any more. Their tasks on it wait for somebody else.",)
    title, button, hidden = "Close the case to somebody", "Close the case to them", (("of", doing.of()),)
    against = _against(doing)
    return ActForm(title=title, button=button, lead=lead, fields=(doing.why(),), hidden=hidden, against=against, grave=True)


def _put_out(doing: Doing) -> int:
    return put_out(doing.acts, doing.case_id, doing.by, doing.of(), doing.sent.text("why"), manager=doing.manager)


def _bar_form(doing: Doing) -> ActForm:
    lead = ("For somebody whom the case is about, or who is near to it (Code 5.8). They can never be given it or act on it.",)
    fields = (doing.field("username", "Who?", "select", choices=(CHOOSE, *doing.people())), doing.why())
    return ActForm(title="Name somebody who must not handle it", button="Name them", lead=lead, fields=fields)


def _bar(doing: Doing) -> int:
    return bar(doing.acts, doing.case_id, doing.by, doing.sent.line("username"), doing.sent.text("why"))


def _unbar_form(doing: Doing) -> ActForm:
    against = () if doing.manager else ("Only a manager can let somebody have the case again.",)
    lead, hidden = (f"{_name(doing)} can then be given the case and act on it.",), (("of", doing.of()),)
    return ActForm(
        title="Let somebody have the case again",
        button="Save",
        lead=lead,
        fields=(doing.why(),),
        hidden=hidden,
        against=against,
    )


def _unbar(doing: Doing) -> int:
    return unbar(doing.acts, doing.case_id, doing.by, doing.of(), doing.sent.text("why"), manager=doing.manager)


def _name(doing: Doing) -> str:
    return dict(doing.people()).get(doing.of(), "This person")


ACTS = {
    "restrict": ActPage(form=_restrict_form, do=_restrict),
    "lift": ActPage(form=_lift_form, do=_lift),
    "let-in": ActPage(form=_let_in_form, do=_let_in),
    "put-out": ActPage(form=_put_out_form, do=_put_out),
    "bar": ActPage(form=_bar_form, do=_bar),
    "unbar": ActPage(form=_unbar_form, do=_unbar),
}
