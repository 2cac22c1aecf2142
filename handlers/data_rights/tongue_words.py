"""How residents ask about data and information in the twelve languages whose danger words we know.

Rows are written as those of ``classifiers/danger_words``: ``/`` parts alternatives, ``_`` is nothing, ``*`` ends a stem, and ``~``
lets a few words stand between. Tuned for recall: who reads the message says whether it is one. No native speaker has checked
them (docs/languages.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Asked = Mapping[str, tuple[str, ...]]
"""Phrases by what they ask for."""

WORDS: Final[Mapping[str, Asked]] = {
    "pl": {
        "data_protection": (
            "RODO",
            "ochron* ~ dan*",
            "wyciek* ~ dan*",
            "naruszen* ~ dan*/prywatnoś*/poufnoś*",
            "naruszy* ~ dan*/prywatnoś*/poufnoś*",
            "dan*/numer*/adres*/nazwisk*/informac* ~ bez ~ zgod*/pozwoleni*/wiedzy",
            "bez ~ zgod*/pozwoleni*/wiedzy ~ dan*/numer*/adres*/nazwisk*",
            "poda*/przekaza*/udostępni*/ujawni*/wysła*/rozpowiedzi* ~ moje/mój/moją/nasze/nasz/moich/mojego ~ dan*/numer*/adres*/nazwisk*",
            "moje/mój/nasze/nasz ~ dan*/numer*/adres* ~ poda*/przekaza*/udostępni*/ujawni*/wysła*",
            "usun*/skasow* ~ moje/nasze ~ dan*",
            "cudz* ~ list*/dan*",
        ),
        "subject_access": (
            "dostęp* ~ dan*/akt*/dokument*",
            "kopi* ~ dan*/akt*/dokument*/teczk*",
            "dan*/informac*/wszystko/dokument* ~ na mój/nasz temat",
            "dan*/informac*/wszystko/dokument* ~ o mnie/nas",
            "moj*/nasz* ~ akt/akta/teczk*",
        ),
        "information_request": (
            "dostęp* ~ informac* publiczn*",
            "informac* publiczn*",
            "ile ~ wyda*/zapłaci*/kosztow*",
            "ocen* ~ ryzyk* ~ pożar*",
        ),
    },
    "ro": {
        "data_protection": (
            "RGPD",
            "conform/potrivit/încălc* ~ GDPR",
            "protecți* ~ date*",
            "date* ~ personal* ~ fără ~ acord*/voi*/consimț*/permisi*",
            "fără ~ acord*/consimț*/permisi* ~ date*/număr*/adres*",
            "date*/număr*/adres* ~ fără ~ acord*/consimț*/permisi*/întreb*/voi*",
            "ați/au/a dat/transmis/trimis/divulgat/spus/arătat ~ datele/numărul/adresa/informații*",
            "datele/numărul/adresa mele/meu/mea/noastre ~ transmis*/trimis*/divulgat*/dat/date",
            "încălc* ~ confidențial*/date*/intimit*",
            "scurger* ~ date*",
            "șterge*/ștergă* ~ date*",
            "scrisoar* altcuiva/altei",
        ),
        "subject_access": (
            "acces* ~ date*/dosar*",
            "copi* ~ date*/dosar*/document*/informații*",
            "ce/toate/tot ~ date*/informații*/știți/aveți ~ despre mine/noi",
            "dosar* meu/nostru",
        ),
        "information_request": (
            "informații* ~ interes public",
            "informații* public*",
            "câți/cât ~ bani ~ cheltui*/plăti*",
            "cât ~ cheltui*",
        ),
    },
    "es": {
        "data_protection": (
            "RGPD",
            "protección ~ datos",
            "mis/nuestros datos ~ sin ~ permiso/consentimiento/autorización",
            "sin ~ permiso/consentimiento/autorización ~ datos/número/teléfono/dirección",
            "datos/número/teléfono/dirección ~ sin ~ permiso/consentimiento/autorización/preguntar*",
            "dieron/dio/dado/compartieron/compartió/compartido/enviaron/pasaron/pasado/divulgaron ~ mi/mis/nuestros/nuestro ~ datos/número/teléfono/dirección/información",
            "mis/nuestros/mi/nuestro datos/número/teléfono/dirección ~ compartid*/enviad*/pasad*/divulgad*",
            "filtr* ~ datos",
            "violación/violaron/vulner* ~ privacidad/datos/confidencial*",
            "borr*/elimin* ~ mis/nuestros ~ datos",
            "carta ~ otra/otro persona/vecino/vecina/inquilino",
        ),
        "subject_access": (
            "acceso/acceder ~ mis/nuestros/mi ~ datos/expediente/información/archivo",
            "derecho ~ acceso",
            "copia ~ mi/mis/nuestro/nuestros ~ datos/expediente/información/archivo",
            "información/datos/todo ~ tienen/tengan/guardan/tenga ~ sobre/de mí/mi/nosotros",
        ),
        "information_request": (
            "libertad ~ información",
            "información pública",
            "cuánto dinero/_ ~ gast*/pag*",
        ),
    },
    "pt": {
        "data_protection": (
            "RGPD/LGPD",
            "proteção ~ dados",
            "meus/nossos dados ~ sem ~ autorização/consentimento/permissão/pedir",
            "sem ~ autorização/consentimento/permissão ~ dados/número/telefone/telemóvel/endereço/morada",
            "dados/número/telefone/telemóvel/endereço/morada ~ sem ~ autorização/consentimento/permissão/perguntar*/pedir*",
            "deram/deu/passaram/passou/partilharam/compartilharam/enviaram/divulgaram ~ meu/meus/minha/nossos ~ dados/número/telefone/telemóvel/endereço/morada/informações",
            "meus/meu/minha/nossos dados/número/telefone/telemóvel/endereço/morada ~ partilhad*/compartilhad*/enviad*/divulgad*",
            "fuga/vazamento/vazaram/violação/violaram ~ dados/privacidade/confidencialidade",
            "apag*/elimin* ~ meus/nossos ~ dados",
            "carta ~ outra pessoa",
        ),
        "subject_access": (
            "acesso/aceder ~ meus/meu/nossos/minhas ~ dados/processo/informações/ficheiro",
            "direito ~ acesso",
            "cópia ~ meus/meu/nossos/minhas ~ dados/processo/informações/ficheiro",
            "dados/informação/informações/tudo ~ têm/tem/guardam ~ sobre mim/nós",
        ),
        "information_request": (
            "liberdade ~ informação",
            "acesso ~ informação pública",
            "quanto ~ dinheiro/_ ~ gast*/pag*",
        ),
    },
    "fr": {
        "data_protection": (
            "RGPD/CNIL",
            "protection ~ données",
            "données/numéro/adresse/coordonnées ~ sans ~ accord/consentement/autorisation/permission/demander",
            "sans ~ accord/consentement/autorisation/permission ~ données/numéro/adresse/coordonnées",
            "donné/transmis/communiqué/partagé/divulgué/envoyé ~ mon/mes/nos/notre ~ données/numéro/adresse/coordonnées/informations",
            "mes/nos/mon/notre données/numéro/adresse/coordonnées ~ envoy*/transmis*/communiqu*/partag*/divulgu*",
            "fuite/violation/violé ~ données/vie/confidentialité",
            "effac*/supprim* ~ mes/nos ~ données",
            "lettre/courrier ~ autre/autres personne/locataire/voisin",
        ),
        "subject_access": (
            "accès/accéder/consulter ~ mes/mon/nos ~ données/dossier/informations",
            "droit ~ accès",
            "copie ~ mon/mes/nos/notre ~ dossier/données/informations",
            "informations/données/tout ~ avez/détenez/gardez/possédez ~ sur moi/nous",
            "informations/données/tout ~ me concern*",
        ),
        "information_request": (
            "liberté ~ information",
            "accès ~ documents administratifs",
            "combien ~ argent ~ dépens*/pay*",
            "combien ~ dépens*",
            "combien ~ argent ~ mairie/conseil/commune",
        ),
    },
    "tr": {
        "data_protection": (
            "KVKK",
            "veri*/verilerin* ~ koruma*/korunma*/ihlal*/sızdır*",
            "kişisel ~ bilgi*/veri* ~ paylaş*/ver*/izin*/sil*",
            "numara*/telefon*/adres*/bilgi* ~ izin*/izn*/sormadan/rıza* ~ ver*/paylaş*/gönder*",
            "izin*/izn*/rıza* ~ numara*/telefon*/adres*/bilgi*/veri*",
            "gizlili* ~ ihlal*",
            "başka* ~ mektub*/mektup*",
        ),
        "subject_access": (
            "hakkımda*/hakkımız* ~ bilgi*/veri*/kayıt*/belge*/dosya*",
            "bilgilerim*/verilerim*/dosyam*/kayıtlarım* ~ kopya*/erişm*/erişim*/görmek",
        ),
        "information_request": (
            "bilgi edinme",
            "bilgi* özgürlü*",
            "ne kadar/kaç ~ para ~ harca*/öde*",
            "ne kadar ~ harca*",
        ),
    },
    "ar": {
        "data_protection": (
            "حماية ~ بيانات/معلومات",
            "تسريب/سرب/سربتم/سربوا/انتهاك/انتهكتم/خرق ~ بيانات*/معلومات*/خصوصية*/خصوصيتي",
            "أعطيتم/اعطيتم/أعطى/اعطى/أعطوا/اعطوا/شاركتم/شاركوا/أرسلتم/ارسلتم/نشرتم ~ رقم*/بيانات*/معلومات*/عنوان*",
            "بيانات*/معلومات*/رقمي/عنواني ~ بدون/دون/بلا/غير ~ اذن*/إذن*/موافقت*/علم*",
            "بدون/دون/بلا ~ اذن*/إذن*/موافقت* ~ بيانات*/معلومات*/رقم*/عنوان*",
            "احذفوا/حذف/امسحوا/مسح ~ بياناتي/معلوماتي/بياناتنا",
        ),
        "subject_access": (
            "نسخة/نسخ/صورة ~ ملفي/بياناتي/معلوماتي/سجلي/ملف",
            "كل/جميع/كافة ~ معلومات/بيانات ~ عني/عنا/عندكم/لديكم",
            "اطلاع/الاطلاع/وصول/الوصول ~ ملفي/بياناتي/معلوماتي",
        ),
        "information_request": (
            "حرية ~ معلومات",
            "كم ~ أنفق*/انفق*/صرف*/دفع*",
        ),
    },
    "so": {
        "data_protection": (
            "ilaalin* ~ xog*/macluumaad*",
            "xog*/macluumaad*/lambar*/nambar*/cinwaan* ~ ogolaansho*/oggolaansho*/fasax*/idan* la",
            "ogolaansho*/oggolaansho*/fasax*/idan* ~ xog*/macluumaad*/lambar*/nambar*/cinwaan*",
            "siiseen/siisay/siiyeen/siiyay/baahiyey*/wadaagt*/wadaageen ~ xogtayda/macluumaadkayga/lambarkayga/nambarkayga/cinwaankayga",
            "xogtayda/macluumaadkayga/lambarkayga/nambarkayga/cinwaankayga ~ siiseen/siisay/siiyeen/siiyay/baahiyey*/wadaagt*/wadaageen/tirtir*/bixisay/bixiseen",
            "sirtayda ~ bixi*/fash*",
        ),
        "subject_access": (
            "nuqul*/koobi*/koobbi* ~ xogt*/macluumaad*/fayl*/faylka*/galka*",
            "xog*/macluumaad* ~ igu/nagu saabsan",
            "faylkayga/galkayga",
        ),
        "information_request": (
            "xorriyadda/xoriyadda ~ macluumaad*/xog*",
            "imisa/meeqa/immisa ~ lacag* ~ bixi*/kharash*/isticmaa*",
        ),
    },
    "bn": {
        "data_protection": (
            "তথ্য*/ডেটা*/ডাটা* ~ সুরক্ষা*/ফাঁস*/গোপনীয়তা*",
            "গোপনীয়তা* ~ লঙ্ঘন*/ভঙ্গ*/ভাঙ*",
            "অনুমতি* ~ ছাড়া*/না ~ তথ্য*/নম্বর*/নাম্বার*/ঠিকানা*",
            "তথ্য*/নম্বর*/নাম্বার*/ঠিকানা* ~ অনুমতি*",
            "তথ্য*/নম্বর*/নাম্বার*/ঠিকানা* ~ না জিজ্ঞে*/জিজ্ঞাসা*",
            "না জিজ্ঞে*/জিজ্ঞাসা* ~ তথ্য*/নম্বর*/নাম্বার*/ঠিকানা*",
            "আমার/আমাদের ~ তথ্য*/নম্বর*/নাম্বার*/ঠিকানা* ~ দিয়েছে*/দিয়ে/দিছে*/শেয়ার*/মুছ*/জানিয়ে*",
            "amar ~ number/nambar/tottho/address/thikana ~ dise/diyeche/diyechen/share/disen/diche",
            "onumoti/permission chara",
        ),
        "subject_access": (
            "আমার/আমাদের ~ সম্পর্কে/বিষয়ে/ব্যাপারে ~ তথ্য*/কাগজ*/রেকর্ড*",
            "আমার/আমাদের ~ ফাইল*/তথ্য*/রেকর্ড* ~ কপি*/অনুলিপি*/দেখতে",
            "amar ~ file/fail ~ copy/dekhte/chai",
        ),
        "information_request": (
            "তথ্য অধিকার*",
            "তথ্যের স্বাধীনতা*",
            "কত ~ টাকা/পাউন্ড ~ খরচ*/ব্যয়*",
        ),
    },
    "ur": {
        "data_protection": (
            "ڈیٹا/معلومات ~ تحفظ/لیک/چوری",
            "رازداری ~ خلاف",
            "اجازت ~ بغیر ~ نمبر/معلومات/پتہ/پتا/ایڈریس/ڈیٹا",
            "نمبر/معلومات/پتہ/پتا/ایڈریس/ڈیٹا ~ اجازت/پوچھے ~ بغیر",
            "بغیر ~ اجازت/پوچھے ~ نمبر/معلومات/پتہ/پتا/ایڈریس/ڈیٹا",
            "میرا/میری/میرے/ہماری/ہمارا ~ نمبر/معلومات/پتہ/پتا/ایڈریس/ڈیٹا ~ دے/دی/دیا/شیئر/بتا/بتایا/حذف/ڈیلیٹ",
            "mera/meri/mere ~ number/nambar/data/address/information/maloomat ~ de/di/diya/dia/share",
            "ijazat ke baghair/bagair/bina",
            "bina/baghair ijazat",
        ),
        "subject_access": (
            "میری/میرے/ہماری ~ فائل/ریکارڈ/معلومات/ڈیٹا ~ کاپی/نقل/دیکھنا/دکھائیں",
            "میرے/ہمارے بارے ~ معلومات/ریکارڈ/ڈیٹا/سب",
            "میرے/ہمارے بارے ~ پاس ~ معلومات/ریکارڈ/ڈیٹا/سب",
            "meri/mere ~ file/record ~ copy/dekhni/dekhna/chahiye/chahiey",
        ),
        "information_request": (
            "معلومات ~ آزادی",
            "کتنا/کتنے/کتنی ~ پیسہ/پیسے/رقم/پاؤنڈ ~ خرچ",
        ),
    },
    "vi": {
        "data_protection": (
            "bảo vệ ~ dữ liệu",
            "thông tin cá nhân ~ lộ/rò/xóa/xoá/chia/đưa/cho",
            "dữ liệu ~ lộ/rò/xóa/xoá/chia/đưa/cho",
            "lộ ~ thông tin/dữ liệu",
            "đưa/cho/gửi/tiết/chia ~ số điện thoại/thông ~ không/chưa ~ hỏi/phép/đồng",
            "số điện thoại của/tôi ~ không/chưa ~ hỏi/phép/đồng",
            "thông tin của/tôi ~ không/chưa ~ hỏi/phép/đồng",
            "quyền riêng tư",
        ),
        "subject_access": (
            "bản sao ~ hồ/dữ/thông sơ/liệu/tin",
            "thông/dữ/hồ tin/liệu/sơ ~ về tôi/mình",
            "xem hồ sơ của/tôi",
        ),
        "information_request": (
            "tự do thông tin",
            "bao nhiêu tiền ~ chi/trả/sửa/tiêu",
            "chi/tiêu ~ bao nhiêu tiền",
        ),
    },
    "zh": {
        "data_protection": (
            "数据/資料/资料/信息/隐私/隱私/個資 保护/保護",
            "泄露/泄漏/外泄/泄密/侵犯/曝光/洩露/洩漏/外洩 ~ 信息/资料/資料/隐私/隱私/数据/數據/电话/電話/地址",
            "信息/资料/資料/隐私/隱私/数据/數據/电话/電話/地址/個資 ~ 泄露/泄漏/外泄/侵犯/曝光/洩露/洩漏/外洩",
            "电话/電話/地址/资料/資料/信息/号码/號碼 ~ 给了/給了/告诉/告訴/发给/發給/透露/转给/轉給",
            "没有/沒有/没/沒/未经/未經 ~ 同意/允许/允許/许可/許可 ~ 电话/電話/地址/资料/資料/信息/号码/號碼",
            "删除/删掉/刪除/刪掉 ~ 资料/資料/信息/数据/數據/個資",
        ),
        "subject_access": (
            "副本/复印/複印/影印/拷贝/一份/查看 ~ 我的/关于我/關於我/有关我/有關我 ~ 资料/資料/信息/记录/記錄/档案/檔案/文件",
            "关于我/關於我/有关我/有關我/我的 ~ 资料/資料/信息/记录/記錄/档案/檔案 ~ 副本/复印/複印/影印/拷贝/查看",
            "所有/全部 ~ 关于我/關於我/有关我/有關我/我的 ~ 资料/資料/信息/记录/記錄/档案/檔案",
        ),
        "information_request": (
            "信息自由/资讯自由/資訊自由/信息公开/資訊公開",
            "市政/议会/議會/政府 ~ 花了/花费/花費/支出/付了 ~ 多少",
            "花了/花费/花費/支出/付了 多少 ~ 电梯/電梯/维修/維修",
        ),
    },
}  # fmt: skip
"""By the language's code, as in ``classifiers.danger_words.tongues``."""
