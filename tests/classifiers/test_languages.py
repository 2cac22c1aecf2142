"""What language a message is in: long, short, romanised, mixed or misspelt; in doubt it is not English.

The words that the model knows are stood in for by those of three files of the corpus; what is asked of the ear lies in others.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.danger_words.folding import words
from classifiers.danger_words.hearing import SmallWords
from classifiers.danger_words.tongues import TONGUES
from classifiers.language import UNSURE, Ear, is_foreign
from classifiers.taxonomy import Category
from classifiers.verdict import Text
from classifiers.vocabulary import ENGLISH

CORPUS = Path(__file__).parents[2] / "classifiers" / "corpus"
KNOWN_FROM = ("repairs-and-pairs", "street-and-stair", "inbox-days", "people-and-money", "ours-or-not", "posts-and-voice-notes")
ASKED = ("report-site", "plain-grievances", "many-voices", "request-or-complaint", "said-quietly")
EAR = Ear()


def texts(*names):
    for name in names:
        for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def cut(text):
    return re.findall(r"[^\W\d_]+|[^\w\s]", text.lower())


@pytest.fixture(scope="module")
def known():
    return {word for text in texts(*KNOWN_FROM) for word in cut(text)}


@pytest.fixture(scope="module")
def language(known):
    def heard(text):
        rows = [(0 if word in known else -1, 1, word in ENGLISH, word[0].isalpha(), 0, 0) for word in cut(text)]
        return EAR.language(text, np.array(rows, dtype=np.int64).reshape(-1, 6))

    return heard


OWN_LANGUAGE = [
    ("pl", "Dzień dobry, czy mogę prosić o nowy klucz do skrzynki na listy? Stary zgubiłam w parku."),
    ("ro", "Bună ziua, aș dori o programare la birou pentru contract, se poate joi după-amiază?"),
    ("es", "Buenas noches, quisiera saber a qué hora abre la oficina mañana porque salgo tarde."),
    ("pt", "Bom dia, gostava de marcar uma visita para ver a janela do quarto, obrigada."),
    ("fr", "Bonjour, pouvez-vous me renvoyer le contrat signé ? Je ne le retrouve plus chez moi."),
    ("tr", "Merhaba, kapı zilimiz çalışmıyor, uygun bir günde birini gönderebilir misiniz?"),
    ("ar", "السلام عليكم، متى يفتح المكتب يوم السبت؟"),
    ("so", "Salaan, waxaan rabaa inaan ogaado goorta uu xafiisku furmayo berri subax, mahadsanid."),
    ("bn", "আপনাদের অফিস শনিবার কয়টায় খোলে?"),
    ("ur", "آپ کا دفتر ہفتے کے دن کب کھلتا ہے؟"),
    ("vi", "Xin hỏi văn phòng mở cửa lúc mấy giờ thứ bảy ạ?"),
    ("zh", "请问办公室星期六几点开门"),
]
SHORT_OR_TYPED_IN_LATIN = [
    ("pl", "Nikt nie przyszedl, czekam caly dzien"),
    ("ro", "va rog trimiteti pe cineva"),
    ("es", "por favor vengan rapido"),
    ("pt", "nao tenho agua quente"),
    ("pt", "ninguem apareceu hoje"),
    ("fr", "mon voisin fait du bruit"),
    ("tr", "gaz kokusu var"),
    ("tr", "kimse gelmedi bugun"),
    ("ar", "الباب مكسور"),
    ("ar", "شكرا"),
    ("ar", "law samaht mish shaghal el sakhan"),
    ("bn", "amar ghore pani nai"),
    ("bn", "keu ase nai"),
    ("bn", "লিফট নষ্ট"),
    ("ur", "bijli nahi hai subah se"),
    ("ur", "bhai pani nahi aa raha"),
    ("ur", "شکریہ"),
    ("vi", "cửa hỏng rồi"),
    ("zh", "漏水"),
    ("zh", "謝謝你們"),
    ("pl", "prosze o klucz do piwnicy"),
    ("es", "el vecino hace ruido"),
    ("so", "albaabka waa jabay"),
    (UNSURE, "ya jama3a el bab maksour"),
    ("bn", "bhai lift nosto"),
    ("zh", "Station Road 超市门口那个"),
]
MIXED_WITH_ENGLISH = [
    ("ur", "bhai boiler not working hai, koi nahi aya abhi tak, bachay thand mein hain"),
    ("ur", "Hi, hamara lift phir se kharab hai, please kisi ko bhejo"),
    ("bn", "Hello sir, amader basay heating kaj kore na, baccha osustho, please taratari asen"),
    ("pl", "Hi, my boiler nie dziala od tygodnia i nikt nie odbiera"),
    ("tr", "hello, asansor yine bozuk ve kimse bakmiyor"),
    ("es", "Hi, mi esposo me pega y tengo miedo, please help"),
]
ENGLISH_ALL_THE_SAME = [
    "lift stuk on 4",
    "water leaking bad help",
    "wen is sum1 comin 2 fix it",
    "ther is a leek in my sealing and its geting worse evry day",
    "plz fone me on 07700 900123",
    "gas man never came",
    "the boylr iz knakerdd and teh ketll is dedd",
    "scooter on landing again",
    "𝓹𝓵𝓮𝓪𝓼𝓮 mend the lift in our block",
    "dis man dem a mek noise every night, the landlord nuh care",
    "abeg person should come and see this water, it dey come from the ceiling",
    "can u pls cum n fix the door its bin brokn 4 ages",
    "Nan and Di live at no 6, can they have a ramp",
    "mould mould mould everywhere",
    "The chat pani puri shop under us smells of gas",
]


@pytest.mark.parametrize(("code", "text"), OWN_LANGUAGE + SHORT_OR_TYPED_IN_LATIN + MIXED_WITH_ENGLISH)
def test_a_message_in_another_language_is_heard_as_one(language, code, text):
    assert language(text) == code


@pytest.mark.parametrize("text", ENGLISH_ALL_THE_SAME)
def test_short_and_misspelt_english_is_not_heard_as_foreign(language, text):
    assert not is_foreign(language(text))


@pytest.mark.parametrize("text", ["", "??", "👍", "1", "qzxv", "gaz", "albaabka jabay"])
def test_two_words_or_none_are_too_little_to_tell_by(language, text):
    assert language(text) is None


def test_every_foreign_message_of_the_corpus_is_foreign_whole_and_cut_to_forty_letters(language):
    for text in texts("other-languages"):
        assert is_foreign(language(text)), text
        assert is_foreign(language(text[:40])), text[:40]


def test_its_language_is_named_right_but_for_two_in_a_hundred(language):
    codes = [tongue.code for tongue in TONGUES]
    named = [language(text) for text in texts("other-languages")]
    assert sum(one == codes[number // 10] for number, one in enumerate(named)) >= 0.98 * len(named)


def test_of_english_messages_with_words_never_met_at_most_one_in_two_hundred_is_foreign(language):
    asked = list(texts(*ASKED))
    taken = [text for text in asked if is_foreign(language(text))]
    assert len(taken) <= len(asked) / 200, taken


def test_a_name_alone_makes_no_language():
    assert SmallWords().heard(words("Mr Que, flat 9")).language is None
    assert SmallWords().heard(words("que que que")).language is None
    assert SmallWords().heard(words("que para que")).times == 3


@pytest.mark.parametrize("text", [text for _, text in OWN_LANGUAGE + SHORT_OR_TYPED_IN_LATIN + MIXED_WITH_ENGLISH])
def test_a_message_in_another_language_goes_to_a_person_as_a_complaint_until_read(classifier, text):
    verdict = classifier.classify(Text(channel="chat", subject=None, text=text))
    assert verdict.route == "triage"
    assert verdict.category is Category.COMPLAINT or verdict.why.startswith("few_words")


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_has_a_language_or_none(text):
    heard = EAR.language(text, np.zeros((0, 6), dtype=np.int64))
    assert heard is None or (heard.isascii() and len(heard) in {2, 3})
