"""The search page: what it finds and shows, for whom; and that nothing typed into it breaks anything."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desk.web.search import PAGE, SearchQuery, dates_of, day_of, said_number, spot_of
from desks import add_person, client_of, officer, sign_in, signed_in
from houses import arrive, house_of, mail, settle
from store.desk_models import CaseStaff
from store.models import Case

__all__ = ["house_of", "officer"]


def keep(house, *mails):
    """Let mails come in, be settled and be indexed; return the cases, the first first."""
    for number, one in enumerate(mails):
        words, more = one if isinstance(one, tuple) else (one, {})
        arrive(house, mail(words, **({"subject": f"Case {number}"} | more)))
    settle(house)
    bring_up_to_date(house)
    with house.store.glance() as glance:
        return glance.find(Case)


def bring_up_to_date(house):
    indexing = house.indexing()
    while indexing.words_once():
        pass


def change(house, case, **values):
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, **values)
        unit.commit()


class Page(HTMLParser):
    """Keeps the text of some elements, and attributes."""

    def __init__(self, text):
        super().__init__()
        self.links, self.marks, self.titles, self.ids, self._open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self._open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and values.get("href", "").startswith("/"):
            self.links.append(values["href"])

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        for tag, kept in (("mark", self.marks), ("h1", self.titles), ("title", self.titles)):
            if tag in self._open:
                kept.append(data)


def cases_on(response):
    assert response.status_code == 200, response.text
    return [link.removeprefix("/cases/") for link in Page(response.text).links if link.startswith("/cases/")]


def test_before_anything_is_typed_the_page_says_what_can_be(officer):
    _, client = officer
    response = client.get("/search")
    assert response.status_code == 200
    assert "autofocus" in response.text
    assert "What you can search for" in response.text
    assert "More results" not in response.text


def test_a_case_is_found_by_words_and_shown_with_them_marked(officer):
    house, client = officer
    first, second = keep(house, "complaint! nobody mended my leaking <b>boiler</b> & tap", "service_request! a tap")
    response = client.get("/search?q=leak+boiler")
    assert cases_on(response) == [first.reference]
    page = Page(response.text)
    assert page.marks == ["leaking", "boiler"]
    assert "&lt;b&gt;" in response.text
    assert "In a message:" in response.text
    assert "1 case" in response.text
    assert cases_on(client.get("/search?q=tap")) == [second.reference, first.reference]


@pytest.mark.parametrize(
    "spelling", [str, str.lower, lambda text: text.replace("-", ""), lambda text: f"  {text.replace('-', ' ')} "]
)
def test_a_reference_in_any_spelling_leads_straight_to_its_case(officer, spelling):
    house, client = officer
    (case,) = keep(house, "complaint! boiler")
    response = client.get(f"/search?q={quote(spelling(case.reference))}")
    assert (response.status_code, response.headers["location"]) == (303, f"/cases/{case.reference}")


def test_a_restricted_case_is_not_found_by_those_who_may_not_see_it_not_even_by_reference(officer):
    house, client = officer
    (case,) = keep(house, "complaint! my peristeronic boiler")
    change(house, case, restricted=True)
    for query in ("peristeronic", "ada", case.reference, case.reference.replace("-", ""), "resident.example", "boil"):
        response = client.get(f"/search?q={query}")
        assert response.status_code == 200
        assert cases_on(response) == []
        assert "1 case" not in response.text
        assert "peristeronic boiler" not in response.text
    assert cases_on(client.get("/search?q=peristeronic+xylographer")) == []
    assert "1 case" not in client.get("/search?q=peristeronic+xylographer").text
    for name, role in (("mo", "manager"), ("audrey", "auditor")):
        assert cases_on(signed_in(house, name, role).get("/search?q=peristeronic")) == [case.reference]
    with house.store.unit("T6") as unit:
        at = house.clock.now()
        unit.add(
            CaseStaff, [{"case_id": case.id, "username": "olive", "relation": "let_in", "at": at, "by": "mo", "why": "hers"}]
        )
        unit.commit()
    assert cases_on(client.get("/search?q=peristeronic")) == [case.reference]
    assert client.get(f"/search?q={case.reference}").status_code == 303


def test_an_administrator_who_is_nothing_else_may_not_search_and_a_stranger_is_sent_to_sign_in(house_of):
    house = house_of()
    add_person(house, "adam", "administrator")
    assert sign_in(house, client_of(house), "adam").get("/search?q=x").status_code == 403
    assert client_of(house).get("/search?q=x").headers["location"].startswith("/sign-in")


def test_filters_stand_in_the_address_and_are_shown_as_chosen(officer):
    house, client = officer
    first, second = keep(house, "complaint! boiler", "service_request! boiler")
    change(house, first, status="closed")
    assert cases_on(client.get("/search?q=boiler&status=closed")) == [first.reference]
    assert cases_on(client.get("/search?q=boiler&category=service_request")) == [second.reference]
    response = client.get("/search?q=boiler&status=closed&status=open&from=23/11/2026&to=2026-11-23")
    assert cases_on(response) == [second.reference, first.reference]
    assert response.text.count(" checked>") == 2
    assert "2 cases with these filters" in response.text
    assert cases_on(client.get("/search?q=boiler&from=24/11/2026")) == []
    assert cases_on(client.get("/search?q=boiler&to=22.11.2026")) == []
    assert cases_on(client.get(f"/search?q=boiler&team={first.team}&team=nobody")) == [
        case.reference for case in (second, first) if case.team == first.team
    ]


def test_a_date_that_is_none_is_asked_for_again_with_what_was_typed(officer):
    house, client = officer
    keep(house, "complaint! boiler")
    response = client.get("/search?q=boiler&from=soon&to=32/13/2026")
    page = Page(response.text)
    assert response.status_code == 200
    assert "Error:" in "".join(page.titles)
    assert 'value="soon"' in response.text
    assert {"from", "to", "from-error", "to-error"} <= set(page.ids)
    assert cases_on(response) == []
    backwards = client.get("/search?q=boiler&from=2/1/2027&to=1/1/2027")
    assert "must be the same as or after" in backwards.text


def test_results_come_in_pages_that_hold_each_case_once(officer):
    house, client = officer
    kept = keep(house, *[f"complaint! boiler {number}" for number in range(PAGE + 3)])
    first = client.get("/search?q=boiler")
    seen = cases_on(first)
    assert len(seen) == PAGE
    (more,) = [link for link in Page(first.text).links if "after=" in link]
    last = client.get(more)
    assert seen + cases_on(last) == [case.reference for case in reversed(kept)]
    assert "continued" in last.text
    assert "More results" not in last.text
    assert f"{PAGE + 3} cases" in last.text


def test_nothing_found_offers_the_words_one_by_one(officer):
    house, client = officer
    keep(house, "complaint! boiler", ("complaint! a tap", {"subject": "Tap"}))
    response = client.get("/search?q=boiler+tap+xylographer")
    assert "Try fewer words" in response.text
    links = [link for link in Page(response.text).links if link.startswith("/search?q=")]
    assert links == ["/search?q=boiler", "/search?q=tap"]
    assert [len(cases_on(client.get(link))) for link in links] == [1, 1]
    assert "quotation marks" in client.get("/search?q=%22boiler+tap%22").text


def test_a_new_word_is_found_after_a_case_was_changed_by_a_colleague(officer):
    house, client = officer
    (case,) = keep(house, "complaint! boiler")
    from store.search import touch

    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, home="7 Elm Row, SE13 6AB", resident_phone="+44 20 8123 4567")
        touch(unit, case.id)
        unit.commit()
    bring_up_to_date(house)
    for query in ("elm row", "se136ab", "SE13 6AB", "02081234567", "020 8123 4567"):
        assert cases_on(client.get(f"/search?q={quote(query)}")) == [case.reference], query


ODD = [
    '"',
    "'",
    "a AND",
    "NOT",
    "NEAR(",
    "*",
    "^",
    "a:b",
    "&",
    "|",
    "!",
    "<->",
    "\\",
    "%00",
    "\x00",
    "%",
    "'; DROP TABLE case_file--",
    "(" * 50,
    '"a" "',
    "­",
    "ß" * 300,
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.sampled_from(ODD), st.text(max_size=80)),
    st.one_of(
        st.none(), st.sampled_from(["0.1", "9.9", "x", "1.", "-1.5", "0.99999999999999999999", "٣.١"]), st.text(max_size=10)
    ),
    st.sampled_from(["", "closed", "\x00", "'"]),
    st.one_of(st.sampled_from(["", "1/1/1", "9999-12-31", "31/12/9999", "1/1/2026", "٤/١/٢٠٢٧"]), st.text(max_size=12)),
)
@example("boiler", None, "", "0001-01-01")
def test_nothing_typed_or_put_into_the_address_breaks_the_page(officer, query, after, status, day):
    _, client = officer
    given_ = {"q": query, "status": status, "from": day, "to": day, "category": status, "team": status}
    response = client.get("/search", params=given_ if after is None else given_ | {"after": after})
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    title, heading = Page(response.text).titles[0], Page(response.text).titles[1:]
    assert " ".join(title.removeprefix("Error: ").split()).startswith(" ".join("".join(heading).split()))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("4/1/2027", "2027-01-04"),
        ("04.01.2027", "2027-01-04"),
        ("2027-1-4", "2027-01-04"),
        (" 4-1-2027 ", "2027-01-04"),
        ("31/2/2027", None),
        ("4/1/27", None),
        ("1/1/1066", None),
        ("tomorrow", None),
        ("", None),
        ("²/1/2027", None),
    ],
)
def test_dates_are_read_as_people_write_them(written, day):
    found = day_of(written)
    assert (found.isoformat() if found else None) == day


def test_no_date_is_no_mistake():
    assert dates_of(SearchQuery(**{"q": "x", "from": " ", "to": ""})).errors == {}


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 cases"), (1, "1 case"), (1_000, "1,000 cases"), (1_001, "more than 1,000 cases")]
)
def test_the_number_is_said_up_to_a_bound(number, said):
    assert said_number(number) == said


@pytest.mark.parametrize("text", [None, "", "1", "1.", ".1", "a.b", "12.1", "1.9999999999", "-1.1"])
def test_a_place_that_nobody_made_is_the_beginning(text):
    assert spot_of(text) is None
