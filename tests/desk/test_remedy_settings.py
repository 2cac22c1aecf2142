"""What the landlord sets of remedies: limits, what is read beside an amount, and bands in order (Code 5.13, 7.4)."""

import re
import tomllib

import pytest
from pydantic import ValidationError

from desk.config import EXAMPLE, load_settings
from desk.remedy_settings import RemedySettings

LOW = {"from_pounds": 1, "to_pounds": 20, "what_for": "a small trouble"}
HIGH = {"from_pounds": 21, "to_pounds": 40, "what_for": "a greater trouble"}
READING = {"title": "Our policy", "link": "https://example.gov.uk/policy"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"bands": [LOW | {"from_pounds": 21}]}, "from_pounds is more than to_pounds"),
        ({"bands": [HIGH, LOW]}, "from the lowest to the highest"),
        ({"bands": [LOW, HIGH | {"from_pounds": 20}]}, "each beginning above the end"),
        ({"bands": [LOW | {"what_for": ""}]}, "what_for"),
        ({"policy": READING | {"link": "javascript:alert(1)"}}, "link"),
        ({"guidance": READING | {"title": ""}}, "title"),
        ({"officer_pounds": 2, "manager_pounds": 1}, "officer_pounds is more"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_its_name(told, said):
    with pytest.raises(ValidationError, match=said):
        RemedySettings(**told)


@pytest.mark.parametrize(
    ("pence", "said"),
    [
        (100, "£1 to £20.99: a small trouble"),
        (2_099, "£1 to £20.99: a small trouble"),
        (2_100, "£21 to £40.99: a greater trouble"),
        (99, "£0.99 is in none of the landlord's bands"),
        (4_100, "£41 is in none of the landlord's bands"),
        (None, ""),
    ],
)
def test_every_amount_is_in_one_band_or_none(pence, said):
    assert RemedySettings(bands=[LOW, HIGH]).beside().band_of(pence) == said


def test_the_example_names_the_ombudsmans_guidance_and_no_band_until_the_landlord_sets_one():
    beside = load_settings(EXAMPLE).remedies.beside()
    assert [reading.link for reading in beside.readings] == [
        "https://www.housing-ombudsman.org.uk/landlords-info/guidance-notes/"
    ]
    assert beside.bands == ()
    assert beside.band_of(100) == ""


def test_what_the_example_shows_of_policy_and_bands_is_taken_and_says_that_it_is_made_up():
    blocks = re.findall(r"^# \[{1,2}remedies\.\w+\]{1,2}[^\n]*\n(?:# \w[^\n]*\n)+", EXAMPLE.read_text(), re.MULTILINE)
    told = tomllib.loads("".join(line.removeprefix("# ") for line in "".join(blocks).splitlines(keepends=True)))
    settings = RemedySettings(**told["remedies"])
    assert settings.policy is not None
    assert [band.what_for.startswith("made up: ") for band in settings.bands] == [True, True]
