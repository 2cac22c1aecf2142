"""Questions of data and information in the twelve languages that residents write most here beside English."""

import pytest
from hazard_house import BY, rows, waiting

from classifiers.danger_words.tongues import TONGUES
from desks import add_person
from handlers.data_rights.asking import KINDS, asks_for
from handlers.data_rights.tongue_words import WORDS
from houses import arrive, house_of, mail, settle
from store.models import Case, Deadline

__all__ = ["house_of"]

SAID = {
    "data_protection": (
        "dzien dobry, wasz pracownik podal mój numer telefonu sasiadowi i teraz on do mnie wydzwania",
        "Proszę usunąć wszystkie moje dane z systemu, powołuję się na RODO.",
        "Ați dat numărul meu de telefon unui muncitor fără să mă întrebați. Nu este normal.",
        "cineva de la voi i-a trimis vecinului scrisoarea altcuiva cu date personale fara acordul meu",
        "Buenas, le dieron mi dirección a mi exmarido sin preguntarme, tengo miedo",
        "quiero que borren todos mis datos de su sistema",
        "Passaram o meu número de telefone ao empreiteiro sem pedir autorização",
        "acho que houve uma fuga de dados, recebi a carta de outra pessoa",
        "Vous avez donné mon adresse à mon ancien voisin, je n'ai jamais été d'accord",
        "mes coordonnées ont été envoyées a tout l'immeuble sans mon autorisation !!",
        "telefon numaramı benden izin almadan ustaya vermişsiniz",
        "kişisel bilgilerimi komşuyla paylaştınız, bu kvkk ya aykırı",
        "أعطيتم رقم هاتفي للمقاول من غير ما تسألوني",
        "معلوماتي الشخصية وصلت للجيران بدون إذني",
        "lambarkayga ayaad siiseen qandaraaslaha aniga oo aan ogolaan",
        "xogtayda gaarka ah ayaa la baahiyey oggolaansho la'aan",
        "আপনারা আমার ফোন নম্বর মিস্ত্রিকে দিয়ে দিয়েছেন আমাকে না জিজ্ঞেস করে",
        "amar number onno manush ke diyeche amar onumoti chara",
        "آپ نے میرا فون نمبر میری اجازت کے بغیر ٹھیکیدار کو دے دیا",
        "aap ne mera number contractor ko de diya meri ijazat ke baghair",
        "Các anh đưa số điện thoại của tôi cho thợ mà không hỏi tôi",
        "thông tin cá nhân của tôi bị lộ cho hàng xóm",
        "你们没有经过我同意就把我的电话给了工人",
        "我的個人資料被洩露了，鄰居全都知道",
    ),
    "subject_access": (
        "Chciałabym dostać kopię wszystkich dokumentów które macie na mój temat",
        "prosze o dostep do moich akt",
        "Vreau o copie a dosarului meu, cu toate notele",
        "ce informatii aveti despre mine in sistem? vreau sa le vad",
        "Quisiera una copia de mi expediente completo por favor",
        "necesito toda la información que tienen sobre mí",
        "Queria uma cópia do meu processo, se faz favor",
        "que dados é que vocês têm sobre mim?",
        "Je voudrais consulter mon dossier et avoir une copie",
        "envoyez moi toutes les informations que vous avez sur moi",
        "Hakkımda tuttuğunuz bütün kayıtları istiyorum",
        "dosyamın bir kopyasını gönderir misiniz",
        "أريد نسخة من ملفي لو سمحتم",
        "ممكن ترسلوا لي كل المعلومات اللي عندكم عني",
        "waxaan rabaa nuqul ka mid ah faylkayga",
        "macluumaadka aad haysaan ee igu saabsan ii soo dira",
        "আমার ফাইলের একটা কপি চাই",
        "আমার সম্পর্কে আপনাদের কাছে কী কী তথ্য আছে সব দেখতে চাই",
        "مجھے میری فائل کی کاپی چاہیے",
        "میرے بارے میں آپ کے پاس جو معلومات ہیں وہ بھیج دیں",
        "Tôi muốn xin bản sao hồ sơ của tôi",
        "xin gửi cho tôi tất cả thông tin về tôi mà hội đồng đang giữ",
        "我想要一份我的档案",
        "請把所有關於我的資料寄給我",
    ),
    "information_request": (
        "Zgodnie z ustawą o dostępie do informacji publicznej proszę napisać ile rada wydała na windy",
        "Conform legii vreau să știu câți bani a cheltuit primăria pe lifturi",
        "¿Cuánto dinero gastó el ayuntamiento en ascensores el año pasado?",
        "Quanto é que a câmara gastou nos elevadores?",
        "Combien d'argent la mairie a-t-elle dépensé pour les ascenseurs",
        "Bilgi edinme hakkı kapsamında asansörlere ne kadar para harcandığını soruyorum",
        "كم أنفق المجلس على المصاعد السنة الماضية",
        "Waxaan ku weydiinayaa sharciga xorriyadda macluumaadka: imisa lacag ah ayaa wiishka lagu kharash gareeyey",
        "গত বছর কাউন্সিল লিফটে কত টাকা খরচ করেছে জানতে চাই",
        "کونسل نے پچھلے سال لفٹوں پر کتنا پیسہ خرچ کیا",
        "Hội đồng đã chi bao nhiêu tiền để sửa thang máy",
        "根据信息自由法，请告诉我去年电梯维修的费用",
    ),
}
OTHER = (
    "Kran cieknie od tygodnia i nikt nie przyszedł",
    "Robinetul picură, vă rog trimiteți pe cineva",
    "El ascensor no funciona y vivo en el quinto",
    "A minha morada é Rose Lane 12, venham arranjar a torneira",
    "Mon adresse est 12 Rose Lane, le robinet fuit",
    "Adresim Rose Lane 12, musluk damlıyor",
    "عنواني ١٢ روز لين والحنفية تنقط",
    "cinwaankaygu waa Rose Lane 12, tuubada ayaa dhibcaysa",
    "আমার ঠিকানা ১২ রোজ লেন, কল থেকে পানি পড়ে",
    "میرا پتہ 12 روز لین ہے، نل ٹپک رہا ہے",
    "Địa chỉ của tôi là 12 Rose Lane, vòi nước bị rỉ",
    "我的地址是 12 Rose Lane，水龙头漏水",
    "Mr Rai gave the date to Marta, the gaz man did not come",
)


def test_every_language_whose_dangers_we_know_has_words_for_each_kind():
    assert set(WORDS) == {tongue.code for tongue in TONGUES}
    assert all(set(asked) == set(KINDS) for asked in WORDS.values())


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, said in SAID.items() for words in said])
def test_what_people_say_of_data_in_their_own_language_is_found(kind, words):
    assert kind in asks_for("", words)
    assert kind in asks_for(words.upper(), "")


@pytest.mark.parametrize("words", OTHER)
def test_a_repair_in_another_language_is_left(words):
    assert asks_for("", words) == ()


def test_a_complaint_about_data_in_another_language_has_its_thirty_days_from_the_first_word(house_of):
    house = house_of()
    add_person(house, BY, "officer", teams=("complaints",))
    arrive(house, mail(f"complaint? {SAID['data_protection'][0]}"))
    settle(house)
    (case,) = rows(house, Case)
    assert rows(house, Deadline, case_id=case.id, rule="data_protection")
    assert "data_protection" in waiting(house, case)
