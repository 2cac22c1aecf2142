"""Signing in with a local account: passwords, codes, tries, sessions, and where one goes afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from desk.web.app import application
from desk.web.desk import Desk
from desk.web.sign_back import own_path
from desk.web.sign_codes import step_of
from desk.web.sign_passwords import Passwords, generated, weakness
from desk.web.sign_sealed import Seal
from desk.web.throttling import ACCOUNT, ADDRESS, CODE
from desks import add_person, client_of, sign_in, signed_in
from handlers.clock import FixedClock
from houses import NOON
from intake.throttling import network
from store.desk_models import Staff, StaffSession

PASSWORD = "three words lantern"
QUICK = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
"""Passwords that are quickly worked out: the work itself has tests of its own."""
HASHED = QUICK.hashed(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "The user name or the password is wrong"
HTTPS = {"url": "https://desk.landlord.example", "local_accounts": True}


@pytest.fixture
def house(house_of):
    house = house_of(desk={"local_accounts": True})
    house.clock = FixedClock(NOON)
    add_person(house, "olive", "officer", password_hash=HASHED)
    return house


def browser(house):
    """Return a new browser at the house's one desk."""
    if "app" not in house.__dict__:
        desk = Desk(house=house)
        desk.entrance.__dict__["passwords"] = QUICK
        house.__dict__["app"] = application(desk)
    return client_of(house, house.__dict__["app"])


def knock(client, username="olive", password=PASSWORD, **more):
    return client.post("/sign-in", data={"username": username, "password": password} | more)


def code_at(at, secret=SECRET):
    return pyotp.TOTP(secret).at(at)


def staff_of(house, username="olive"):
    with house.store.glance() as glance:
        return glance.find(Staff, username=username)[0]


def change(house, username="olive", **values):
    with house.store.unit("desk") as unit:
        unit.update(Staff, unit.find(Staff, username=username)[0].id, **values)
        unit.commit()


def open_sessions(house):
    with house.store.glance() as glance:
        return [session for session in glance.find(StaffSession) if session.ended_at is None]


# ---- Passwords


def test_the_right_password_signs_in_and_the_cookie_opens_the_queue(house):
    client = browser(house)
    done = knock(client)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert client.get("/queue").status_code == 200
    assert staff_of(house).signed_in_at == NOON


def test_the_user_name_may_be_typed_in_large_letters_and_with_blanks(house):
    assert knock(browser(house), " Olive ").status_code == 303


@pytest.mark.parametrize(
    ("username", "password"),
    [("olive", "wrong"), ("nobody", PASSWORD), ("", ""), ("olive", ""), ("olive\0", PASSWORD), ("o" * 5000, PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(house, username, password):
    done = knock(browser(house), username, password)
    assert done.status_code == 422 and done.text.count(WRONG) == 2 and "Error: Sign in" in done.text
    assert open_sessions(house) == []


def test_closed_accounts_and_those_without_a_password_or_a_role_are_answered_as_unknown_ones(house):
    add_person(house, "gone", "officer", password_hash=HASHED, disabled_at=NOON)
    add_person(house, "council", "officer", issuer="https://login.example", subject="1")
    add_person(house, "idle", password_hash=HASHED)
    for username in ("gone", "council", "idle"):
        done = knock(browser(house), username)
        assert done.status_code == 422 and WRONG in done.text, username


class Counting(Argon2Hasher):
    """Counts how often it does the work of a comparison."""

    worked = 0

    def verify(self, *told):
        self.worked += 1
        return super().verify(*told)


def test_the_same_work_is_done_for_whoever_is_named(house):
    client = client_of(house)
    hasher = Counting(time_cost=2, memory_cost=64)
    passwords = client.app.state.desk.entrance.__dict__["passwords"] = Passwords(hasher)
    for username in ("olive", "nobody", "!", ""):
        knock(client, username, "wrong")
    assert hasher.worked == 4
    assert passwords._nobody.split("$")[1:4] == passwords.hashed("x").split("$")[1:4], (
        "the stand-in costs what a real one costs"
    )


def test_a_password_is_kept_as_argon2id_and_compared_whole():
    passwords = Passwords()
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and passwords.check(PASSWORD, kept) == (True, None)
    assert QUICK.check(PASSWORD + " ", HASHED) == (False, None) and QUICK.check("anything", None) == (False, None)
    passwords = QUICK
    long = passwords.hashed("x" * 256)
    assert passwords.check("x" * 256, long)[0] and not passwords.check("x" * 300, long)[0]
    assert passwords.check("cafe\u0301 au lait now", passwords.hashed("caf\u00e9 au lait now"))[0], "accents either way"


def test_a_password_kept_with_less_work_is_kept_anew_at_the_next_sign_in(house):
    client = client_of(house)
    assert knock(client).status_code == 303
    anew = staff_of(house).password_hash
    assert anew != HASHED and anew.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert knock(client).status_code == 303 and staff_of(house).password_hash == anew


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "aaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "password1234",
        "P4ssw0rd!2026",
        "Welcome12345!",
        "letmein-letmein"[:7] + "12345",
        "qwertyuiop12",
        "Housing-2026!",
        "abcdefghijklm",
        "olive-is-here-1",
        "x" * 257,
    ],
)
def test_passwords_that_are_tried_first_are_refused(password):
    assert weakness(password, "olive", "Olive", "Tree") is not None


@pytest.mark.parametrize("password", ["three words lantern", "correct kettle", "längere wörter", "7 herons, 1 bus"])
def test_long_passwords_are_taken_whatever_they_are_made_of(password):
    assert weakness(password, "olive", "Olive", "Tree") is None


def test_generated_passwords_differ_and_are_strong():
    made = {generated() for _ in range(50)}
    assert len(made) == 50 and all(re.fullmatch(r"(?:[a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}", one) for one in made)


# ---- Ways that are open


def test_without_local_accounts_no_password_opens_anything(house_of):
    house = house_of(desk={})
    add_person(house, "olive", "officer", password_hash=HASHED)
    client = browser(house)
    assert knock(client).status_code == 404
    page = client.get("/sign-in").text
    assert 'name="password"' not in page and "local_accounts = true" in page


def test_an_empty_desk_says_which_command_makes_the_first_account(house_of):
    house = house_of(desk={"local_accounts": True})
    client = browser(house)
    assert ".venv/bin/intake users add YOUR-NAME --role manager --role administrator" in client.get("/sign-in").text
    add_person(house, "olive", "officer", password_hash=HASHED)
    assert "intake users add" not in client.get("/sign-in").text


def test_whoever_is_signed_in_is_not_asked_again(house):
    client = sign_in(house, browser(house), "olive")
    assert client.get("/sign-in", params={"back": "/search"}).headers["location"] == "/search"


@pytest.mark.parametrize(
    ("roles", "lands"),
    [(("officer",), "/"), (("auditor",), "/queue"), (("administrator",), "/users?told=second-factor")],
)
def test_everybody_lands_where_their_work_is(house, roles, lands):
    add_person(house, "pat", *roles, password_hash=HASHED)
    client = browser(house)
    done = knock(client, "pat")
    assert done.headers["location"] == lands and client.get(lands, follow_redirects=True).status_code == 200


def test_managers_and_administrators_without_a_second_factor_are_told_at_each_sign_in(house):
    add_person(house, "mina", "manager", password_hash=HASHED)
    client = browser(house)
    told = client.get(knock(client, "mina", back="/search").headers["location"])
    assert "Turn on a second factor" in told.text


# ---- Where one goes afterwards

EVIL = [
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "%2F%2Fevil.example",
    "/%0a//evil.example\r\nX: y",
    "evil.example",
    "",
    "/sign-in",
    "/sign-in?back=/x",
    "/sign-out",
    "/" + "x" * 3000,
    "/\u2028/evil",
    "/\x00",
]


OURS = ["/queue", "/cases/LBL-26-4F7K2P-9D", "/search?q=//x&y=https://z", "/%2F/x", "/a%5Cb"]


@pytest.mark.parametrize("back", EVIL)
def test_an_address_of_another_site_is_no_path_of_ours(back):
    assert own_path(back) is None


@pytest.mark.parametrize("back", OURS)
def test_a_path_of_ours_is_left_as_it_is(back):
    assert own_path(back) == back


def test_no_sign_in_leads_to_another_site_and_no_sign_in_page_carries_one(house):
    client = browser(house)
    page = {back: client.get("/sign-in", params={"back": back}).text for back in EVIL}
    assert all('<input type="hidden" name="back" value="">' in text for text in page.values())
    for back in ("//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "/sign-out"):
        assert knock(client, back=back).headers["location"] == "/"
        client.cookies.clear()


def test_pages_of_ours_are_gone_back_to(house):
    client = browser(house)
    for back in OURS:
        assert knock(client, back=back).headers["location"] == back


def test_the_page_that_was_asked_for_survives_the_way_through_the_sign_in(house):
    client = browser(house)
    sent = client.get("/queue?kind=triage&kind=spot_check")
    assert sent.headers["location"] == "/sign-in?back=/queue%3Fkind%3Dtriage%26kind%3Dspot_check"
    page = client.get(sent.headers["location"]).text
    back = re.search(r'name="back" value="([^"]*)"', page).group(1).replace("&amp;", "&")
    assert knock(client, back=back).headers["location"] == "/queue?kind=triage&kind=spot_check"


# ---- The second factor


@pytest.fixture
def guarded(house):
    change(house, totp_secret=SECRET)
    return house


def test_a_password_alone_opens_nothing_where_there_is_a_second_factor(guarded):
    client = browser(guarded)
    done = knock(client, back="/search")
    assert done.headers["location"] == "/sign-in/code" and open_sessions(guarded) == []
    assert client.get("/queue").status_code == 303
    done = client.post("/sign-in/code", data={"code": code_at(NOON)})
    assert done.headers["location"] == "/search" and client.get("/queue").status_code == 200
    assert client.cookies.get("intake-second") is None


def test_a_code_is_good_once(guarded):
    for expected in (303, 422):
        client = browser(guarded)
        knock(client)
        assert client.post("/sign-in/code", data={"code": code_at(NOON)}).status_code == expected
    assert len(open_sessions(guarded)) == 1


def test_a_code_from_before_one_that_was_used_is_used_up_too(guarded):
    client = browser(guarded)
    knock(client)
    client.post("/sign-in/code", data={"code": code_at(NOON)})
    knock(client)
    assert client.post("/sign-in/code", data={"code": code_at(NOON - timedelta(seconds=30))}).status_code == 422


@pytest.mark.parametrize(
    "code", ["000000", "", "12345", "1234567", "abcdef", "１２３４５６", "\0", code_at(NOON - timedelta(minutes=2))]
)
def test_a_wrong_code_opens_nothing(guarded, code):
    client = browser(guarded)
    knock(client)
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422 and open_sessions(guarded) == []


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephones_clock_may_be_out_by_half_a_minute(seconds, good):
    at = NOON.replace(second=15)
    assert (step_of(SECRET, code_at(at + timedelta(seconds=seconds)), at) is not None) is good


def test_the_step_between_password_and_code_lasts_five_minutes_and_ends_with_a_new_password(guarded):
    client = browser(guarded)
    knock(client)
    change(guarded, password_hash=QUICK.hashed("another long one"))
    assert client.post("/sign-in/code", data={"code": code_at(NOON)}).headers["location"] == "/sign-in"
    change(guarded, password_hash=HASHED)
    guarded.clock.at = later = NOON + timedelta(minutes=5)
    assert client.post("/sign-in/code", data={"code": code_at(later)}).headers["location"] == "/sign-in"


def test_whoever_was_shut_out_between_password_and_code_stays_out(guarded):
    client = browser(guarded)
    knock(client)
    change(guarded, disabled_at=NOON)
    assert client.post("/sign-in/code", data={"code": code_at(NOON)}).headers["location"] == "/sign-in"


def test_without_a_password_first_there_is_no_second_step(guarded):
    client = browser(guarded)
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    client.cookies.set("intake-second", "made up")
    assert client.post("/sign-in/code", data={"code": code_at(NOON)}).headers["location"] == "/sign-in"


def test_what_is_sealed_opens_only_for_its_purpose_in_its_time_with_its_key():
    clock = FixedClock(NOON)
    seal = Seal(secret=b"k" * 32, clock=clock)
    text = seal.close("one", {"a": 1}, timedelta(minutes=5))
    assert seal.open("one", text) == {"a": 1}
    assert seal.open("two", text) is None
    assert Seal(secret=b"l" * 32, clock=clock).open("one", text) is None
    broken = ["", None, "x", "a.b.c.d.e", text[:-2], text + "x", text.replace(".", ""), "é" * 20]
    assert [seal.open("one", one) for one in broken] == [None] * len(broken)
    clock.at = NOON + timedelta(minutes=5)
    assert seal.open("one", text) is None


# ---- Tries


@pytest.mark.parametrize("username", ["olive", "nobody"])
def test_after_five_tries_an_account_waits_whether_it_exists_or_not_and_the_right_password_does_not_help(house, username):
    client = browser(house)
    for _ in range(ACCOUNT.amount):
        assert knock(client, username, "wrong").status_code == 422
    stopped = knock(client, username)
    assert stopped.status_code == 429 and 0 < int(stopped.headers["Retry-After"]) <= 900
    assert "There were too many tries" in stopped.text and open_sessions(house) == []


def test_the_same_answer_stands_for_an_account_that_exists_and_one_that_does_not(house):
    answers = []
    for username in ("olive", "nobody"):
        client = browser(house)
        for _ in range(ACCOUNT.amount):
            knock(client, username, "wrong")
        stopped = knock(client, username)
        answers.append(re.sub(r"nonce=\S+|content-security\S+", "", stopped.text).replace(username, "NAME"))
    assert answers[0] == answers[1]


def test_a_right_password_forgives_the_tries_before_it(house):
    client = browser(house)
    for _ in range(3):
        for _ in range(ACCOUNT.amount - 1):
            knock(client, password="wrong")
        assert knock(client).status_code == 303


def test_one_address_cannot_try_many_accounts_without_end(house):
    client = browser(house)
    throttle = client.app.state.desk.entrance.throttle
    for number in range(ADDRESS.amount):
        assert throttle.sign_in(f"name-{number}", "testclient") == 0
    assert knock(client).status_code == 429
    assert throttle.sign_in("olive", "192.0.2.7") == 0, "another address is not held up"


def test_codes_are_tried_at_most_ten_times_in_a_quarter_of_an_hour(guarded):
    client = browser(guarded)
    knock(client)
    for _ in range(CODE.amount):
        assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    stopped = client.post("/sign-in/code", data={"code": code_at(NOON)})
    assert stopped.status_code == 429 and "Retry-After" in stopped.headers and open_sessions(guarded) == []


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_are_counted_by_household(address, counted):
    assert network(address) == counted


# ---- Sessions


def test_a_sign_in_makes_a_new_session_and_never_takes_one_that_was_brought(house):
    client = browser(house)
    client.cookies.set("intake-desk", "planted")
    knock(client)
    first = client.cookies.get("intake-desk", domain="127.0.0.1") or [c.value for c in client.cookies.jar][-1]
    with house.store.glance() as glance:
        (session,) = glance.find(StaffSession)
    assert first != "planted" and len(first) >= 43 and session.token_sha256 != first, "the store cannot sign in for anybody"


def test_a_second_sign_in_ends_the_first_of_the_same_browser(house):
    client = browser(house)
    knock(client)
    stolen = client.cookies.get("intake-desk")
    knock(client)
    assert client.cookies.get("intake-desk") != stolen and len(open_sessions(house)) == 1
    thief = browser(house)
    thief.cookies.set("intake-desk", stolen)
    assert thief.get("/queue").status_code == 303


def test_a_cookie_that_was_stolen_does_nothing_after_the_sign_out(house):
    client = browser(house)
    knock(client)
    thief = browser(house)
    thief.cookies.set("intake-desk", client.cookies.get("intake-desk"))
    assert thief.get("/queue").status_code == 200
    assert client.post("/sign-out").headers["location"] == "/sign-in?told=out"
    assert client.cookies.get("intake-desk") is None and "You are signed out" in client.get("/sign-in?told=out").text
    assert thief.get("/queue").status_code == 303 and thief.post("/account/keys", data={"on": "no"}).status_code == 303
    assert staff_of(house).preferences.get("keys") is None


def test_an_idle_sign_in_ends_and_one_in_use_does_not_until_the_day_is_over(house):
    client = browser(house)
    knock(client)
    for _ in range(10):
        house.clock.at += timedelta(minutes=59)
        assert client.get("/queue").status_code == 200
    house.clock.at = NOON + timedelta(hours=10, seconds=1)
    assert client.get("/queue").status_code == 303, "ten hours after it began, however busy"
    knock(client)
    house.clock.at += timedelta(minutes=60, seconds=1)
    assert client.get("/queue").status_code == 303, "an hour without use"


def test_what_somebody_may_do_changes_with_their_next_page(house):
    client = browser(house)
    knock(client)
    change(house, roles=["auditor"])
    assert client.get("/contacts/new").status_code == 403 and client.get("/queue").status_code == 200
    change(house, roles=[])
    assert client.get("/queue").status_code == 303
    change(house, roles=["officer"])
    assert client.get("/queue").status_code == 200
    change(house, disabled_at=NOON)
    assert client.get("/queue").status_code == 303


def test_on_https_the_cookie_is_bound_to_the_host_secure_and_out_of_scripts_reach(house_of):
    house = house_of(desk=HTTPS)
    add_person(house, "olive", "officer", password_hash=HASHED)
    done = knock(browser(house))
    name, *attributes = done.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-intake-desk=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} == set(attributes)
    assert "max-age" in done.headers["strict-transport-security"]


def test_on_this_machine_alone_the_cookie_has_a_plain_name_and_stays_out_of_scripts_reach(house):
    name, *attributes = knock(browser(house)).headers["set-cookie"].split("; ")
    assert name.startswith("intake-desk=") and {"HttpOnly", "Path=/", "SameSite=lax"} == set(attributes)


# ---- One's own account


def test_everybody_sees_who_they_are_here(house):
    client = signed_in(house, "mina", "manager", teams=("complaints", "gone-team"))
    page = client.get("/account").text
    assert "Mina" in page and "Manager" in page and "Housing Complaints and Feedback team" in page


def test_a_new_password_ends_the_other_sign_ins_and_not_this_one(house):
    here, there = browser(house), browser(house)
    knock(here)
    knock(there)
    new = {"present": PASSWORD, "new": "another lantern hangs", "again": "another lantern hangs"}
    assert here.post("/account/password", data=new).headers["location"] == "/account?told=password"
    assert here.get("/account").status_code == 200 and there.get("/account").status_code == 303
    assert knock(browser(house)).status_code == 422
    assert knock(browser(house), password="another lantern hangs").status_code == 303
    assert staff_of(house).preferences["changes"][-1]["what"] == "password changed"


@pytest.mark.parametrize(
    ("change_of", "field"),
    [({"present": "wrong"}, "present"), ({"new": "short", "again": "short"}, "new"), ({"again": "another"}, "again")],
)
def test_a_new_password_that_cannot_be_is_refused_by_its_field(house, change_of, field):
    client = browser(house)
    knock(client)
    new = {"present": PASSWORD, "new": "another lantern hangs", "again": "another lantern hangs"}
    done = client.post("/account/password", data=new | change_of)
    assert done.status_code == 422 and f'href="#{field}"' in done.text and f'id="{field}-error"' in done.text
    assert "another lantern" not in done.text, "no password is sent back"
    assert staff_of(house).password_hash == HASHED


def test_guessing_the_present_password_in_an_open_session_is_held_up(house):
    client = browser(house)
    knock(client)
    for _ in range(CODE.amount):
        client.post("/account/password", data={"present": "wrong", "new": "x", "again": "x"})
    assert client.post("/account/password", data={"present": PASSWORD}).status_code == 429


def setting_up(client):
    page = client.get("/account/second-factor").text
    secret = re.search(r'<code class="desk-secret">([A-Z2-7 ]+)</code>', page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed" value="([^"]+)"', page).group(1)
    assert "otpauth://totp/" in page and secret in page.replace("&amp;", "&")
    return secret, sealed


def test_a_second_factor_is_on_once_the_app_has_shown_a_right_code_which_is_then_used_up(house):
    client = browser(house)
    knock(client)
    secret, sealed = setting_up(client)
    assert len(secret) == 32 and staff_of(house).totp_secret is None
    right = {"sealed": sealed, "code": code_at(NOON, secret), "password": PASSWORD}
    assert client.post("/account/second-factor", data=right | {"code": "000000"}).status_code == 422
    assert client.post("/account/second-factor", data=right | {"password": "wrong"}).status_code == 422
    assert staff_of(house).totp_secret is None
    assert client.post("/account/second-factor", data=right).headers["location"] == "/account?told=second-on"
    assert staff_of(house).totp_secret == secret
    other = browser(house)
    knock(other)
    assert other.post("/sign-in/code", data={"code": code_at(NOON, secret)}).status_code == 422
    house.clock.at = soon = NOON + timedelta(seconds=30)
    assert other.post("/sign-in/code", data={"code": code_at(soon, secret)}).status_code == 303


def test_a_secret_that_was_sealed_for_somebody_else_is_not_taken(house):
    add_person(house, "mina", "manager", password_hash=HASHED)
    mina, olive = browser(house), browser(house)
    knock(mina, "mina")
    knock(olive)
    secret, sealed = setting_up(mina)
    done = olive.post("/account/second-factor", data={"sealed": sealed, "code": code_at(NOON, secret), "password": PASSWORD})
    assert done.headers["location"] == "/account/second-factor" and staff_of(house).totp_secret is None


def test_a_second_factor_is_turned_off_by_a_code_of_it(guarded):
    client = sign_in(guarded, browser(guarded), "olive")
    assert client.post("/account/second-factor/off", data={"code": "000000"}).status_code == 422
    assert staff_of(guarded).totp_secret == SECRET
    assert client.post("/account/second-factor/off", data={"code": code_at(NOON)}).status_code == 303
    assert staff_of(guarded).totp_secret is None


def test_one_letter_keys_can_be_turned_off_and_on(house):
    client = sign_in(house, browser(house), "olive")
    keyed = 'data-keys="on"' if 'data-keys="on"' in client.get("/account").text else "data-keys"
    assert keyed in client.get("/account").text
    client.post("/account/keys", data={"on": "no"})
    assert "data-keys" not in client.get("/account").text
    client.post("/account/keys", data={"on": "yes"})
    assert keyed in client.get("/account").text


def test_signing_out_everywhere_ends_every_sign_in_and_only_ones_own(house):
    here, there, other = browser(house), browser(house), signed_in(house, "mina", "manager")
    knock(here)
    knock(there)
    assert here.get("/account").text.count("at 12:00pm") == 4, "two sign-ins, each with its beginning and its last use"
    assert here.post("/account/sign-out-everywhere").headers["location"] == "/sign-in?told=everywhere"
    assert here.get("/account").status_code == there.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


def test_whoever_comes_by_single_sign_on_has_no_password_page(house):
    add_person(house, "council", "officer", issuer="https://login.example", subject="1")
    client = sign_in(house, browser(house), "council")
    assert client.get("/account").status_code == 200
    for path in ("/account/password", "/account/second-factor"):
        assert client.get(path).status_code == 404 and client.post(path, data={}).status_code == 404
