"""What a resident wrote now, told from what they answer, sign with, and never wrote."""

from __future__ import annotations

import pytest

from intake.quoting import new_words, split, split_reply

NEW = "Nobody came on Tuesday.\nI lost a day's pay."
OLD = "We will visit you on Tuesday."

ATTRIBUTIONS = {
    "english gmail": "On Mon, 2 Nov 2026 at 09:12, Housing Repairs <housing@council.example> wrote:",
    "english gmail wrapped": "On Mon, Nov 2, 2026 at 9:12 AM Housing Repairs\n<housing@council.example> wrote:",
    "english wrapped within the address": "On Mon, Nov 2, 2026 at 9:12 AM Housing Repairs <\nhousing@council.example> wrote:",
    "english apple": "On 2 Nov 2026, at 09:12, Housing Repairs <housing@council.example> wrote:",
    "english thunderbird": "On 02/11/2026 09:12, Housing Repairs wrote:",
    "english three lines": "On Monday, 2 November 2026, 09:12:55 GMT,\nHousing Repairs of the Council\n<housing@council.example> wrote:",
    "gmail of old": "2026/11/2 Housing Repairs <housing@council.example>",
    "polish": "pon., 2 lis 2026 o 09:12 Housing Repairs <housing@council.example> napisał(a):",
    "polish dnia": "W dniu 02.11.2026 o 09:12, Housing Repairs pisze:",
    "romanian": "În lun., 2 nov. 2026 la 09:12, Housing Repairs <housing@council.example> a scris:",
    "portuguese": "Housing Repairs <housing@council.example> escreveu no dia segunda, 2/11/2026 à(s) 09:12:",
    "spanish": "El lun, 2 nov 2026 a las 9:12, Housing Repairs (<housing@council.example>) escribió:",
    "french": "Le lun. 2 nov. 2026 à 09:12, Housing Repairs <housing@council.example> a écrit :",
    "italian": "Il giorno lun 2 nov 2026 alle ore 09:12 Housing Repairs <housing@council.example> ha scritto:",
    "urdu": "پیر، 2 نومبر، 2026 کو 09:12 پر Housing Repairs <housing@council.example> نے لکھا:",
    "bengali": "সোম, 2 নভে, 2026 তারিখে 09:12 এ Housing Repairs <housing@council.example> লিখেছেন:",
    "somali": "Isniin, 2 Nov 2026 09:12 Housing Repairs <housing@council.example> ayaa qoray:",
    "arabic": "في الاثنين، 2 نوفمبر 2026 في 9:12 ص تمت كتابة ما يلي بواسطة Housing Repairs <housing@council.example>:",
    "lithuanian": "2026-11-02, pr, 09:12 Housing Repairs <housing@council.example> rašė:",
    "turkish": "Housing Repairs <housing@council.example>, 2 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:",
    "german": "Am Mo., 2. Nov. 2026 um 09:12 Uhr schrieb Housing Repairs <housing@council.example>:",
    "dutch": "Op ma 2 nov 2026 om 09:12 schreef Housing Repairs <housing@council.example>:",
    "swedish": "Den mån 2 nov. 2026 kl 09:12 skrev Housing Repairs <housing@council.example>:",
    "russian": "пн, 2 нояб. 2026 г. в 09:12, Housing Repairs <housing@council.example>:",
    "hungarian": "Housing Repairs <housing@council.example> ezt írta (időpont: 2026. nov. 2., H, 9:12):",
    "vietnamese": "Vào 09:12, Th 2, 2 thg 11, 2026 Housing Repairs <housing@council.example> đã viết:",
    "chinese": "Housing Repairs <housing@council.example> 于2026年11月2日周一 09:12写道：",
    "a language not listed": "Dé Luain 2 Samhain 2026 ag 09:12, scríobh Housing Repairs <housing@council.example>:",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_an_attribution_and_its_quotation_are_old(line: str) -> None:
    assert new_words(f"{NEW}\n\n{line}\n\n> {OLD}\n> Yours") == NEW


@pytest.mark.parametrize(
    "line",
    [line for name, line in ATTRIBUTIONS.items() if name != "gmail of old"],
    ids=[name for name in ATTRIBUTIONS if name != "gmail of old"],
)
def test_a_sure_attribution_needs_no_quote_marks(line: str) -> None:
    assert new_words(f"{NEW}\n\n{line}\n\n{OLD}\nYours") == NEW


DELIMITERS = {
    "outlook": "-----Original Message-----\nFrom: Housing <housing@council.example>\nSent: 02 November 2026 09:12\nTo: Ann\nSubject: Your repair",
    "outlook without the line": "From: Housing <housing@council.example>\nSent: 02 November 2026 09:12\nTo: Ann\nSubject: Your repair",
    "outlook with a rule": "_" * 32
    + "\nFrom: Housing <h@council.example>\nSent: Monday, November 2, 2026\nTo: Ann\nSubject: Your repair",
    "stars": "*From:* Housing <housing@council.example>\n*Sent:* 02 November 2026 09:12\n*To:* Ann\n*Subject:* Your repair",
    "wrapped recipients": "From: Housing <h@council.example>\nSent: 02 November 2026 09:12\nTo: Ann; Ben; Cat;\n Dan\nSubject: Your repair",
    "samsung": "-------- Original message --------\nFrom: Housing <h@council.example>\nDate: 02/11/2026 09:12 (GMT+00:00)\nTo: Ann\nSubject: Re",
    "android": "---- Housing wrote ----",
    "german": "Von: Housing <h@council.example>\nGesendet: Montag, 2. November 2026 09:12\nAn: Ann\nBetreff: Reparatur",
    "french": "De : Housing <h@council.example>\nEnvoyé : lundi 2 novembre 2026 09:12\nÀ : Ann\nObjet : Réparation",
    "spanish": "De: Housing <h@council.example>\nEnviado el: lunes, 2 de noviembre de 2026 9:12\nPara: Ann\nAsunto: Reparación",
    "polish": "Od: Housing <h@council.example>\nWysłano: poniedziałek, 2 listopada 2026 09:12\nDo: Ann\nTemat: Naprawa",
    "portuguese": "De: Housing <h@council.example>\nEnviada em: segunda-feira, 2 de novembro de 2026\nPara: Ann\nAssunto: Reparo",
    "turkish": "Kimden: Housing <h@council.example>\nGönderildi: 2 Kasım 2026 Pazartesi 09:12\nKime: Ann\nKonu: Onarım",
    "arabic": "من: Housing <h@council.example>\nتم الإرسال: الاثنين، 2 نوفمبر 2026\nإلى: Ann\nالموضوع: إصلاح",
    "all on one line": "From: Housing <h@c.example> Sent: 02 November 2026 09:12 To: Ann Subject: Your repair",
    "our own mark": "--- Please reply above this line ---",
}


@pytest.mark.parametrize("block", DELIMITERS.values(), ids=DELIMITERS.keys())
def test_below_a_delimiter_all_is_old(block: str) -> None:
    assert new_words(f"{NEW}\n\n{block}\n\n{OLD}\n\nKind regards\nHousing") == NEW


TAGS = [
    *(
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Get Outlook for iOS",
        "Sent from Yahoo Mail on Android",
        "(sent from a phone)",
    ),
    *(
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
    ),
    *(
        "Wysłane z iPhone'a",
        "Trimis de pe iPhone-ul meu",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "تم الإرسال من iPhone",
        "发自我的 iPhone",
    ),
    *("Išsiųsta iš mano iPhone", "Sent via BT Email App", "Sent from Proton Mail for iOS"),
]


@pytest.mark.parametrize("tag", TAGS)
def test_the_tag_of_a_telephone_is_not_new(tag: str) -> None:
    assert new_words(f"{NEW}\n\n{tag}") == NEW
    assert new_words(f"{NEW}\n\n{tag}\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> {OLD}") == NEW


KEPT = {
    "an answer below the quotation": (f"> {OLD}\n\n{NEW}", NEW),
    "answers between quotations": (
        "On 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> Is it fixed?\n\nNo, it still leaks.\n\n> May we close it?\n\nNo.",
        "No, it still leaks.\n\nNo.",
    ),
    "a story that starts with On": (
        "On Monday 2 November your officer rang and this is what he wrote:\nI am not coming.\nThat is not good enough.",
        "On Monday 2 November your officer rang and this is what he wrote:\nI am not coming.\nThat is not good enough.",
    ),
    "a form with fields": (
        "Name: Ann Smith\nFlat: 12\nTo: the housing team\nThe tap drips.",
        "Name: Ann Smith\nFlat: 12\nTo: the housing team\nThe tap drips.",
    ),
    "a rule between paragraphs": ("The first thing is the lift.\n\n--------------\n\nThe second is the door.", None),
    "a long rule between paragraphs": ("The first thing is the lift.\n\n" + "_" * 80 + "\n\nThe second is the door.", None),
    "a list below a rule": ("What is broken:\n-----\nThe lift\nThe door\nThe light", None),
    "two dashes between long parts": (
        "First the lift.\n\n--\n\n" + "\n".join(f"Then matter number {n} of the long list." for n in range(30)),
        None,
    ),
    "a sentence about a telephone": ("It was sent from my work address.\nPlease look at it again.", None),
    "a sentence about confidence": ("Please keep this confidential, I am afraid of my neighbour.", None),
    "a list": ("- no heating\n- no hot water\n- a leak", None),
    "a line from somebody": ("From: the flat upstairs there is a leak.\nPlease come.", None),
    "wrote without a quotation": ("As I wrote:\nthe lift is broken.", None),
    "a quotation mark in the text": ("The meter shows > 50 now and nobody reads it.", None),
    "words above an unmarked disclaimer phrase": (
        "I got your letter. If you are not the intended recipient of my rent, who is?",
        None,
    ),
}


@pytest.mark.parametrize(("text", "new"), KEPT.values(), ids=KEPT.keys())
def test_the_writers_own_words_stay(text: str, new: str | None) -> None:
    assert new_words(text) == (text if new is None else new)


DROPPED = {
    "a signature": f"{NEW}\n\n-- \nAnn Smith\n12 Elm House\n020 7946 0000",
    "a visiting card below a rule": f"{NEW}\n\n—————\nAnn Smith\nTenant of Elm House\n020 7946 0000",
    "a signature above the quotation": f"{NEW}\n-- \nAnn\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n> {OLD}",
    "a gateway's banner": f"CAUTION: This email originated from outside of the organisation. Do not click\nlinks unless you recognise the sender.\n\n{NEW}",
    "an external mark": f"[EXTERNAL]\n\n{NEW}",
    "a safety tip": f"You don't often get email from ann@resident.example. Learn why this is important\n\n{NEW}",
    "a disclaimer": f"{NEW}\n\nThis email and any attachments are confidential and intended solely for the\naddressee. If you are not the intended recipient, delete it.",
    "a council's footer": f"{NEW}\n\nThe original of this email was scanned for viruses by the Government Secure Intranet.\nIt was GCSX checked.",
    "a scanner's line": f"{NEW}\n\nVirus-free.www.avast.com",
    "a list's footer": f"{NEW}\n\n_______________________________________________\nTenants mailing list\nTenants@lists.example",
    "nested quotations": f"{NEW}\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> Hello\n>\n> On 1 Nov 2026, at 08:00, Ann wrote:\n>> {OLD}\n>>",
    "a quoted line that was broken": f"{NEW}\n\n> We will visit you on Tuesday between eight in the morning and\nnoon at the latest\n> unless you ring us.",
    "signed mail": f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{NEW}\n-----BEGIN PGP SIGNATURE-----",
}


@pytest.mark.parametrize("text", DROPPED.values(), ids=DROPPED.keys())
def test_what_the_writer_did_not_write_is_dropped(text: str) -> None:
    assert new_words(text).startswith(NEW)
    assert new_words(text) in (NEW, NEW + "\n-----BEGIN PGP SIGNATURE-----")


FORWARDS = {
    "gmail": "---------- Forwarded message ---------\nFrom: H <h@c.example>\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Repair\nTo: Ann",
    "apple": "Begin forwarded message:\n\nFrom: H <h@c.example>\nSubject: Repair\nDate: 2 November 2026 at 09:12:00 GMT\nTo: Ann",
    "thunderbird in german": "-------- Weitergeleitete Nachricht --------\nBetreff: Repair\nDatum: Mon, 2 Nov 2026\nVon: H <h@c.example>\nAn: Ann",
}


@pytest.mark.parametrize("mark", FORWARDS.values(), ids=FORWARDS.keys())
def test_what_is_forwarded_is_content(mark: str) -> None:
    assert OLD in new_words(f"Please see what they wrote to me.\n\n{mark}\n\n{OLD}")
    quoted = "\n".join(f"> {line}" for line in f"{mark}\n\n{OLD}".split("\n"))
    assert OLD in new_words(f"Please see what they wrote to me.\n\n{quoted}")


def test_a_forward_told_by_its_subject_is_content() -> None:
    text = f"Please see this.\n\n{DELIMITERS['outlook without the line']}\n\n{OLD}"
    assert OLD not in split(text).new_text
    assert OLD in split(text, forwarded=True).new_text


@pytest.mark.parametrize(
    "text",
    [
        f"> {OLD}",
        f"Yes.\n\n> {OLD}",
        f"Yes please\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n{OLD}",
        "Sent from my iPhone",
    ],
)
def test_where_little_or_nothing_is_left_the_whole_is_new(text: str) -> None:
    found = split_reply(text)
    assert found.whole
    assert found.new_text == text
    assert found.new_ranges == ((0, len(text)),)


@pytest.mark.parametrize(
    "text",
    [
        f"On 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n{OLD}",
        f"{DELIMITERS['outlook']}\n\n{OLD}",
        "--\nAnn Smith of Elm House",
    ],
)
def test_without_any_words_above_nothing_is_old(text: str) -> None:
    assert new_words(text).endswith(text.rsplit("\n", maxsplit=1)[-1])


def test_answers_that_only_colour_marks_are_not_lost() -> None:
    text = f"Please find my answers below in red.\n\n{DELIMITERS['outlook']}\n\n{OLD}\nI was in and nobody came."
    assert "I was in and nobody came." in new_words(text)
