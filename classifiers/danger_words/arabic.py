"""Arabic danger words: the written language, what is spoken from Sudan to Iraq, and Latin letters as typed on phones.

Phrases stand without the article and without the small words written onto a noun ("and", "by", "to"): the finder tries a word
with and without them. ``7``, ``3`` and ``2`` in the Latin spelling are the letters that people type so.
"""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

ARABIC: Final = Tongue(
    code="ar",
    clitics=True,
    phrases={
        Flag.EMERGENCY: {
            "رائحة/ريحة/ريحت/روائح ~ غاز": "smell of gas",
            "أشم/نشم/بشم/شامين/شميت/شام ~ غاز": "I smell gas",
            "تسرب/تسريب/يتسرب/مسرب/بيسرب/تهريب ~ غاز": "gas leak",
            "ri7et/ri7at/re7et/reehet/rihet/rehet el/al/_ ghaz/gaz/gas": "smell of gas",
            "ghaz ~ riha/ri7a": "gas, smell",
            "أكسيد كربون": "carbon monoxide",
            "حريق/حريقة/حرائق": "fire",
            "7aree2/7ari2/7aree2a/7ari2a/hareeq": "fire",
            "نار/نيران": "fire",
            "يحترق/تحترق/احترق/احترقت/بيحترق/بتحترق/ولع/ولعت/مولع/مولعة": "is burning",
            "دخان": "smoke",
            "غرق/غرقت/غرقان/غرقانة/بتغرق/تغرق/فيضان": "flooded",
            "ماء/مياه/مية/مويه/مي/موية ~ سقف": "water from the ceiling",
            "سقف/حائط/جدار/بلكونة ~ وقع/سقط/انهار/نزل/طاح/يقع/تهدم": "the ceiling (wall) has come down",
            "وقع/سقط/انهار/طاح/يقع ~ سقف/حائط/حيط/جدار/بلكونة": "the ceiling (wall) has come down",
            "انهيار": "collapse",
            "شرار/شرارة/شرارات": "sparks",
            "أسلاك/سلك/اسلاك ~ مكشوفة/مكشوف/عارية/عريانة": "bare wires",
            "كهربني/كهربتني/صعقة/صعقتني/صعقني/انصعق": "electric shock",
            "لا/ما/مش/مو ~ يتنفس/تتنفس/بيتنفس/بتتنفس": "is not breathing",
            "فقد/فقدت/فاقد/فاقدة ~ وعي": "lost consciousness",
            "غائب/غايب/غايبة ~ وعي": "unconscious",
            "مغمى/مغمي/أغمي": "fainted",
            "سكين/سكينة/سكاكين/ساطور/sekkina/sekkeen": "knife, cleaver",
            "سلاح/مسدس": "weapon, gun",
            "عالق/عالقة/محبوس/محبوسة/محبوسين/علقان/علقت/عالقين ~ مصعد/اسانسير/أصنصير": "stuck in the lift",
            "ينزف/تنزف/بينزف/بتنزف/نزيف": "is bleeding",
            "دم كثير": "much blood",
            "وجه*/رأس* دم": "blood on his face (head)",
            "يكسر/بيكسر/كسر/يكسرون ~ باب": "is breaking the door in",
            "يقتل*/بيقتل*/هيقتل*/سيقتل*/تقتل*/حيقتل*": "will kill",
            "النجدة/الحقوني/الحقونا/انقذوني/انقذونا/أنقذونا/أنقذوني": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "عنف منزلي/أسري/عائلي": "domestic violence",
            "زوج/زوجي/زوجها/جوزي/جوزها/أبي/والدي/أبوي/أبوها/أبوه/رجل/رجال ~ يضرب*/بيضرب*/ضرب*": "my husband (father) beats",
            "يضرب/بيضرب/يضربون/ضرب ~ زوجة/زوجته/مرته/مراته/ولد/ولدا/طفل/طفلا/أطفال/أطفاله/أولاد/أولاده/بنت/بنته/امرأة": "beats his wife (a child)",
            "يضربني/بيضربني/ضربني/يضربنا/بيضربنا": "beats me (us)",
            "gozi/zawji/jozi ~ byedrabni/yedrabni/byidrabni/biyidrabni/yadribni/drabni": "my husband beats me",
            "خائفة/خايفة/خائف/خايف من زوجي/جوزي/أبي/زوجها": "afraid of my husband (father)",
            "انتحر/انتحار/ينتحر/تنتحر/أنتحر/بنتحر/هنتحر": "suicide",
            "أقتل/يقتل/تقتل/اموت/هموت نفسي/نفسه/نفسها": "kill myself (himself, herself)",
            "لا/ما/مش/مو ~ أريد/بدي/عايز/عايزة/أبغى ~ أعيش/عيش/حياة": "I do not want to live",
            "أريد/بدي/عايز/عايزة ~ أموت/موت": "I want to die",
            "أجرح/تجرح/يجرح/تؤذي/أؤذي/يؤذي نفسي/نفسها/نفسه": "self-harm",
            "تحرش/متحرش/يتحرش/اغتصاب/اغتصبني/اغتصبها": "molest, rape",
            "اعتداء جنسي": "sexual assault",
            "دعارة": "prostitution",
            "اتجار بشر": "human trafficking",
            "أخذ/أخد/أخذوا ~ جواز/جوازي/جوازها/باسبور": "took the passport",
            "طفل/أطفال/أولاد/طفلة/ولد ~ لوحده/لوحدهم/لوحدها/وحده/وحدهم/وحدها/بمفرده/بمفردهم": "child left alone",
        },
        Flag.DAMP_MOULD: {
            "عفن/عفونة/معفن/معفنة": "mould",
            "رطوبة/رطب/رطبة": "damp",
            "فطريات": "fungus",
        },
        Category.COMPLAINT: {
            "شكوى/شكاوى/شكوتي/شكواي": "complaint",
            "أشتكي/اشتكيت/بشتكي/نشتكي/أشكو/شكيت": "I complain",
            "shakwa/ashtaki/eshtaki": "complaint, I complain",
            "لم ~ يأت/يأتي/يحضر/يتصل/يرد/يصل ~ أحد": "nobody came (rang, answered)",
            "ما ~ أحد/حد/حدا ~ جاء/اجا/إجا/اجى/جه/رد/يرد/بيرد/جا": "nobody came (answers)",
            "ما ~ جاء/اجا/إجا/رد/يرد/جا ~ أحد/حد/حدا": "nobody came (answers)",
            "محدش": "nobody",
            "ma7adesh/mahadesh/ma7adish": "nobody",
            "لا أحد ~ يرد/يجيب/جاء/يأتي/يهتم": "nobody answers (comes)",
            "إلى متى/لمتى/لإمتى": "until when?",
            "تعبنا/زهقنا/مللنا": "we are tired of it",
            "غير مقبول": "unacceptable",
            "اتصلت/كلمت/أبلغت/كتبت ~ مرات": "I rang (wrote) several times",
        },
    },
    without={
        "بدون/بلا/مافي/مفيش/ماكو ~ تدفئة/كهرباء/كهربا/شوفاج/دفاية": "without heating (power)",
        "لا/ما يوجد/توجد/في/عندنا/عندي ~ تدفئة/كهرباء/كهربا/شوفاج/دفاية": "there is no heating (power)",
        "تدفئة/شوفاج/كهرباء/كهربا/دفاية ~ مقطوعة/معطلة/عطلانة/خربانة/خربان/تعمل/تشتغل": "the heating (power) is off",
        "انقطعت/انقطاع/قطعت/قاطعة ~ كهرباء/كهربا/تدفئة": "the power has gone",
    },
    frail={
        "رضيع/رضيعة/مولود/بيبي/رضيعي": "baby",
        "طفل/طفلة/طفلي/طفلتي/أطفال/أولاد": "child",
        "حامل": "pregnant",
        "عجوز/مسن/مسنة": "old person",
        "كبيرة/كبير في سن": "old person",
        "أكسجين/أوكسجين/اكسجين/أنسولين/كلى": "oxygen, insulin, kidneys",
        "معاق/معاقة/مريض/مريضة": "disabled, ill",
        "صقيع/ثلج/متجمد": "frost, snow",
    },
    small_words=(
        "ana ente enta enti mish mafi shu leish lesh ya3ni yaani wallah walla inshallah hada hadi el3 bti 3ndi 3andi"
        " 3la 3ala 3an ma3 3ashan 7ad ba2a keda kda shaqa sha2a beit samaht samahti aleikum alaykum maya mayya mwayeh"
    ),
)
