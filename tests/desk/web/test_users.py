"""People's accounts: on the pages for administrators, and by the commands, on an empty store too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE
from desk.web.sign_passwords import Passwords
from desks import add_person, client_of, sign_in, signed_in
from houses import NOON
from store.desk_models import Staff, StaffSession
from store.engine import open_store
from store.schema import current_revision


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def admin(house):
    return signed_in(house, "adam", "administrator")


def staff_of(house, username):
    with house.store.glance() as glance:
        found = glance.find(Staff, username=username)
    return found[0] if found else None


def what_changed(house, username):
    return [(note["by"], note["what"]) for note in staff_of(house, username).preferences["changes"]]


def seen_on(client, number):
    return re.search(r'name="seen" value="([^"]*)"', client.get(f"/users/{number}").text).group(1)


NEW = {"username": "eve.new", "name": "Eve New", "roles": ["officer", "auditor"], "teams": ["repairs", "nowhere"]}


# ---- Pages


def test_an_account_is_added_with_a_password_that_is_shown_once_and_works(house, admin):
    page = admin.post("/users/new", data=NEW)
    password = re.search(r'<code class="desk-secret">([a-z0-9-]+)</code>', page.text).group(1)
    eve = staff_of(house, "eve.new")
    assert (eve.name, eve.roles, eve.teams) == ("Eve New", ["officer", "auditor"], ["repairs"])
    assert password not in admin.get(f"/users/{eve.id}").text and page.headers["cache-control"] == "no-store"
    done = client_of(house).post("/sign-in", data={"username": "eve.new", "password": password})
    assert done.status_code == 303
    assert what_changed(house, "eve.new") == [("adam", "account added")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "x" * 101}, "username"),
        ({"username": "machine"}, "username"),
        ({"username": "Adam"}, "username"),
        ({"username": "a\0b"}, "username"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["emperor"]}, "roles"),
    ],
    ids=str,
)
def test_an_account_that_cannot_be_is_refused_by_its_field_and_nothing_typed_is_lost(admin, change, field):
    page = admin.post("/users/new", data=NEW | change)
    assert page.status_code == 422 and f'href="#{field}"' in page.text and f'id="{field}"' in page.text
    assert "Error: Add a local account" in page.text
    if "name" not in change:
        assert 'value="Eve New"' in page.text


def test_a_user_name_is_never_given_twice_even_when_the_account_is_closed(house, admin):
    add_person(house, "gone", "officer", disabled_at=NOON)
    assert admin.post("/users/new", data=NEW | {"username": "gone"}).status_code == 422


def test_roles_and_teams_are_changed_and_the_change_is_kept_with_who_made_it(house, admin):
    bob = add_person(house, "bob", "officer", teams=("repairs",))
    form = {"seen": seen_on(admin, bob), "roles": ["manager"], "teams": ["complaints", "repairs"]}
    assert admin.post(f"/users/{bob}", data=form).headers["location"] == f"/users/{bob}?told=account"
    assert (staff_of(house, "bob").roles, staff_of(house, "bob").teams) == (["manager"], ["complaints", "repairs"])
    said = "roles: officer to manager; teams: repairs to complaints, repairs"
    assert what_changed(house, "bob") == [("adam", said)] and said in admin.get(f"/users/{bob}").text


def test_a_change_that_came_second_is_refused_with_both_shown_and_can_be_made_again(house, admin):
    bob = add_person(house, "bob", "officer", teams=("repairs",))
    second = signed_in(house, "anna", "administrator")
    seen = seen_on(second, bob)
    admin.post(f"/users/{bob}", data={"seen": seen, "roles": ["manager"], "teams": ["repairs"]})
    refused = second.post(f"/users/{bob}", data={"seen": seen, "roles": ["auditor"], "teams": ["asb"]})
    assert refused.status_code == 409 and "Somebody else changed this account first" in refused.text
    assert "<strong>manager</strong>" in refused.text and 'value="auditor" checked' in refused.text
    assert staff_of(house, "bob").roles == ["manager"]
    again = re.search(r'name="seen" value="([^"]*)"', refused.text).group(1)
    second.post(f"/users/{bob}", data={"seen": again, "roles": ["auditor"], "teams": ["asb"]})
    assert staff_of(house, "bob").roles == ["auditor"]


def test_nobody_changes_their_own_roles_or_closes_their_own_account(house, admin):
    adam = staff_of(house, "adam").id
    done = admin.post(f"/users/{adam}", data={"seen": seen_on(admin, adam), "roles": ["administrator", "manager"]})
    assert done.status_code == 422 and "Nobody changes their own roles" in done.text
    assert admin.post(f"/users/{adam}/close").status_code == 422
    assert (staff_of(house, "adam").roles, staff_of(house, "adam").disabled_at) == (["administrator"], None)


def test_closing_an_account_signs_out_at_once_and_opening_it_brings_no_old_session_back(house, admin):
    bob = add_person(house, "bob", "officer")
    client = sign_in(house, client_of(house), "bob")
    assert client.get("/queue").status_code == 200
    assert "Close the account of Bob?" in admin.get(f"/users/{bob}/close").text
    admin.post(f"/users/{bob}/close")
    assert client.get("/queue").status_code == 303
    admin.post(f"/users/{bob}/open")
    assert client.get("/queue").status_code == 303 and staff_of(house, "bob").disabled_at is None
    assert what_changed(house, "bob") == [("adam", "account closed"), ("adam", "account opened again")]


def test_a_lost_password_and_a_lost_telephone_are_replaced(house, admin):
    old = Passwords().hashed("three words lantern")
    bob = add_person(house, "bob", "officer", password_hash=old, totp_secret="JBSWY3DPEHPK3PXP", totp_step=5)
    client = sign_in(house, client_of(house), "bob")
    page = admin.post(f"/users/{bob}/password")
    password = re.search(r'<code class="desk-secret">([a-z0-9-]+)</code>', page.text).group(1)
    assert client.get("/queue").status_code == 303
    admin.post(f"/users/{bob}/second-factor-off")
    assert (
        client_of(house).post("/sign-in", data={"username": "bob", "password": password}).headers["location"] != "/sign-in/code"
    )
    assert [what for _by, what in what_changed(house, "bob")] == ["password changed", "second factor turned off"]


def test_the_councils_own_people_keep_the_roles_that_the_council_gives_them(house, admin):
    bob = add_person(house, "bob", "officer", issuer="https://login.example", subject="1")
    assert 'name="roles"' not in admin.get(f"/users/{bob}").text
    admin.post(f"/users/{bob}", data={"seen": seen_on(admin, bob), "roles": ["administrator"], "teams": ["asb"]})
    assert (staff_of(house, "bob").roles, staff_of(house, "bob").teams) == (["officer"], ["asb"])
    assert admin.post(f"/users/{bob}/password").status_code == 404


def test_without_local_accounts_none_is_added(house_of):
    house = house_of(desk={})
    admin = signed_in(house, "adam", "administrator")
    assert admin.get("/users/new").status_code == 404 and admin.post("/users/new", data=NEW).status_code == 404
    assert "single sign-on" in admin.get("/users").text and staff_of(house, "eve.new") is None


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "-1", "x"])
def test_there_is_no_page_for_nobody(admin, number):
    assert admin.get(f"/users/{number}").status_code in (404, 422)
    assert admin.post(f"/users/{number}/close").status_code in (404, 422)


# ---- Commands


class Office:
    """A landlord's folder with a configuration and, at first, no store."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/intake.db"
        self.config = folder / "config.toml"
        text = EXAMPLE.read_text().replace("sqlite:///var/intake.db", self.url).replace("var/intake.key", f"{folder}/key")
        self.config.write_text(text)

    def run(self, *words, stdin=None):
        """Run a command; return its exit code, what it printed, and what it said on stderr."""
        done = CliRunner().invoke(app, ["users", *words, "--config", str(self.config)], input=stdin)
        return done.exit_code, done.stdout, done.stderr + (str(done.exception) if done.exception else "")

    def people(self):
        return {person["username"]: person for person in json.loads(self.run("list", "--json")[1])}

    def rows(self, table):
        if current_revision(self.url) is None:
            return []
        with open_store(self.url) as store, store.glance() as glance:
            return glance.find(table)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_the_first_account_is_made_on_an_empty_store(office):
    code, out, _err = office.run("add", "Olive", "--role", "manager", "--role", "administrator", "--generate")
    assert code == 0 and current_revision(office.url) is not None
    password = re.search(r"^password: (\S+)$", out, re.MULTILINE).group(1)
    (olive,) = office.rows(Staff)
    assert (olive.username, olive.name, olive.roles) == ("olive", "Olive", ["manager", "administrator"])
    assert Passwords().check(password, olive.password_hash)[0]
    assert [note["by"] for note in olive.preferences["changes"]] == ["command line"]


def test_a_password_is_taken_from_standard_input_and_not_printed(office):
    code, out, _err = office.run(
        "add", "bob", "--name", "Bob B", "--team", "repairs", "--password-stdin", stdin="a fine lantern\n"
    )
    assert code == 0 and "a fine lantern" not in out
    bob = office.people()["bob"]
    assert (bob["name"], bob["roles"], bob["teams"], bob["account"]) == ("Bob B", ["officer"], ["repairs"], "local")
    assert Passwords().check("a fine lantern", office.rows(Staff)[0].password_hash)[0]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("add", "bob", "--password-stdin"), "short\n", "at least 12"),
        (("add", "bob", "--password-stdin"), "Password12345!\n", "tried first"),
        (("add", "bob", "--password-stdin"), "bobs-lantern-bob\n", None),
        (("add", "bobby", "--password-stdin"), "bobby-has-a-lantern\n", "your name"),
        (("add", "bob", "--team", "nowhere", "--generate"), None, "there is no team nowhere"),
        (("add", "two words", "--generate"), None, "A user name has"),
        (("add", "sweep", "--generate"), None, "A user name has"),
        (("add", "bob", "--generate", "--password-stdin"), "x\n", "cannot both"),
        (("add", "bob"), None, "--password-stdin or --generate"),
        (("disable", "nobody"), None, "there is nobody called nobody"),
        (("password", "nobody", "--generate"), None, "there is nobody called nobody"),
        (("roles", "nobody", "--role", "officer"), None, "there is nobody called nobody"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_in_one_sentence(office, words, stdin, said):
    code, _out, err = office.run(*words, stdin=stdin)
    if said is None:
        assert code == 0, err
        return
    assert code != 0 and said in err and office.rows(Staff) == []


def test_a_name_is_not_added_twice(office):
    office.run("add", "bob", "--generate")
    code, _out, err = office.run("add", "BOB", "--generate")
    assert code != 0 and "already" in err and len(office.rows(Staff)) == 1


def test_disabling_ends_the_sessions_and_enabling_lets_in_again(office):
    office.run("add", "bob", "--generate")
    (bob,) = office.rows(Staff)
    with open_store(office.url) as store, store.unit("desk") as unit:
        unit.insert(StaffSession, [{"token_sha256": "x", "staff_id": bob.id, "started_at": NOON, "seen_at": NOON}])
        unit.commit()
    assert office.run("disable", "bob")[0] == 0
    assert office.people()["bob"]["disabled_at"] and office.rows(StaffSession)[0].ended_why == "account closed"
    assert office.run("enable", "bob")[0] == 0 and office.people()["bob"]["disabled_at"] is None
    assert office.rows(StaffSession)[0].ended_at is not None


def test_roles_are_set_and_at_least_one_is_needed(office):
    office.run("add", "bob", "--generate")
    assert office.run("roles", "bob", "--role", "auditor")[0] == 0 and office.people()["bob"]["roles"] == ["auditor"]
    code, _out, err = office.run("roles", "bob")
    assert code != 0 and "at least one role" in err and office.people()["bob"]["roles"] == ["auditor"]


def test_a_new_password_turns_the_second_factor_off(office):
    office.run("add", "bob", "--generate")
    with open_store(office.url) as store, store.unit("desk") as unit:
        unit.update(Staff, office.rows(Staff)[0].id, totp_secret="JBSWY3DPEHPK3PXP")
        unit.commit()
    assert office.people()["bob"]["second_factor"] is True
    assert office.run("password", "bob", "--password-stdin", stdin="another lantern\n")[0] == 0
    (bob,) = office.rows(Staff)
    assert bob.totp_secret is None and Passwords().check("another lantern", bob.password_hash)[0]


def test_the_list_shows_no_secret(office):
    office.run("add", "bob", "--generate")
    _code, table, _err = office.run("list")
    assert "bob" in table and "argon2" not in table and "argon2" not in office.run("list", "--json")[1]


def test_a_warning_says_when_local_accounts_are_off(office):
    assert "Warning" not in office.run("add", "bob", "--generate")[2]
    text = office.config.read_text()
    assert "local_accounts = true" in text
    office.config.write_text(text.replace("local_accounts = true", "local_accounts = false"))
    code, _out, err = office.run("add", "carl", "--generate")
    assert code == 0 and "local accounts are off" in err
