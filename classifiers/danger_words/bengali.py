"""Bengali danger words, with what is said in Sylhet, in their own script and in Latin letters as typed on phones."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

BENGALI: Final = Tongue(
    code="bn",
    phrases={
        Flag.EMERGENCY: {
            "গ্যাস* ~ গন্ধ*": "smell of gas",
            "গন্ধ* ~ গ্যাস*": "smell of gas",
            "গ্যাস* লিক*": "gas leak",
            "gas/gaser/gesher ~ gondho/gondo/gondhu/ghondo/gondha": "smell of gas",
            "gondho/gondo/gondhu ~ gas/gaser": "smell of gas",
            "কার্বন মনো*": "carbon monoxide",
            "অ্যালার্ম*/এলার্ম* ~ CO": "alarm, carbon monoxide",
            "আগুন*": "fire",
            "agun/aagun/aguin ~ lag*/lagse/lagche/dhor*/jol*": "fire has broken out",
            "ধোঁয়া*/ধুয়া*": "smoke",
            "dhoya/dhoa/dhuya ~ ghor*/bash*/seri*/siri*": "smoke in the home (on the stairs)",
            "পোড়া গন্ধ*": "smell of burning",
            "পুড়ে/পুড়ছে/জ্বলছে": "is burning",
            "ছাদ*/সিলিং* ~ পানি*/জল": "water from the ceiling",
            "পানি* ~ ছাদ*/সিলিং*/লাইট*": "water, ceiling (light)",
            "ছাদ*/সিলিং*/দেয়াল*/বারান্দা* ~ ভেঙে*/ভাইঙ্গা/ভেঙ্গে*/ধসে*/ধস*": "the ceiling (wall) has come down",
            "chad/sad/chaad/sader/chader ~ pani/fani": "water from the ceiling",
            "ডুবে/বন্যা*": "under water, flood",
            "শক লাগ*/খাই*/খেয়ে*/লেগে*": "electric shock",
            "shock/shok lagse/lagche/lagtese/laglo/khaisi": "electric shock",
            "খোলা তার*": "bare wires",
            "তার* ~ খোলা/ছেঁড়া/বাইর": "bare wires",
            "স্পার্ক*/স্ফুলিঙ্গ*": "sparks",
            "অজ্ঞান*/বেহুঁশ*/বেহুশ*": "unconscious",
            "oggan/ogyan/behush hoye/hoiya/hoe/hoise": "unconscious",
            "শ্বাস ~ না/নাই/পারছে/কষ্ট": "cannot breathe",
            "ছুরি*/চাকু*/রামদা": "knife",
            "দা/দাও/বটি নিয়ে/লইয়া": "with a cleaver",
            "churi/chaku/chaqu ~ niya/niye/loiya/hate/dekh*": "with a knife",
            "পিস্তল*/বন্দুক*": "gun",
            "লিফট* ~ আটক*/আটকা*": "stuck in the lift",
            "lift/lifte/lifter ~ atka/atke/atkai*": "stuck in the lift",
            "রক্ত পড়*/বের*/ঝর*/বাইর*": "is bleeding",
            "দরজা* ~ ভাঙ*/ভেঙে/লাথি*": "is breaking the door in",
            "মেরে/মাইরা ফেল*/ফালা*": "will kill",
            "mere/maira/mare felbe/felbo/falaibo/felse": "will kill",
            "খুন*": "murder",
            "বাঁচাও/বাঁচান": "help! (called out)",
            "bachao/bachan amake/amare/amader/please/plz": "help me",
        },
        Flag.SAFEGUARDING: {
            "স্বামী*/জামাই*/বাবা*/আব্বা*/শ্বশুর* ~ মারে/মারছে/মারতেছে/মারেন/মারধর*/পিটায়/পেটায়/পিটাইতেছে": "my husband (father) beats",
            "আমাকে/আমারে ~ মারে/মারছে/মারধর*/পিটায়/পেটায়": "beats me",
            "আমাদের মারে/মারধর*/পিটায়/পেটায়": "beats us",
            "বউ*/বাচ্চা*/মেয়ে*/স্ত্রী* ~ মারে/মারছে/মারধর*/পিটায়/পেটায়": "beats his wife (the child)",
            "shami/sami/swami/jamai/husband/abba ~ mare/marse/marche/mardhor/pitai*/maarche/marteche/martese": "my husband (father) beats",
            "amake/amare/amader ~ mare/marse/marche/mardhor/pitai*/pitay*/marteche/martese": "beats me (us)",
            "মারধর*/নির্যাতন*": "beating, abuse",
            "mardhor/nirjaton/nirjatan": "beating, abuse",
            "পারিবারিক সহিংসতা": "domestic violence",
            "আত্মহত্যা*": "suicide",
            "attohotta/atmohotya/attohottya/otmohotta": "suicide",
            "মরে যেতে": "to die",
            "মরতে/মইরা ~ চাই/ইচ্ছা/যাইতে": "want to die",
            "morte/more/moira ~ chai/iccha/jete": "want to die",
            "বাঁচতে ~ না/ইচ্ছা": "do not want to live",
            "bachte/baste ~ chai/iccha na/nai": "do not want to live",
            "হাত/নিজেকে/নিজের ~ কাট*": "cuts her hands (herself)",
            "ধর্ষণ*/যৌন*": "rape, sexual",
            "পাসপোর্ট* ~ নিয়ে*/রেখে/আটকে/কেড়ে": "took the passport",
            "বাচ্চা*/শিশু* ~ একা*": "child left alone",
            "bacca/baccha/bachcha ~ eka": "child left alone",
        },
        Flag.DAMP_MOULD: {
            "স্যাঁতস্যাঁত*/স্যাঁতসেঁত*/স্যাতস্যাত*/স্যাতসেত*": "damp",
            "ছত্রাক*/ফাঙ্গাস*/মোল্ড*": "fungus, mould",
            "ছাতা পড়*/ধর*": "mould has grown",
            "দেয়াল*/দেওয়াল* ~ ছাতা/ভেজা/ভিজা/ভিজে": "walls mouldy (wet)",
            "deyal/deyale/dewal/dewale ~ chata/bhija/vija/bheja/fungus/fangas": "walls mouldy (wet)",
        },
        Category.COMPLAINT: {
            "অভিযোগ*/নালিশ*/কমপ্লেইন*": "complaint",
            "ovijog/obhijog/abhijog/nalish": "complaint",
            "কেউ/কেউই ~ আসেনি/আসেননি/আসেনা/ধরেনি/আসছে/না/নাই/নি": "nobody came (answers)",
            "keu/kew/keo ~ na/nai/ni/aseni/asheni/ashe/aseni": "nobody came (answers)",
            "আর/এভাবে কতদিন/কত": "how much longer?",
            "ar koto/kotodin/koto din": "how much longer?",
            "বার ~ ফোন/বলেছি/বলছি": "rang (told you) so many times",
            "অসন্তুষ্ট*": "dissatisfied",
        },
    },
    without={
        "হিটিং*/হিটার*/কারেন্ট*/বিদ্যুৎ*/বয়লার* ~ নাই/নেই/না/বন্ধ/চলে/নষ্ট": "no heating (power)",
        "heating/heater/current/karent/boiler ~ nai/nei/bondho/nosto/cholena/gese": "no heating (power)",
    },
    frail={
        "নবজাতক*/শিশু*/বাচ্চা*": "baby, child",
        "bacca/baccha/bachcha/baccar": "child",
        "গর্ভবতী/প্রেগন্যান্ট": "pregnant",
        "অক্সিজেন*/ডায়ালাইসিস*/ইনসুলিন*": "oxygen, dialysis, insulin",
        "বৃদ্ধ*/বয়স্ক*": "old person",
        "অসুস্থ*/প্রতিবন্ধী*": "ill, disabled",
        "osustho/oshustho": "ill",
    },
    small_words=(
        "ami amar amra amader amake apni apnar apnara apnader ekta kintu kono kore korte korben koren hobe hoy hoise"
        " hoyeche nai nei ase ache asche nosto noshto bondho theke bhai apa kobe kothay keno jonno basha bashay basay ghor ghore din"
        " dhore ekhon ekhono taratari onek khub dui dorkar lagbe jabe pari parchi dorja pani keu aj ajke kal ei khali"
        " shob amago tumi ekhane bari lagse koira jodi tahole bolen bolsi"
    ),
)
