"""A store filled by copying is a store in which the system goes on working."""

from benchmarks.ledger import Ledger
from benchmarks.preload import multiply
from houses import arrive, mail, settle

COUNTS = {name: f"SELECT count(*) FROM {name}" for name in ("message", "raw_content", "outbox", "case_event", "deadline")}
COUNTS |= {"parties": "SELECT count(DISTINCT address) FROM party", "threads": "SELECT count(DISTINCT header_id) FROM message"}


def test_copied_cases_are_cases_of_their_own_and_new_mail_is_handled_beside_them(house_of, migrated_url):
    house = house_of()
    for number in range(3):
        arrive(house, mail("complaint! nobody came", sender=f"r{number}@resident.example", subject=f"Lift {number}"))
    settle(house)
    ledger = Ledger(migrated_url)
    before = {name: ledger.number(query) for name, query in COUNTS.items()}
    ledger.close()
    assert multiply(migrated_url, 4) == 15
    ledger = Ledger(migrated_url)
    assert {name: ledger.number(query) for name, query in COUNTS.items()} == {name: 5 * count for name, count in before.items()}
    arrive(house, mail("complaint! nobody came to me", sender="new@resident.example", subject="Lift"))
    assert settle(house) == 1
    assert ledger.number("SELECT count(*) FROM case_file") == 16
    assert ledger.number(COUNTS["outbox"]) == 5 * before["outbox"] + 1
    ledger.close()
    house.store.close()
