"""Urdu danger words, in their own script and in Latin letters as typed on phones, which Hindi and Punjabi speakers share."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

URDU: Final = Tongue(
    code="ur",
    phrases={
        Flag.EMERGENCY: {
            "گیس ~ بو/بدبو/مہک/لیک": "smell of gas, gas leak",
            "بو/بدبو ~ گیس": "smell of gas",
            "gas/gais ki/ka/di/_ ~ boo/badboo/badbu": "smell of gas",
            "gas ki/di smell/leak": "smell of gas",
            "gas ~ arahi/rahi/aarahi": "gas is coming",
            "gas leak ho/hai/horahi": "gas is leaking",
            "کاربن مونو*": "carbon monoxide",
            "آگ": "fire",
            "aag/agg ~ lag/lagi/lagai/lagayi/lga/lgi/laga": "fire has broken out",
            "دھواں/دھوئیں/دھوان": "smoke",
            "dhuan/dhuwan/dhuaan/dhuwaan/dhooan": "smoke",
            "گھر/فلیٹ/کچن/عمارت/سامان/کمرہ ~ جل": "the home (kitchen) is burning",
            "چھت ~ پانی/گر/گری/ٹپک*/ٹوٹ*": "the ceiling: water, has fallen",
            "پانی ~ چھت": "water, ceiling",
            "chat/chhat/chath/chatt se/say/sy ~ pani/paani": "water from the ceiling",
            "pani/paani ~ chat/chhat/chatt se/say/sy": "water from the ceiling",
            "chat/chhat/chatt ~ gir/giri/gayi/girgayi": "the ceiling has fallen",
            "چنگاری*/شعلے/شعلہ": "sparks, flames",
            "ننگی/کھلی/ننگے تار*": "bare wires",
            "nangi/khuli/nange taar*/tar/taren/taarein": "bare wires",
            "کرنٹ ~ لگا/لگتا/لگ/مار*/آ": "electric shock",
            "current/karant/karent lag gaya/gya/gia/raha/rha/jata/sakta": "electric shock",
            "current/karant/karent laga/lagta/lagrha/lga/maar*": "electric shock",
            "بے ہوش": "unconscious",
            "بیہوش*": "unconscious",
            "behosh/bayhosh/behoosh": "unconscious",
            "سانس نہیں": "not breathing",
            "saans/sans ~ nahi/nahin/nhi/nai": "not breathing",
            "چاقو*/چھری*/چھرا/کلہاڑی/خنجر": "knife, axe",
            "chaku/chaqu/chaaqu/chhuri/churi ~ le/lekar/se/hai/hath/haath": "with a knife",
            "پستول/بندوق": "gun",
            "لفٹ ~ پھنس*/پھنسے/پھنسی": "stuck in the lift",
            "lift mein/me/main/mai ~ phans/phas/phansi/phanse/phansa/phasi*": "stuck in the lift",
            "خون ~ بہ/نکل/بہہ": "bleeding",
            "khoon ~ beh/behta/nikal": "bleeding",
            "دروازہ/دروازے ~ توڑ*": "is breaking the door in",
            "darwaza ~ tor/tod/torh/torna/todna": "is breaking the door in",
            "جان سے مار*": "kill",
            "jaan/jan se/say maar/mar": "kill",
            "مار ڈال*/دوں/دے": "will kill",
            "maar/mar dalega/daalega/dalunga/doonga/dunga/dega/dalay": "will kill",
            "قتل": "murder",
            "بچاؤ/بچائیں": "help! (called out)",
            "bachao bachao/mujhe/humein/please/plz/koi": "help me",
        },
        Flag.SAFEGUARDING: {
            "شوہر/خاوند/میاں/باپ/ابو/سسر/سسرال ~ مارتا/مارتے/مارا/پیٹتا/پیٹا/تشدد": "my husband (father) beats",
            "مجھے/ہمیں ~ مارتا/مارتے/مارا/پیٹتا/پیٹا": "beats me (us)",
            "بیوی/بچوں/بچے/بچی/عورت ~ مارتا/مار/مارا/پیٹتا/پیٹ": "beats his wife (the children)",
            "shohar/shauhar/shohr/husband/miyan/mian/khawand/gharwala ~ marta/maarta/mara/maara/maarte/marte/peetta/kuttda/maarda": "my husband beats",
            "mujhe/mujhay/muje/mainu/humein ~ marta/maarta/mara/maara/marte/maarte/peetta/kuttda/maarda": "beats me (us)",
            "biwi/bivi/bachon/bachay ko/nu ~ marta/maarta/maarte/marte/peetta/kuttda": "beats his wife (the children)",
            "گھریلو تشدد": "domestic violence",
            "تشدد": "violence, torture",
            "gharelu/gharelo tashad*": "domestic violence",
            "خودکشی": "suicide",
            "خود کشی": "suicide",
            "khudkushi/khudkhushi/khudkashi": "suicide",
            "khud kushi/kushi/kashi": "suicide",
            "مرنا چاہت*": "want to die",
            "marna/mrna chahti/chahta/chahty": "want to die",
            "جینا نہیں": "do not want to live",
            "jeena/jina nahi/nahin/nhi": "do not want to live",
            "اپنی/میری/اپنے جان ~ لے/لینا/لوں": "take my life",
            "خود کو ~ نقصان/کاٹ*/مار": "harm oneself",
            "جنسی/ریپ/زیادتی": "sexual, rape",
            "پاسپورٹ ~ لے/چھین/رکھ": "took the passport",
            "passport ~ cheen/chheen/rakh lia/liya/lya": "took the passport",
            "بچے/بچہ/بچی ~ اکیل*": "child left alone",
            "bachay/bache/bacha/bachi ~ akela/akele/akeli/akelay": "child left alone",
        },
        Flag.DAMP_MOULD: {
            "نمی/سیلن": "damp",
            "پھپھوندی/پھپھوند/فنگس": "mould",
            "seelan/silan/sailan/phaphoondi/phaphundi/phapoondi": "damp, mould",
            "deewar*/diwar*/dewar* ~ nami/geeli/gili/fungus/kali": "the wall: damp, wet, black",
        },
        Category.COMPLAINT: {
            "شکایت*/شکوہ": "complaint",
            "shikayat/shikayet/shikayt/shikaayat/shikait": "complaint",
            "کوئی ~ نہیں": "nobody",
            "koi/koe ~ nahi/nahin/nhi/nai": "nobody",
            "koi/koe sunne/sunnay/sunnewala wala": "anybody to listen",
            "کب تک": "until when?",
            "kab tak": "until when?",
            "جواب نہیں": "no answer",
            "jawab nahi/nahin/nhi/nai": "no answer",
            "دفعہ/بار/مرتبہ ~ فون/کال/رپورٹ": "rang (reported) so many times",
            "dafa/dafah/baar/martaba ~ call/phone/fon/kaha/report": "rang (told you) so many times",
            "nahi/nahin/nhi/nai aya/aaya/aye/aaye/aata/ata": "did not come",
        },
    },
    without={
        "ہیٹنگ/ہیٹر/بجلی/بوائلر ~ نہیں/بند/خراب/چلی": "no heating (power)",
        "heating/heater/bijli/boiler/bijlee ~ nahi/nahin/nhi/band/kharab/chali": "no heating (power)",
    },
    frail={
        "بچہ/بچے/بچی/بچوں/شیرخوار/نوزائیدہ": "child, baby",
        "bacha/bachay/bache/bachi/bachon/baby": "child, baby",
        "حاملہ": "pregnant",
        "آکسیجن/ڈائیلاسز/انسولین": "oxygen, dialysis, insulin",
        "oxygen/dialysis/insulin": "oxygen, dialysis, insulin",
        "بوڑھ*/بزرگ/ضعیف": "old person",
        "معذور/مریض/مریضہ/بیمار": "disabled, ill",
        "bimar/beemar/bemar/buzurg/bimaar": "ill, old",
    },
    small_words=(
        "hai hain nahi nahin nhi kya kia kyun kyu mein mujhe mera meri mere humara hamara aap apka aapka apki bhai"
        " bhaijan koi kuch aur bhi yeh woh wala wali wale kar karo karna karke raha rahi rahe gaya gayi gaye aya aaya"
        " se ko ki ka ke ne ab abhi kal aaj phir din pani paani ghar darwaza jaldi shukriya meherbani assalam"
        " walaikum salam liye tak sab bohat bahut boht lekin magar kab kahan tha theek baji saheb sahib nai hoon sada"
        " saadi tusi kithe haiga bijli kamra chahiye chahta chahti karta karti humare unka uska iska wahan yahan kisi"
        " sath saath dafa"
    ),
)
