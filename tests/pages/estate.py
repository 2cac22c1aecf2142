"""An estate with every kind of work and every odd thing that residents send, for the pages to show."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date, timedelta
from email.message import EmailMessage

from PIL import Image
from pypdf import PdfWriter
from selectolax.lexbor import LexborHTMLParser

from chats import ADA, photo, update, updates
from desk.web.sign_passwords import Passwords
from desks import add_person, sign_in
from handlers.course.groups import Member, make_group, members_from
from handlers.identities import link
from handlers.people.adjustments import Agreed, agree
from handlers.people.restrictions import Proposed, approve, propose
from handlers.rows import event_row
from houses import NOON, arrive, settle
from store.chain import append_events
from store.chat_models import MediaContent, MediaFile
from store.desk_models import CaseLink, CaseStaff, DraftLetter, Note, SavedView
from store.models import Case, Message, OutboxEntry, Task
from store.scan_rows import keep_scans
from store.states import FileState

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LINK = "https://photos.example/" + "album/" * 40 + "?" + "x" * 120
PASSWORD = "correct horse battery staple"
PEOPLE = {
    "mina": (("manager",), ("complaints", "repairs")),
    "olive": (("officer",), ("complaints",)),
    "audrey": (("auditor",), ()),
    "adam": (("administrator",), ()),
    "noor": (("officer",), ()),
}
"""Who works at the desk: their roles and teams."""
BAD, LOCKED = b"a document that does harm", b"PK an archive with a password"
"""Files of which a scanner says something."""
PAINT = (
    "<p style='color:red' onclick='alert(1)'>See <b>this</b><script>alert(1)</script><img src='http://spy.example/x.png'></p>"
)
ODD = (
    ("محمد الأحمد", "شكوى بشأن الرطوبة", "complaint? السقف يتسرب منذ ثلاثة أسابيع ولم يأت أحد."),
    ("שרה כהן", "תלונה", "complaint? הדוד מקולקל. Nobody came. הדוד."),
    (LONG_WORD, LONG_WORD, f"complaint? {LONG_WORD} {LINK}"),
    ("<script>alert('name')</script>", "<img src=x onerror=alert(1)>", "complaint? </h1><script>alert(2)</script>&amp;&lt;"),
    ("Ada\u202egro.lanosrep", "Invisible \u200b words \u2066here\u2069", "complaint? zero\u200bwidth \u202ereversed\u202c"),
    ("", "", "complaint? no name and no subject"),
    ("Siân O'Dowd-Núñez 🏠", "🔥" * 40, "complaint? " + "very " * 2_000 + "cold"),
)
"""Unsure messages by people with odd names, odd subjects and odd words."""


def written(
    name: str, subject: str, words: str, *, html: str = "", files: tuple[tuple[str, str, bytes], ...] = (), answers: str = ""
) -> bytes:
    """Return a mail; ``files`` are (name, type, bytes), ``answers`` is the Message-ID of our letter that it answers."""
    made = EmailMessage()
    made["From"] = f'"{name.replace(chr(34), "")}" <{_address(name)}>' if name else _address(name)
    made["To"] = "housing@landlord.example"
    made["Subject"] = subject
    made["Message-ID"] = f"<{abs(hash((name, subject, words)))}@resident.example>"
    if answers:
        made["In-Reply-To"] = made["References"] = answers
    made.set_content(words)
    if html:
        made.add_alternative(html, subtype="html")
    for file, kind, content in files:
        main, sub = kind.split("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=file)
    return made.as_bytes()


def _address(name: str) -> str:
    plain = ".".join(re.findall("[a-z]+", name.lower())) if name.isascii() and len(name) < 40 else ""
    return f"{plain or sum(map(ord, name))}@resident.example"


def come(house, name, subject, words, **more):
    """Have somebody's mail come in."""
    return arrive(house, written(name, subject, words, **more), sender=_address(name))


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (900, 700), "#884422").save(kept, "PNG")
    return kept.getvalue()


def paper() -> bytes:
    kept, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 300)
    writer.write(kept)
    return kept.getvalue()


def fill(house) -> None:
    """Fill a house: work of every kind and age, a long case, a restricted one, and colleagues."""
    for days, words in enumerate(
        ("complaint! Nobody came", "service_request? The tap drips", "asb_report! A loud party"), start=9
    ):
        house.clock.at = NOON - timedelta(days=days)
        come(house, f"Early Bird {days}", f"From {days} days ago", words)
        settle(house)
    house.clock.at = NOON - timedelta(days=1)
    for name, subject, words in ODD:
        come(house, name, subject, words)
    papers = (
        ("damp.png", "image/png", picture()),
        ("letter.pdf", "application/pdf", paper()),
        ("x.html", "text/html", b"<script>"),
        (f"{LONG_WORD}.doc", "application/msword", BAD),
        ("holiday.zip", "application/zip", LOCKED),
    )
    come(house, "Paula Papers", "Pictures of the damp", "complaint? [damp_mould] See below", html=PAINT, files=papers)
    come(house, "Grace Danger", "Gas", "complaint? [emergency] I smell gas in the hall")
    come(house, "Vera Two", "Two matters", "service_request! [vulnerable] The lift again")
    come(house, "Pat Bins", "Bins", "out_of_scope! My bins")
    arrive(house, b"\xff\xfe\x00 this is no mail at all", sender="odd@resident.example")
    settle(house)
    house.clock.at = NOON
    _long_case(house)
    _colleagues(house)
    _tasks_of_every_kind(house)
    _by_chat(house)
    _agreed(house)
    _together(house)
    _scanned(house)
    indexing = house.indexing()
    while indexing.words_once() or indexing.files_once():
        pass


def _agreed(house) -> None:
    """Agree with residents on adjustments, so that a letter waits to be carried; limit others, proposed and in force."""
    today = house.clock.now().date()
    told = {"agreed_on": today, "agreed_with": LONG_WORD, "review_on": today + timedelta(days=100)}
    laura, tess = case_of(house, "Laura Long"), case_of(house, "Tess Twice")
    agree(
        house.acts, laura.id, "olive", Agreed(kind="large_print", words=LONG_WORD, disability=f"told us <b>{LONG_WORD}", **told)
    )
    agree(house.acts, laura.id, "olive", Agreed(kind="named_contact", words="Olive", **told))
    agree(house.acts, tess.id, "olive", Agreed(kind="post_only", words="to 2 Larch House", **told))
    come(house, "Tess Twice", "Stairs and post", "complaint! The post room is locked, and nobody has the key.")
    settle(house)
    dates = {"starts_on": today, "review_on": today + timedelta(days=30), "ends_on": today + timedelta(days=60)}
    asked = {"incidents": [{"words": LONG_WORD}], "reasons": f"You wrote: {LINK}", "proportion": "x", "equality": "x", **dates}
    vera = case_of(house, "Vera Two")
    propose(house.course, vera.id, "olive", Proposed(kind="one_contact", **asked))
    approve(house.course, vera.id, "mina", 1, why="in proportion")
    propose(house.course, vera.id, "olive", Proposed(kind="set_times", **asked))


def _together(house) -> None:
    """Let several people complain together, one of them with a name that fits no line."""
    come(house, "Greta Group", "All of us", "complaint! The bins of Rose Court have not been emptied for a month.")
    settle(house)
    case = case_of(house, "Greta Group")
    lead = Member(name="Greta Group", address="greta.group@resident.example", home="1 Rose Court")
    make_group(house.acts, case.id, "olive", lead, members_from(f"Hal Hall; hal@resident.example; 2 Rose Court\n{LONG_WORD}"))


def _scanned(house) -> None:
    """Let a scanner have looked at files: one that is clean, one that is not, and one that nobody could look into."""
    said = {
        picture(): (FileState.CLEAN, ""),
        BAD: (FileState.INFECTED, f"Win.Trojan.{LONG_WORD}"),
        LOCKED: (FileState.UNSCANNABLE, "it is locked with a password, so nobody could look into it"),
    }
    rows = [
        {"sha256": hashlib.sha256(content).hexdigest(), "state": state, "told": told, "engine": "ClamAV 1.4.6/27500/Mon Nov 23",
         "at": house.clock.now()} for content, (state, told) in said.items()
    ]  # fmt: skip
    with house.store.unit("T5") as unit:
        keep_scans(unit, rows)
        unit.commit()


def _long_case(house) -> None:
    come(house, "Laura Long", "The boiler, again", "complaint! [prior_request] The boiler has failed five times.")
    settle(house)
    case = case_of(house, "Laura Long")
    for number in range(30):
        house.clock.at = NOON + timedelta(minutes=number - 60)
        come(
            house,
            "Laura Long",
            f"Re: {case.reference}",
            f"service_request! Still cold, part {number}. " + "It is cold. " * number,
        )
        settle(house)
    house.clock.at = NOON
    come(house, "Rita Stranger", f"About {case.reference}", "complaint! I know more about this")
    settle(house)


def case_of(house, name: str) -> Case:
    """Return the case of the resident of this name."""
    with house.store.glance() as glance:
        return glance.find(Case, resident_name=name)[0]


def letter_on(house, case: Case) -> str:
    """Return the Message-ID of the first letter about a case: an answer to it proves where it belongs."""
    with house.store.glance() as glance:
        return glance.find(OutboxEntry, case_id=case.id)[0].header_id


def _colleagues(house) -> None:
    long, grace = case_of(house, "Laura Long").id, case_of(house, "Grace Danger").id
    now = house.clock.now()
    password = Passwords().hashed(PASSWORD)
    for username, (roles, teams) in PEOPLE.items():
        add_person(house, username, *roles, teams=teams, password_hash=password)
    add_person(house, "away", "officer", away_from=date(2026, 11, 20), away_until=date(2026, 12, 1))
    with house.store.unit("desk") as unit:
        rows = [{"case_id": long, "at": now, "by": "olive", "text": f"Note {number}: {LONG_WORD}"} for number in range(3)]
        unit.insert(Note, rows)
        unit.insert(CaseLink, [{"case_id": long, "other_id": grace, "at": now, "by": "olive", "why": "the same boiler"}])
        views = [(1, "Dangerous"), (2, "Repairs <b>of</b> mine")]
        rows = [{"staff_id": id_, "name": name, "query": "view=all&danger=true", "created_at": now} for id_, name in views]
        unit.insert(SavedView, rows)
        let_in = {"case_id": grace, "username": "olive", "relation": "let_in", "at": now, "by": "mina", "why": "knows them"}
        unit.insert(CaseStaff, [let_in, let_in | {"username": "noor", "relation": "barred", "why": "is complained of"}])
        unit.commit()
    with house.store.unit("T6") as unit:
        unit.update(Case, grace, restricted=True)
        unit.update(Case, long, assigned_to="olive", resident_phone="020 7946 0000", home="1 Larch House")
        append_events(unit, [event_row(grace, "restricted", "named staff", now, "mina")])
        unit.commit()


def _by_chat(house) -> None:
    """Add residents who write by chat: versions, what was taken back, pictures, one matter twice, one resident twice."""
    words = "complaint! The stairs at Larch House were not cleaned since August and the cleaners never answer us."
    come(house, "Tess Twice", "Stairs", words)
    settle(house)
    first, _ = updates(house, update(house, 1, text=words), update(house, 2, photo=photo("a"), caption=LONG_WORD))
    updates(house, update(house, 1, "edited_message", text=f"{words} Sorry: since May <b>!</b>"))
    updates(house, update(house, 3, story={"id": 1}))
    ada = house_case(house, first)
    with house.store.unit("T6") as unit:
        unit.update(Message, first, withdrawn_at=house.clock.now())
        (file,) = unit.find(MediaFile)
        known = {"size": len(picture()), "sha256": hashlib.sha256(picture()).hexdigest()}
        unit.update(MediaFile, file.id, state="kept", name="stairs.png", type="image/png", **known)
        unit.add(MediaContent, [{"media_id": file.id, "body": picture()}])
        letter = unit.find(OutboxEntry, case_id=ada.id)[0]
        unit.update(OutboxEntry, letter.id, progress="read", progress_at=house.clock.now(), sent_at=house.clock.now())
        draft = {
            "case_id": ada.id,
            "message_id": first,
            "by": "olive",
            "at": house.clock.now(),
            "way": "chat",
            "recipient": ADA,
        }
        unit.insert(DraftLetter, [draft | {"subject": "Stairs", "body": "Dear Ada,\n\n" + "We will come and look. " * 300}])
        unit.commit()
    link(house.acts, ada.id, "olive", ADA, "ada@resident.example", why=f"said so {LONG_WORD}")
    house.clock.at = NOON


def house_case(house, message_id: int) -> Case:
    """Return the case that a message came to."""
    with house.store.glance() as glance:
        return glance.get(Case, glance.get(Message, message_id).case_id)


def _tasks_of_every_kind(house) -> None:
    """Add the kinds of task that take time or a mail server to come about."""
    now, case = house.clock.now(), case_of(house, "Laura Long")
    with house.store.glance() as glance:
        message = glance.find(Message, case_id=case.id)[0]
    kinds = ("undelivered_letter", "unsent_letter", "spot_check", "update_due", "contact_resident", "petition")
    shared = {"case_id": case.id, "message_id": message.id, "team": "complaints", "opened_at": now}
    with house.store.unit("T6") as unit:
        rows = [
            shared | {"kind": kind, "why": f"made for {kind}", "due_at": now + timedelta(days=n)}
            for n, kind in enumerate(kinds)
        ]
        unit.insert(Task, rows)
        draft = {
            "case_id": case.id,
            "message_id": message.id,
            "by": "olive",
            "at": now,
            "way": "mail",
            "subject": "Your boiler",
        }
        unit.insert(DraftLetter, [draft | {"recipient": "laura@resident.example", "body": "Dear Laura,\n\nWe are sorry."}])
        unit.commit()


def log_contacts(house, client) -> list[str]:
    """Log one contact that is settled and one that waits, as a colleague does; return the pages that follow."""
    followed = []
    for words in ("complaint! The lift is out again and nobody answers the telephone.", "complaint? Something about a key"):
        page = LexborHTMLParser(client.get("/contacts/new").text)
        told = {"id": page.css_first("input[name=id]").attributes["value"], "page": "first", "step": "log", "way": "telephone"}
        done = client.post("/contacts/new", data=told | {"words": words})
        followed.append(done.headers["location"])
        if len(followed) == 1:
            settle(house)
    return followed


def cookie_of(house, client, username: str) -> str:
    """Sign somebody in and return the value of their cookie."""
    return sign_in(house, client, username).cookies["intake-desk"]
