"""Surveys in the settings, at the terminal and at the desk: a link that says nobody's name, figures, and a wish that is kept."""

import json

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE, Mistake, load_settings
from desks import officer
from houses import arrive, house_of, mail, settle
from store.chain import verify_chain
from store.models import Case, Stage
from store.people_models import SurveyStop
from store.schema import migrate

__all__ = ["house_of", "officer"]


def configured(folder, lines):
    """Return a configuration file with these lines under ``[surveys]``."""
    config = folder / "config.toml"
    text = EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
    config.write_text(f"{text}\n[surveys]\n{lines}\n")
    return config


@pytest.mark.parametrize("link", ["https://surveys.example.gov.uk", "https://s.example.org/a-b?x=1&stage={stage}"])
def test_a_link_is_an_address_that_at_the_most_tells_the_stage(tmp_path, link):
    rules = load_settings(configured(tmp_path, f'link = "{link}"\ndays_after_closing = 3\nonce_in_days = 90')).surveys.rules()
    assert (rules.after.days, rules.apart.days) == (3, 90)
    assert rules.link_of(Stage.TWO) == link.replace("{stage}", "2")
    assert rules.link_of(Stage.ONE) == rules.link_of(None) == link.replace("{stage}", "1")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('link = "http://surveys.example.gov.uk"', "write the whole address of your survey"),
        ('link = "surveys.example.gov.uk"', "write the whole address of your survey"),
        ('link = "https://s.example.org/a b"', "write the whole address of your survey"),
        ('link = "https://s.example.org/?case={reference}"', "take out the words in braces"),
        ("days_after_closing = 0", "greater than or equal to 1"),
        ("once_in_days = 0", "greater than or equal to 1"),
        ('page = "x"', "this key is not known"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_mend(tmp_path, lines, said):
    config = configured(tmp_path, lines)
    with pytest.raises(Mistake, match=said):
        load_settings(config)
    answer = CliRunner().invoke(app, ["check-config", "--config", str(config)])
    assert answer.exit_code != 0


def test_the_figures_at_the_terminal(tmp_path):
    config = configured(tmp_path, 'link = "https://surveys.example.gov.uk"')
    migrate(f"sqlite:///{tmp_path}/intake.db")
    asked = ["surveys", "--from", "2026-11-01", "--to", "2026-11-30", "--config", str(config)]
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert told == {
        "from": "2026-11-01",
        "to": "2026-11-30",
        "ended": 0,
        "invited": {"1": 0, "2": 0},
        "not_invited": [],
        "not_looked_at": 0,
    }
    assert "invited, stage 1" in CliRunner().invoke(app, asked).stdout
    for first, said in (("soon", "is not a date"), ("2026-12-01", "is after")):
        with pytest.raises(Mistake, match=said):
            CliRunner().invoke(app, [asked[0], "--from", first, *asked[3:]], catch_exceptions=False)


def test_an_officer_keeps_the_wish_at_the_desk_and_takes_it_back(officer):
    house, client = officer
    arrive(house, mail("complaint! The lift is broken."))
    settle(house)
    with house.store.glance() as glance:
        (case,) = glance.find(Case)
    address = f"/cases/{case.reference}/acts/surveys"
    assert "They may be invited after a case has ended." in client.get(address).text
    assert client.post(address, data={"wish": "stop", "why": ""}).status_code == 422
    assert client.post(address, data={"wish": "stop", "why": "She said so."}).status_code == 303
    assert "They asked for no more invitations." in client.get(address).text
    assert client.post(address, data={"wish": "again", "why": "She changed her mind."}).status_code == 303
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        (row,) = glance.find(SurveyStop)
    assert (row.by, row.ended_by) == ("olive", "olive")
    page = client.get(f"/cases/{case.reference}").text
    for words in ("Invite to surveys, or not", "Wants no more surveys", "May be invited to surveys again"):
        assert words in page
