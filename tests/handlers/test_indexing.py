"""What comes in is found within moments, attached files after it; nothing that cannot be read stops the rest."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage

import pytest

from handlers.indexing import AT_LATEST, BATCH, COMPARE_EVERY, MANY
from houses import arrive, mail, settle
from store.errors import StoreUnavailable
from store.models import Case
from store.search import Wanted, forget, found_cases, terms
from store.search_models import SearchCase, SearchFile
from store.search_upkeep import Behind, behind


def index(indexing):
    """Let the index come up to date, words and files by turns; fail where that has no end."""
    for _ in range(200):
        if not (indexing.words_once() | indexing.files_once()):
            return
    pytest.fail("indexing has no end")


def found(house, query):
    with house.store.glance() as glance:
        return [each.case.subject for each in found_cases(glance, Wanted(terms=terms(query), username="olive"), None, 100)]


def with_files(words, *files, subject="My home"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ada@resident.example", "housing@landlord.example", subject
    made["Message-ID"] = f"<{abs(hash((words, files, subject))):x}@resident.example>"
    made.set_content(words)
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def test_a_message_is_found_by_its_words_its_sender_and_its_files(house_of):
    house = house_of()
    indexing = house.indexing()
    index(indexing)
    arrive(
        house, with_files("complaint! the boiler leaks", ("report.txt", b"The surveyor saw efflorescence."), subject="Heating")
    )
    settle(house)
    assert found(house, "boiler") == []
    index(indexing)
    for query in ("boilers", "ada@resident.example", "efflorescence", "report.txt", "heating leak efflorescence"):
        assert found(house, query) == ["Heating"], query


def test_what_was_there_before_is_indexed_after_a_start(house_of):
    house = house_of()
    for number in range(BATCH + 5):
        arrive(house, mail(f"complaint! word{number} boiler", subject=f"Case {number}"))
    settle(house)
    index(house.indexing())
    assert len(found(house, "boiler")) == BATCH + 5
    with house.store.glance() as glance:
        assert behind(glance).cases == 0


def test_words_can_be_found_before_the_files_beside_them_are_read(house_of):
    house = house_of()
    indexing = house.indexing()
    arrive(house, with_files("complaint! the boiler leaks", ("slow.txt", b"condensation")))
    settle(house)
    while indexing.words_once():
        pass
    assert found(house, "boiler") == ["My home"]
    assert found(house, "slow.txt") == ["My home"]
    assert found(house, "condensation") == []
    index(indexing)
    assert found(house, "condensation") == ["My home"]


def test_a_file_that_cannot_be_read_stops_nothing_and_is_tried_once(house_of):
    house = house_of()
    indexing = house.indexing()
    files = (
        ("bad.pdf", b"%PDF-1.7 broken beyond repair"),
        ("bad.docx", b"PK\x03\x04 no archive"),
        ("good.txt", b"efflorescence"),
    )
    arrive(house, with_files("complaint! see attached", *files))
    arrive(house, mail("complaint! another boiler", subject="Other"))
    settle(house)
    index(indexing)
    assert found(house, "efflorescence") == ["My home"]
    assert found(house, "boiler") == ["Other"]
    with house.store.glance() as glance:
        kept = glance.find(SearchFile)
    assert [(file.name, bool(file.problem)) for file in kept] == [("bad.pdf", True), ("bad.docx", True), ("good.txt", False)]
    assert not indexing.files_once()


def test_an_indexer_that_is_killed_at_any_commit_leaves_nothing_out(house_of):
    class Killed(BaseException):
        pass

    commits, deadly = [], set()

    def kill(border, moment):
        if border == "search":
            commits.append(moment)
            if len(commits) in deadly:
                raise Killed

    house = house_of()
    house.on_border = kill
    arrive(house, with_files("complaint! the boiler leaks", ("report.txt", b"efflorescence")))
    arrive(house, with_files("complaint! the roof leaks", ("other.txt", b"condensation"), subject="Roof"))
    settle(house)
    for count in range(1, 9):
        commits.clear()
        deadly.add(count)
        with suppress(Killed):
            index(house.indexing())
        deadly.clear()
    index(house.indexing())
    assert found(house, "boiler efflorescence") == ["My home"]
    assert found(house, "roof condensation") == ["Roof"]
    with house.store.glance() as glance:
        assert len(glance.find(SearchFile)) == 2
        assert behind(glance) == Behind(cases=0, with_files=0)


def test_a_case_that_breaks_the_index_does_not_keep_the_others_out(house_of, caplog):
    house = house_of()
    indexing = house.indexing()
    for number in range(3):
        arrive(house, mail(f"complaint! boiler {number}", subject=f"Case {number}"))
    settle(house)
    with house.store.glance() as glance:
        broken = glance.find(Case)[1].id
    together = indexing._index_together

    def fails(case_ids):
        if broken in case_ids:
            raise ValueError("no such word")
        together(case_ids)

    indexing._index_together = fails
    index(indexing)
    assert sorted(found(house, "boiler")) == ["Case 0", "Case 2"]
    assert not indexing.words_once()


def test_a_store_that_is_away_is_waited_for(house_of):
    house = house_of()
    indexing = house.indexing()
    arrive(house, mail("complaint! boiler"))
    settle(house)

    def away(_case_ids):
        raise StoreUnavailable("gone")

    indexing._index_together = away
    with pytest.raises(StoreUnavailable):
        indexing.words_once()
    with house.store.glance() as glance:
        assert glance.find(SearchCase) == []


def test_what_a_failed_round_left_out_is_found_by_comparing(house_of):
    house = house_of()
    indexing = house.indexing()
    index(indexing)
    arrive(house, mail("complaint! boiler"))
    settle(house)
    together = indexing._index_together
    indexing._index_together = lambda _case_ids: None  # as if another process had the index and then died
    index(indexing)
    indexing._index_together = together
    index(indexing)
    assert found(house, "boiler") == []
    house.clock.at += COMPARE_EVERY
    index(indexing)
    assert found(house, "boiler") == ["My home"]


def test_what_was_forgotten_of_a_case_that_stands_comes_back_only_by_comparing(house_of):
    house = house_of()
    indexing = house.indexing()
    arrive(house, mail("complaint! boiler"))
    settle(house)
    index(indexing)
    with house.store.unit("T6") as unit:
        forget(unit, unit.find(Case)[0].id)
        unit.commit()
    index(indexing)
    assert found(house, "boiler") == []
    house.clock.at += COMPARE_EVERY
    index(indexing)
    assert found(house, "boiler") == ["My home"]


def test_while_many_messages_wait_indexing_gives_way_but_not_for_ever(house_of):
    house = house_of()
    indexing = house.indexing()
    arrive(house, mail("complaint! boiler"))
    settle(house)
    for number in range(MANY + 1):
        arrive(house, mail(f"complaint! waiting {number}"))
    assert not indexing.words_once()
    assert not indexing.files_once()
    assert found(house, "boiler") == []
    house.clock.at += AT_LATEST
    assert indexing.words_once()
    assert found(house, "boiler") == ["My home"]


def test_another_case_is_indexed_once_though_several_events_name_it(house_of):
    house = house_of()
    indexing = house.indexing()
    index(indexing)
    arrive(house, mail("complaint! boiler"))
    settle(house)
    asked = []
    together = indexing._index_together
    indexing._index_together = lambda case_ids: (asked.append(list(case_ids)), together(case_ids))
    index(indexing)
    house.clock.at += timedelta(minutes=1)
    index(indexing)
    assert asked == [[1]]
