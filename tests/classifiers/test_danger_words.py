"""Danger words of other languages: found in whole messages, in every usual spelling, at their exact place, and nowhere else."""

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.danger_words.finding import ForeignCues
from classifiers.danger_words.folding import words
from classifiers.danger_words.phrase import read_phrase
from classifiers.danger_words.tongues import TONGUES
from classifiers.taxonomy import Category, Flag

CUES = ForeignCues()
CORPUS = Path(__file__).parents[2] / "classifiers" / "corpus"
EMERGENCY, SAFEGUARDING, DAMP, COMPLAINT = Flag.EMERGENCY, Flag.SAFEGUARDING, Flag.DAMP_MOULD, Category.COMPLAINT

SAID = [
    ("pl", "Dobry wieczór, od rana w całej łazience czuć gazem i boli nas głowa.", EMERGENCY, "czuć gazem"),
    ("pl", "Sąsiad wchodzi do windy z nożem w ręku.", EMERGENCY, "nożem"),
    ("pl", "Od soboty nie działa kaloryfer, a mamy niemowlę.", EMERGENCY, "nie działa kaloryfer"),
    ("pl", "Mój mąż znowu mnie pobił, proszę nie dzwonić do niego.", SAFEGUARDING, "mąż znowu mnie pobił"),
    ("pl", "Syn mówi o samobójstwie.", SAFEGUARDING, "samobójstwie"),
    ("pl", "W sypialni wyszła czarna pleśń za szafą.", DAMP, "pleśń"),
    ("pl", "Chcę złożyć skargę na ekipę.", COMPLAINT, "skargę"),
    ("pl", "Umówili się na środę i nikt nie przyjechał.", COMPLAINT, "nikt nie przyjechał"),
    ("ro", "În toată casa miroase puternic a gaz, am oprit aragazul.", EMERGENCY, "miroase puternic a gaz"),
    ("ro", "A căzut o bucată din tavan lângă pat.", EMERGENCY, "căzut o bucată din tavan"),
    ("ro", "De trei zile nu avem deloc căldură și bebelușul e răcit.", EMERGENCY, "nu avem deloc căldură"),
    ("ro", "Soțul meu mă bate când vine beat.", SAFEGUARDING, "Soțul meu mă bate"),
    ("ro", "Nu mai vreau să trăiesc aici, nu mai vreau să trăiesc deloc.", SAFEGUARDING, "Nu mai vreau să trăiesc"),
    ("ro", "E mucegai pe tot peretele.", DAMP, "mucegai"),
    ("ro", "Vreau să fac o reclamație, n-a venit nimeni.", COMPLAINT, "reclamație"),
    ("es", "Señores, en el portal huele muchísimo a gas.", EMERGENCY, "huele muchísimo a gas"),
    ("es", "Mi papá no respira bien, mejor dicho no respira.", EMERGENCY, "no respira"),
    ("es", "No hay calefacción y tengo una recién nacida.", EMERGENCY, "No hay calefacción"),
    ("es", "Mi exmarido vino anoche y me golpeó delante de mis hijas.", SAFEGUARDING, "me golpeó"),
    ("es", "Mi vecina dice que su hija piensa en suicidarse.", SAFEGUARDING, "suicidarse"),
    ("es", "Salió moho detrás del ropero.", DAMP, "moho"),
    ("es", "Quiero poner una queja, nadie me contesta.", COMPLAINT, "queja"),
    ("pt", "Está a cheirar muito a gás na escada do prédio.", EMERGENCY, "cheirar muito a gás"),
    ("pt", "A tomada está com faíscas.", EMERGENCY, "faíscas"),
    ("pt", "Estamos sem aquecimento e o bebé tem febre.", EMERGENCY, "sem aquecimento"),
    ("pt", "O meu companheiro bateu-me outra vez.", SAFEGUARDING, "companheiro bateu"),
    ("pt", "É um caso de violência doméstica.", SAFEGUARDING, "violência doméstica"),
    ("pt", "O quarto tem bolor no tecto.", DAMP, "bolor"),
    ("pt", "Marcaram para hoje e ninguém apareceu.", COMPLAINT, "ninguém apareceu"),
    ("fr", "Bonsoir, il y a une forte odeur de gaz au rez-de-chaussée.", EMERGENCY, "odeur de gaz"),
    ("fr", "Les fils sont dénudés au-dessus de l'évier.", EMERGENCY, "fils sont dénudés"),
    ("fr", "Nous sommes sans chauffage avec un nourrisson.", EMERGENCY, "sans chauffage"),
    ("fr", "Mon compagnon me frappe depuis des mois.", SAFEGUARDING, "compagnon me frappe"),
    ("fr", "J'ai peur de mon mari.", SAFEGUARDING, "peur de mon mari"),
    ("fr", "Le mur de la chambre est couvert de moisissure.", DAMP, "moisissure"),
    ("fr", "Je dépose une plainte, personne ne répond jamais.", COMPLAINT, "plainte"),
    ("tr", "Mutfakta çok ağır bir gaz kokusu var, camları açtık.", EMERGENCY, "gaz kokusu"),
    ("tr", "Babam yere düştü, nefes almıyor.", EMERGENCY, "nefes almıyor"),
    ("tr", "Kombi üç gündür çalışmıyor, bebeğim hasta.", EMERGENCY, "Kombi üç gündür çalışmıyor"),
    ("tr", "Komşunun kocası kadını her gece dövüyor.", SAFEGUARDING, "kocası kadını her gece dövüyor"),
    ("tr", "Kızım intihardan söz ediyor.", SAFEGUARDING, "intihardan"),
    ("tr", "Odanın köşesi küflendi, rutubet çok.", DAMP, "küflendi"),
    ("tr", "Salı günü usta gelecekti, kimse gelmedi.", COMPLAINT, "kimse gelmedi"),
    ("ar", "يوجد رائحة غاز قوية في الدرج منذ الظهر", EMERGENCY, "رائحة غاز"),
    ("ar", "جزء من السقف سقط فوق سرير البنت", EMERGENCY, "السقف سقط"),
    ("ar", "ما عندنا تدفئة من يومين ومعي رضيع", EMERGENCY, "ما عندنا تدفئة"),
    ("ar", "زوجي يضربني أنا والأولاد وأنا خائفة جدا", SAFEGUARDING, "زوجي يضربني"),
    ("ar", "ابني يتكلم عن الانتحار", SAFEGUARDING, "الانتحار"),
    ("ar", "الرطوبة والعفن في كل الغرف", DAMP, "والعفن"),
    ("ar", "أريد تقديم شكوى على الشركة", COMPLAINT, "شكوى"),
    ("ar", "fi ri7et gaz awiya fel matbakh ya gama3a", EMERGENCY, "ri7et gaz"),
    ("so", "Guriga oo dhan gaas baa ka uraya, maxaan sameeyaa?", EMERGENCY, "gaas baa ka uraya"),
    ("so", "Saqafkii qolka jiifka ayaa soo dumay.", EMERGENCY, "Saqafkii qolka jiifka ayaa soo dumay"),
    ("so", "Ninkeedu habeen kasta wuu garaacaa xaaskiisa.", SAFEGUARDING, "garaacaa xaaskiisa"),
    ("so", "Wiilkaygu wuxuu ka hadlay inuu is dilo.", SAFEGUARDING, "is dilo"),
    ("so", "Qolka waxaa ku badan caaryo iyo qoyaan.", DAMP, "caaryo"),
    ("so", "Waxaan rabaa inaan cabasho gudbiyo.", COMPLAINT, "cabasho"),
    ("bn", "সকাল থেকে রান্নাঘরে গ্যাসের খুব গন্ধ পাচ্ছি", EMERGENCY, "গ্যাসের খুব গন্ধ"),
    ("bn", "আমার বোন অজ্ঞান হয়ে গেছে", EMERGENCY, "অজ্ঞান"),
    ("bn", "আমার স্বামী আমাকে প্রতিদিন মারে", SAFEGUARDING, "স্বামী আমাকে প্রতিদিন মারে"),
    ("bn", "ভাই আত্মহত্যার কথা বলছে", SAFEGUARDING, "আত্মহত্যার"),
    ("bn", "দেয়ালে ছত্রাক পড়েছে", DAMP, "ছত্রাক"),
    ("bn", "আমি একটা অভিযোগ করতে চাই", COMPLAINT, "অভিযোগ"),
    ("bn", "bhai ghore gaser onek gondho, jaldi asen", EMERGENCY, "gaser onek gondho"),
    ("bn", "amar jamai amare mare, ami voy pai", SAFEGUARDING, "jamai amare mare"),
    ("ur", "باورچی خانے سے گیس کی بہت بو آ رہی ہے", EMERGENCY, "گیس کی بہت بو"),
    ("ur", "نیچے والے فلیٹ میں آگ لگی ہوئی ہے", EMERGENCY, "آگ"),
    ("ur", "میرا شوہر روز مجھے مارتا ہے", SAFEGUARDING, "شوہر روز مجھے مارتا"),
    ("ur", "بیٹی خودکشی کی باتیں کرتی ہے", SAFEGUARDING, "خودکشی"),
    ("ur", "دیواروں میں بہت نمی ہے", DAMP, "نمی"),
    ("ur", "میں شکایت درج کرانا چاہتی ہوں", COMPLAINT, "شکایت"),
    ("ur", "kitchen mein gas ki bohat badboo hai", EMERGENCY, "gas ki bohat badboo"),
    ("ur", "mera shohar mujhe roz marta hai, koi madad karo", SAFEGUARDING, "shohar mujhe roz marta"),
    ("ur", "teen dafa bataya, koi nahi aya", COMPLAINT, "koi nahi"),
    ("vi", "Hành lang có mùi gas rất nặng từ tối.", EMERGENCY, "mùi gas"),
    ("vi", "Nhà bên cạnh đang cháy!", EMERGENCY, "đang cháy"),
    ("vi", "Chồng tôi hay uống rượu rồi đánh đập tôi và con.", SAFEGUARDING, "đánh đập"),
    ("vi", "Cháu nó nói là muốn chết.", SAFEGUARDING, "muốn chết"),
    ("vi", "Tủ áo bị mốc đen.", DAMP, "bị mốc"),
    ("vi", "Tôi muốn gửi đơn khiếu nại.", COMPLAINT, "khiếu nại"),
    ("zh", "一进厨房就闻到很浓的煤气味", EMERGENCY, "闻到很浓的煤气"),
    ("zh", "隔壁有人拿着刀在走廊里喊", EMERGENCY, "拿着刀"),
    ("zh", "我老公喝了酒就打我", SAFEGUARDING, "老公喝了酒就打我"),
    ("zh", "樓上的女人被家暴，孩子一直哭", SAFEGUARDING, "家暴"),
    ("zh", "墙角都发霉了", DAMP, "发霉"),
    ("zh", "報修三次都沒人來，我要投訴", COMPLAINT, "沒人來"),
]
PLAINLY_SAID = [
    ("pl", "chcę się zabić", SAFEGUARDING),
    ("pl", "on mnie bije", SAFEGUARDING),
    ("pl", "sąsiad mnie bije", SAFEGUARDING),
    ("pl", "mnie pobił sąsiad", SAFEGUARDING),
    ("pl", "pali się!", EMERGENCY),
    ("pl", "nie mamy ogrzewania a mam małe dziecko", EMERGENCY),
    ("pl", "nie mam ogrzewania, mam niemowlę", EMERGENCY),
    ("es", "me quiero matar", SAFEGUARDING),
    ("es", "me pegan", SAFEGUARDING),
    ("pt", "quero me matar", SAFEGUARDING),
    ("fr", "il y a le feu dans l'immeuble", EMERGENCY),
    ("ro", "e foc in bloc", EMERGENCY),
    ("tr", "bana vuruyor", SAFEGUARDING),
    ("so", "waan is dilayaa", SAFEGUARDING),
    ("so", "gaas ayaa urraya", EMERGENCY),
    ("zh", "他打我", SAFEGUARDING),
    ("vi", "cháy", EMERGENCY),
]
NEAR_MISSES = [
    ("pl", "Zgubiłem nożyczki do trawy, czy mogę pożyczyć gazetę?"),
    ("pl", "Bije zegar na wieży. Zabrałem się do pracy."),
    ("pl", "Czy drzwi pożarowe będą malowane?"),
    ("ro", "Focul de tabără a fost frumos, mulțumim. Am cumpărat un aragaz."),
    ("ro", "Am nevoie de un formular violet pentru vecinul meu."),
    ("es", "Me hice un análisis de sangre y vivo en el piso 3."),
    ("es", "La explotadora de la cantina cerró, ¿hay gas natural en la finca?"),
    ("pt", "Preciso de um fogão novo e de um facto para o casamento."),
    ("pt", "Posso mudar a fechadura do elevador de serviço?"),
    ("fr", "J'ai rendez-vous pour une prise de sang, et le gazon est long."),
    ("fr", "Pouvez-vous couper le feuillage devant ma fenêtre ?"),
    ("tr", "Gazete kokusuz mürekkep kullanıyor. Kendime dövme yaptırdım."),
    ("tr", "Alevi cemevi nerede? Koku şiddetli ama güzel."),
    ("ar", "اشتريت غازا للشواء وقلم حبر من السوق"),
    ("ar", "ولدي يلعب كرة القدم ويضرب الكرة"),
    ("so", "Dabaqa sagaalaad ayaan degganahay, guri kale ma jiraa?"),
    ("bn", "ছেলেরা মাঠে বল মারে আর হাসে"),
    ("bn", "আমাদের জানালার কাঁচে বল মারে"),
    ("ur", "سڑک کی بتی نہیں جل رہی، اگر ہو سکے تو آگے بھیج دیں"),
    ("ur", "Mere bachay school mein hain, form kahan milega"),
    ("vi", "Tôi thích chạy bộ buổi sáng và ăn chay."),
    ("vi", "toi an chay va chay bo"),
    ("vi", "Vòi nước nhà tôi bị chảy từ tối qua."),
    ("zh", "有事请打我电话，我住三楼"),
    ("zh", "请问刀具店几点开门"),
]
ENGLISH = [
    "The gas man came and the chat with him was a pain, the coin meter is on sale.",
    "Dab the paint on, no fire here, my nan had a nap.",
    "CO alarm beeping, smell of gas, sparks, help!",
    "My son Daniel Foc plays the viola at the Faca club, Alevi centre, Dao Street.",
    "He said la la la and the queue was in the rue, plus a mess in the main pan.",
    "We have damp, mold and a leak. Pan Kowalski na gorze.",
    "the gas engineer Mr Rai",
    "due to the current lag in repairs",
    "a new alarm for CO please",
    "the alarm company Jones & Co",
    "smoke alarm and the CO detector were tested",
    "They sent a lad called Gaz",
    "lift: main door phase 2",
    "They would not let me tape the window",
    "husband and Marta from next door",
    "my ex left tape",
    "violent domestic dispute",
    "Bad mare in the field, sami and jamai are friends, morte cafe is shut.",
]


def found(text, language):
    return [(cue.speaks_for, text[cue.start : cue.end]) for cue in CUES.find(text, language)]


def bare(text):
    apart = unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("đ", "d"))
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


@pytest.mark.parametrize(("language", "text", "speaks_for", "span"), SAID)
def test_a_message_that_tells_of_it_is_marked_at_the_very_words(language, text, speaks_for, span):
    assert (speaks_for, span) in found(text, language)


@pytest.mark.parametrize(("language", "text", "speaks_for"), PLAINLY_SAID)
def test_the_plainest_sentence_is_marked_in_its_own_language(language, text, speaks_for):
    assert speaks_for in {one for one, _ in found(text, language)}


@pytest.mark.parametrize(("language", "text", "speaks_for"), [one for one in PLAINLY_SAID if "ogrzewania" not in one[1]])
def test_the_plainest_sentence_is_marked_where_it_is_too_short_to_tell_its_language(language, text, speaks_for):
    assert (speaks_for, language) in {(cue.speaks_for, cue.language) for cue in CUES.find(text, None)}


@pytest.mark.parametrize(("language", "text", "speaks_for", "span"), SAID)
def test_the_words_are_found_in_capitals_too(language, text, speaks_for, span):
    assert (speaks_for, span.upper()) in found(text.upper(), language)


@pytest.mark.parametrize(
    ("language", "text", "speaks_for", "span"),
    [one for one in SAID if one[0] in {"pl", "ro", "es", "pt", "fr", "tr", "so", "vi"} and one[3] != "đang cháy"],
)
def test_the_words_are_found_where_a_phone_left_the_marks_out(language, text, speaks_for, span):
    assert (speaks_for, bare(span)) in found(bare(text), language)


@pytest.mark.parametrize(("language", "text", "speaks_for", "span"), SAID)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_words_are_found_however_their_marks_are_encoded(language, text, speaks_for, span, form):
    span = unicodedata.normalize(form, span)
    assert (speaks_for, span) in found(unicodedata.normalize(form, text), language)


@pytest.mark.parametrize("language", [tongue.code for tongue in TONGUES])
@pytest.mark.parametrize("wanted", [EMERGENCY, SAFEGUARDING, DAMP, COMPLAINT])
def test_every_language_has_words_for_each_danger_and_a_message_here_that_shows_it(language, wanted):
    assert wanted in next(tongue for tongue in TONGUES if tongue.code == language).phrases
    assert any((code, speaks_for) == (language, wanted) for code, _, speaks_for, _ in SAID)


@pytest.mark.parametrize(("language", "text"), NEAR_MISSES)
def test_what_only_looks_or_sounds_like_it_is_not_marked(language, text):
    assert not {EMERGENCY, SAFEGUARDING} & {speaks_for for speaks_for, _ in found(text, language)}


@pytest.mark.parametrize("text", ENGLISH)
@pytest.mark.parametrize("language", ["en", None, "zxx"])
def test_english_words_that_look_alike_are_not_marked(text, language):
    assert found(text, language) == []


def test_no_english_message_of_the_corpus_is_marked():
    marked = []
    for name in ("estates-and-letters", "inbox-days", "repairs-and-pairs", "report-site", "said-quietly", "street-and-stair"):
        for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            marked += [(text[cue.start : cue.end], cue) for cue in CUES.find(text, "en")]
    assert marked == []


@pytest.mark.parametrize(
    ("text", "speaks_for", "span"),
    [
        ("Hello, sorry my english. En la cocina huele a gas. Please come now.", EMERGENCY, "huele a gas"),
        ("Please help my sister, زوجها يضربها every night", SAFEGUARDING, "زوجها يضربها"),
        ("There is 煤气味 in my flat, number 4", EMERGENCY, "煤气味"),
        ("My neighbour said mnie bije and cried, her words were mąż bije mnie", SAFEGUARDING, "mąż bije"),
    ],
)
def test_unmistakable_words_count_in_the_midst_of_english(text, speaks_for, span):
    assert any(one == speaks_for and span in words for one, words in found(text, "en"))


def test_a_single_latin_word_counts_only_in_its_own_language_or_an_unknown_one():
    text = "El cuchillo"
    assert [found(text, code) != [] for code in ("es", "und", "it", "pl", "en", None)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_no_heating_is_an_emergency_only_with_somebody_frail():
    assert found("Sans chauffage depuis lundi.", "fr") == []
    assert found("J'ai un nourrisson.", "fr") == []
    assert [one for one, _ in found("Sans chauffage depuis lundi, j'ai un nourrisson.", "fr")] == [EMERGENCY, EMERGENCY]


def test_each_cue_says_its_language_and_what_it_means_in_english():
    (cue,) = CUES.find("Merdivende gaz kokusu var", "tr")
    assert (cue.language, cue.gloss) == ("tr", "smell of gas")


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.code)
def test_every_row_of_the_tables_can_be_read_and_has_its_gloss(tongue):
    for glossed in (*tongue.phrases.values(), tongue.without, tongue.frail):
        for spelled, gloss in glossed.items():
            assert gloss.isascii() and gloss == gloss.strip() != ""
            assert not spelled.startswith("~") and not spelled.endswith("~")
            for phrase in read_phrase(spelled, gloss, tongue):
                assert not phrase.slots[0].optional
                assert all(len(list(words(word))) == 1 for slot in phrase.slots for word in (*slot.whole, *slot.stems))
                assert all(len(stem) >= 3 or not stem.isascii() for slot in phrase.slots for stem in slot.stems)


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from([one[1] for one in SAID]), max_size=3).map(" ".join)))
def test_in_any_text_every_cue_lies_within_it(text):
    for cue in CUES.find(text, "und"):
        assert 0 <= cue.start < cue.end <= len(text)
        assert text[cue.start : cue.end].strip() != ""


def steps(text):
    """Count the lines of Python that finding goes through, loops included, once every word is remembered."""
    CUES.find(text, "und")
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        CUES.find(text, "und")
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece",
    ["czuję w kuchni ", "gas ki bohat ", "ما ", "没人来", "cuchillo ", "ব", "mùi khí ", "x", "a\u0301\u0301", "nie ma "],
)
def test_work_grows_no_faster_than_the_text(piece):
    assert steps(piece * 400) <= 2.2 * steps(piece * 200)
