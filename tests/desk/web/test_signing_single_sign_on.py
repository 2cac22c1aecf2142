"""Single sign-on against a stand-in of one Entra ID tenant that checks what a real one checks."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from desk.sign_on_settings import SignOnSettings
from desks import ORIGIN, client_of
from handlers.clock import FixedClock
from houses import NOON
from standins.entra import CLIENT, Directory, new_key, standing
from store.desk_models import Staff, StaffSession

KEY = new_key("key-1")
OTHER_KEY = new_key("key-2")
OLIVE = {
    "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    "oid": "00000000-0000-0000-66f3-3332eca7ea81",
    "name": "Olive Officer",
    "preferred_username": "Olive.Officer@landlord.example",
    "email": "olive.officer@landlord.example",
    "roles": ["Intake.Officer"],
}


class Office:
    """A desk with single sign-on, its tenant, and a browser."""

    def __init__(self, house, directory):
        self.house = house
        self.directory = directory
        self.client = client_of(house)

    def leave(self, back=""):
        """Ask the desk to sign in; return the address at the council's sign-in."""
        sent = self.client.get("/sign-in/council", params={"back": back} if back else {})
        assert sent.status_code == 303, sent.text
        return sent.headers["location"]

    def return_from(self, address):
        """Go where the council's sign-in sends the browser; return the desk's answer."""
        answer = httpx2.get(address, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return self.client.get(answer.headers["location"].removeprefix(ORIGIN))

    def sign_in(self, back=""):
        return self.return_from(self.leave(back))

    def staff(self):
        with self.house.store.glance() as glance:
            return glance.find(Staff)

    def open_sessions(self):
        with self.house.store.glance() as glance:
            return [session for session in glance.find(StaffSession) if session.ended_at is None]


@pytest.fixture
def office(house_of, tmp_path):
    clock = FixedClock(NOON)
    directory = Directory(redirect_uri=f"{ORIGIN}/sign-in/council/done", now=clock.now, key=KEY, person=dict(OLIVE))
    (tmp_path / "secret").write_text(directory.secret + "\n")
    with standing(directory):
        sign_on = {
            "discovery_url": directory.discovery_url,
            "client_id": CLIENT,
            "client_secret_file": str(tmp_path / "secret"),
            "name": "your Landlord account",
            "subject_claim": "oid",
            "roles": {"officer": "Intake.Officer", "manager": "Intake.Manager", "auditor": "Intake.Auditor"},
        }
        house = house_of(desk={"sign_on": sign_on})
        house.clock = clock
        yield Office(house, directory)


def test_somebody_signs_in_and_comes_back_to_the_page_they_asked_for(office):
    done = office.sign_in("/queue?view=team")
    assert (done.status_code, done.headers["location"]) == (303, "/queue?view=team")
    (staff,) = office.staff()
    assert (staff.username, staff.name, staff.email) == (
        "olive.officer@landlord.example",
        "Olive Officer",
        "olive.officer@landlord.example",
    )
    assert (staff.roles, staff.issuer, staff.subject) == (["officer"], office.directory.issuer, OLIVE["oid"])
    assert office.client.get("/queue").status_code == 200


def test_the_browser_is_sent_off_with_a_code_challenge_a_state_and_a_nonce_and_no_secret(office):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(office.leave()).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43 and len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
    assert office.directory.secret not in str(asked)
    kept = office.client.cookies.get("intake-handshake")
    assert asked["state"] not in kept and asked["nonce"] not in kept, "the browser cannot read what it keeps"


def test_two_sign_ins_share_nothing(office):
    first, second = (parse_qs(urlsplit(office.leave()).query) for _ in range(2))
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_who_a_person_is_hangs_on_issuer_and_subject_while_name_email_and_roles_are_brought_up_to_date(office):
    office.sign_in()
    office.directory.person |= {"name": "Olive Married", "email": "om@landlord.example", "roles": ["Intake.Manager", "Other"]}
    office.directory.person["preferred_username"] = "olive.married@landlord.example"
    office.sign_in()
    (staff,) = office.staff()
    assert (staff.name, staff.email, staff.roles) == ("Olive Married", "om@landlord.example", ["manager"])
    assert staff.username == "olive.officer@landlord.example", "a name in case histories does not change"
    assert staff.preferences["changes"][-1]["what"] == "roles: officer to manager"


def test_another_person_of_the_same_name_is_another_person(office):
    office.sign_in()
    office.directory.person["oid"] = "00000000-0000-0000-0000-000000000002"
    office.sign_in()
    assert [staff.username for staff in office.staff()] == [
        "olive.officer@landlord.example",
        "olive.officer@landlord.example-2",
    ]


def test_a_local_account_of_the_same_name_is_not_taken_over(office):
    with office.house.store.unit("desk") as unit:
        row = {"username": "olive.officer@landlord.example", "name": "Local", "roles": ["administrator"], "created_at": NOON}
        unit.insert(Staff, [row])
        unit.commit()
    office.sign_in()
    local, council = office.staff()
    assert local.subject is None and council.username == "olive.officer@landlord.example-2"


@pytest.mark.parametrize("given", [[], ["Somebody.Else"], None, "Intake.Officers", [["Intake.Officer"]], {"a": 1}], ids=str)
def test_whoever_has_no_role_is_refused_with_a_page_that_says_so_and_leaves_no_account(office, given):
    office.directory.person["roles"] = given
    done = office.sign_in()
    assert done.status_code == 403 and "no role at this desk" in done.text
    assert office.staff() == [] and office.client.cookies.get("intake-desk") is None


def test_whoever_loses_their_last_role_is_signed_out_wherever_they_were(office):
    office.sign_in()
    elsewhere = client_of(office.house)
    elsewhere.cookies.set("intake-desk", office.client.cookies.get("intake-desk"))
    assert elsewhere.get("/queue").status_code == 200
    office.directory.person["roles"] = []
    office.client.cookies.delete("intake-desk")
    assert office.sign_in().status_code == 403
    assert elsewhere.get("/queue").status_code == 303 and office.open_sessions() == []


def test_a_closed_account_is_refused(office):
    office.sign_in()
    with office.house.store.unit("desk") as unit:
        unit.update(Staff, office.staff()[0].id, disabled_at=NOON)
        unit.commit()
    done = office.sign_in()
    assert done.status_code == 403 and "is closed" in done.text
    assert office.client.get("/queue").status_code == 303


def bent(**changes):
    return lambda claims: {name: value for name, value in (claims | changes).items() if value is not None}


def later(**changes):
    return lambda claims: claims | {name: claims[name] + seconds for name, seconds in changes.items()}


WRONG_TOKENS = {
    "another issuer": bent(iss="https://login.example/other/v2.0"),
    "no issuer": bent(iss=None),
    "another client's audience": bent(aud="another-client"),
    "another audience, though we are the authorised party": bent(aud="another-client", azp=CLIENT),
    "our audience, for another authorised party": bent(azp="another-client"),
    "no audience": bent(aud=None),
    "expired": later(exp=-3600 - 120),
    "no expiry": bent(exp=None),
    "not valid yet": later(nbf=3600),
    "issued in the future": later(iat=3600),
    "another nonce": bent(nonce="replayed"),
    "no nonce": bent(nonce=None),
    "no subject": bent(sub=None),
    "no number of the person": bent(oid=None),
    "a number that is no text": bent(oid=7),
}


@pytest.mark.parametrize("bend", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_token_in_which_anything_is_wrong_signs_nobody_in(office, bend):
    office.directory.bend = bend
    done = office.sign_in()
    assert done.status_code == 403 and "could not be checked" in done.text
    assert office.staff() == [] and office.client.cookies.get("intake-desk") is None


def unsigned(claims):
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{coded[0]}.{coded[1]}."


WRONG_SIGNATURES = {
    "another key under a published name": lambda claims: jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, OTHER_KEY),
    "a key that is not published": lambda claims: jwt.encode({"alg": "RS256", "kid": "key-9"}, claims, OTHER_KEY),
    "our own secret": lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "key-1"}, claims, OctKey.import_key("a secret / with + odd & signs")
    ),
    "the public key as a secret": lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "key-1"}, claims, OctKey.import_key(KEY.as_pem(private=False).hex())
    ),
    "none": unsigned,
    "another algorithm than published": lambda claims: jwt.encode(
        {"alg": "RS512", "kid": "key-1"}, claims, KEY, algorithms=["RS512"]
    ),
    "no token at all": lambda claims: "not a token",
}


@pytest.mark.parametrize("sign", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_token_that_the_tenant_did_not_sign_signs_nobody_in(office, sign):
    office.directory.sign = sign
    done = office.sign_in()
    assert done.status_code == 403 and office.staff() == []


def test_a_key_that_is_new_is_asked_for_and_keys_are_otherwise_remembered(office):
    office.sign_in()
    office.sign_in()
    assert sum(path.endswith("/keys") for path in office.directory.asked) == 1
    assert sum(path.endswith("openid-configuration") for path in office.directory.asked) == 1
    office.house.clock.at = NOON.replace(minute=2)
    office.directory.key = OTHER_KEY
    assert office.sign_in().headers["location"] == "/"
    assert sum(path.endswith("/keys") for path in office.directory.asked) == 2


def test_what_is_published_is_asked_for_again_after_half_a_day(office):
    office.sign_in()
    office.house.clock.at = NOON.replace(day=24, hour=1)
    office.sign_in()
    assert sum(path.endswith("openid-configuration") for path in office.directory.asked) == 2


def test_a_state_that_this_browser_was_not_sent_off_with_is_refused(office):
    address = office.leave()
    other = client_of(office.house)
    answer = httpx2.get(address, follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    assert other.get(answer).status_code == 400, "another browser"
    bent_state = answer.replace("state=", "state=x")
    assert office.client.get(bent_state).status_code == 400
    assert office.client.get(answer).status_code == 400, "what the browser was sent off with is good once"
    assert office.staff() == []


def test_a_sign_in_that_takes_longer_than_a_quarter_of_an_hour_is_begun_again(office):
    answer = httpx2.get(office.leave(), follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    office.house.clock.at = NOON.replace(minute=16)
    assert office.client.get(answer).status_code == 400


def test_a_code_is_good_once(office):
    address = office.leave()
    answer = httpx2.get(address, follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    kept = office.client.cookies.get("intake-handshake")
    assert office.client.get(answer).status_code == 303
    office.client.cookies.set("intake-handshake", kept)
    done = office.client.get(answer)
    assert done.status_code == 403 and "invalid_grant" in done.text


def test_the_tenant_refuses_a_code_whose_verifier_does_not_match(office):
    first = httpx2.get(office.leave(), follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    code = parse_qs(urlsplit(first).query)["code"][0]
    second = httpx2.get(office.leave(), follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    state = parse_qs(urlsplit(second).query)["state"][0]
    done = office.client.get("/sign-in/council/done", params={"code": code, "state": state})
    assert done.status_code == 403 and "invalid_grant" in done.text


@pytest.mark.parametrize(("error", "shown"), [("access_denied", "access_denied"), ("<script>", "unknown")])
def test_a_refusal_of_the_tenant_is_said_in_its_own_code(office, error, shown):
    office.directory.refuse = error
    done = office.sign_in()
    assert done.status_code == 403 and f"It says: {shown}." in done.text and "<script>" not in done.text


def test_a_wrong_secret_signs_nobody_in(office):
    office.directory.secret = "another"
    done = office.sign_in()
    assert done.status_code == 403 and "invalid_client" in done.text


def test_a_tenant_that_wants_the_secret_in_the_form_gets_it_there(office):
    office.directory.methods = ("client_secret_post",)
    assert office.sign_in().headers["location"] == "/"


def test_a_tenant_that_is_down_is_said_to_be_down_before_and_after(office):
    office.directory.broken = True
    done = office.client.get("/sign-in/council")
    assert done.status_code == 503 and "Your Landlord account cannot be reached" in done.text
    office.directory.broken = False
    answer = httpx2.get(office.leave(), follow_redirects=False).headers["location"].removeprefix(ORIGIN)
    office.directory.broken = True
    assert office.client.get(answer).status_code == 503
    assert office.staff() == []


def test_a_tenant_that_is_not_there_at_all_is_said_to_be_down(office):
    office.directory.base = ""
    with standing(Directory(redirect_uri="", now=office.house.clock.now, key=KEY)) as gone:
        address = gone.discovery_url
    sign_on = office.house.settings.desk.sign_on.model_copy(update={"discovery_url": address})
    desk = office.house.settings.desk.model_copy(update={"sign_on": sign_on})
    office.house.settings = office.house.settings.model_copy(update={"desk": desk})
    assert client_of(office.house).get("/sign-in/council").status_code == 503


def test_a_discovery_address_of_another_issuer_is_not_believed(office):
    office.directory.base = office.directory.base.replace("127.0.0.1", "localhost")
    done = office.client.get("/sign-in/council")
    assert done.status_code == 403 and "could not be checked" in done.text


def test_only_pages_of_ours_are_gone_back_to(office):
    assert office.sign_in("https://evil.example/").headers["location"] == "/"
    assert office.sign_in("//evil.example/").headers["location"] == "/"


def test_a_new_sign_in_is_a_new_session_and_ends_the_one_before(office):
    office.sign_in()
    first = office.client.cookies.get("intake-desk")
    office.sign_in()
    second = office.client.cookies.get("intake-desk")
    assert first != second and len(office.open_sessions()) == 1


def test_without_single_sign_on_there_is_no_such_page(house_of):
    client = client_of(house_of())
    assert client.get("/sign-in/council").status_code == 404
    assert client.get("/sign-in/council/done").status_code == 404


RIGHT = {
    "discovery_url": "https://login.example/tenant/v2.0/.well-known/openid-configuration",
    "client_id": "x",
    "client_secret_file": "x",
    "roles": {"officer": "O"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"discovery_url": "http://login.example/tenant/v2.0/.well-known/openid-configuration"},
        {"discovery_url": "https://login.example/common/v2.0/.well-known/openid-configuration"},
        {"discovery_url": "https://login.example/organizations/v2.0/.well-known/openid-configuration"},
        {"discovery_url": "https://login.example/tenant"},
        {"roles": {}},
        {"roles": {"emperor": "E"}},
    ],
    ids=str,
)
def test_settings_that_would_let_anybody_or_nobody_in_are_refused(change):
    SignOnSettings(**RIGHT)
    with pytest.raises(ValueError):
        SignOnSettings(**(RIGHT | change))
