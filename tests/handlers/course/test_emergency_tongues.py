"""Whoever writes of an emergency in another language is told at once to phone, and the duty officer is called (law file, section 1)."""

from hazard_house import rows

from classifiers.danger_words.tongues import TONGUES
from houses import arrive, house_of, mail, settle
from store.hazard_models import Page
from store.models import Case, OutboxEntry

__all__ = ["house_of"]

SAID = {
    "pl": "Dobry wieczór, w całej klatce czuć gazem, boimy się zapalić światło. Proszę przyjechać.",
    "ro": "Bună seara, în bucătărie miroase puternic a gaz și ne doare capul.",
    "es": "Buenas noches, huele mucho a gas en el pasillo y mi madre está mareada.",
    "pt": "Boa noite, está a cheirar muito a gás na escada, venham depressa por favor.",
    "fr": "Bonsoir, il y a une forte odeur de gaz dans l'entrée, nous avons peur.",
    "tr": "İyi akşamlar, mutfakta çok ağır bir gaz kokusu var, ne yapalım?",
    "ar": "مساء الخير، في رائحة غاز قوية في المطبخ والأولاد نايمين",
    "so": "Fiid wanaagsan, gaaska ayaa ka baxaya jikada, carruurtu way qufacayaan.",
    "bn": "রান্নাঘরে আগুন লেগেছে, আমরা বের হতে পারছি না, তাড়াতাড়ি আসেন",
    "ur": "باورچی خانے میں گیس کی بو آ رہی ہے، بچے گھر میں ہیں",
    "vi": "Nhà tôi có mùi gas rất nặng trong bếp, con tôi bị chóng mặt",
    "zh": "厨房里闻到很重的煤气味，孩子头晕，请马上来人",
}


def test_each_language_with_danger_words_is_answered_with_the_numbers_to_phone_and_calls_somebody(house_of):
    house = house_of(duty={"officers": [{"name": "Duty", "mail": "duty@example.gov.uk"}]})
    del house.__dict__["classifier"]  # the packaged model and its tables, as in service
    assert set(SAID) == {tongue.code for tongue in TONGUES}
    for code, words in SAID.items():
        arrive(house, mail(words, sender=f"{code}@resident.example"), sender=f"{code}@resident.example")
    settle(house)
    cases = {case.resident_address.partition("@")[0]: case for case in rows(house, Case)}
    called = {page.case_id for page in rows(house, Page)}
    told = {letter.case_id for letter in rows(house, OutboxEntry) if "Please phone now if anyone is in danger" in letter.text}
    assert {code for code, case in cases.items() if case.id not in called} == set()
    assert {code for code, case in cases.items() if case.id not in told} == set()
    assert len(cases) == len(SAID)
