"""The subject of an answer to our letter is ours: it makes nobody ask for anything."""

import pytest

from handlers.subjects import own_subject
from houses import Judge, arrive, house_of, mail, settle
from store.models import OutboxEntry

__all__ = ["house_of"]
OURS = "Re: Your stage 1 complaint LBL-27-K57CT6-MG: we are looking into it"


@pytest.mark.parametrize(
    ("subject", "words", "left"),
    [
        (OURS, "It was the 26th.", ""),
        (OURS.replace("Re:", "AW [2]:"), "It was the 26th.", ""),
        (OURS, "See above.", OURS),
        (OURS.removeprefix("Re: "), "It was the 26th.", OURS.removeprefix("Re: ")),
        ("Re: my boiler", "It was the 26th.", "Re: my boiler"),
    ],
)
def test_a_subject_that_repeats_ours_is_not_the_writers(subject, words, left):
    assert own_subject(subject, words) == left


def test_the_classifier_is_not_shown_our_own_subject(house_of):
    seen = []

    class Listening(Judge):
        def classify(self, text):
            seen.append(text.subject)
            return super().classify(text)

    house = house_of(classifier=Listening())
    arrive(house, mail("complaint! Nobody came.", subject="My boiler"))
    settle(house)
    with house.store.glance() as glance:
        (letter,) = glance.find(OutboxEntry)
    arrive(house, mail("It was the 26th.", In_Reply_To=letter.header_id, subject=f"Re: {letter.subject}"))
    settle(house)
    assert seen == ["My boiler", None]
