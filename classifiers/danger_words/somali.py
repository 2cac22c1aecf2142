"""Somali danger words; endings pile up behind noun and verb, so most stand as stems. An apostrophe parts words."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

SOMALI: Final = Tongue(
    code="so",
    phrases={
        Flag.EMERGENCY: {
            "gaas/gaaska/gaasta ~ uraya/urraya/urayaa/urrayaa/uraysa/ureysa/ureya/uraayo/urayo": "smell of gas",
            "ur/urta/carafta ~ gaas/gaaska/gaasta": "the smell of gas",
            "gaas/gaaska/gaasta ~ baxaya/baxayo/daadanaya/daadanayo/lumaya": "gas is escaping",
            "kaarboon*/karboon* ~ moono*/mono*": "carbon monoxide",
            "dab/dabka/dabku": "fire",
            "gubanaya/gubanayso/gubanaysa/gubtay": "is burning",
            "qiiq/qiiqa/qiiqu": "smoke",
            "daad/daadka/fatahaad*": "flood",
            "biyo/biyaha/biyuhu ~ saqaf*/saqafka": "water, ceiling",
            "saqaf* ~ biyo/biyaha/dhacay/dumay/dumaya/duntay": "the ceiling: water, has fallen",
            "dumay/dumaya/duntay/dumaysa": "has collapsed",
            "koronto*/korontad*/laydh* ~ qabatay/qabtay/qabsatay/gashay": "electric shock",
            "dhimbil*": "sparks",
            "fiilo*/fiilooyin*/silig*/xadhk* ~ qaawan*": "bare wires",
            "miyir/miyirka/miyirkii ~ beel*/daboolmay*/qab": "lost consciousness",
            "suuxay/suuxday/suuxsan*": "has fainted",
            "neefsan/neefsanayn/neefsanayo/neefsanayso ~ ma": "not breathing",
            "ma ~ neefsan*": "is not breathing",
            "mindi/mindida/middi/mindiyo/toorrey*": "knife",
            "bastoolad*/qoriga/faash*": "gun, axe",
            "wiish*/lift* ~ xayir*/xidhan*/xiran*/xaniban*": "stuck in the lift",
            "dhiig ~ baxaya/baxayo/badan/socda/socdo": "bleeding",
            "dhiigbax*/dhiigbaxaya": "bleeding",
            "albaab* ~ jabin*/jebin*/jajabin*/jejebin*": "is breaking the door in",
            "i/na/wuu/way dili/dilayaa/dilaya/dilaysaa": "will kill me (us)",
            "caawimo/gargaar degdeg*": "urgent help",
        },
        Flag.SAFEGUARDING: {
            "naagt*/naagtiis*/xaas*/carruurt*/carruur*/ilmo*/caruurt* ~ garaac*/dil/dilaya/jirdil*": "beats his wife (the children)",
            "garaac*/jirdil*/feeray ~ naagt*/xaas*/carruur*/caruur*/ilmo*": "beats his wife (the children)",
            "i/na/ii/ina garaac*/garaaca/garaacay/jirdil*": "beats me (us)",
            "ninkayga/ninkeeda/ninkay/odaygayga/aabbe*/aabaha* ~ garaac*/jirdil*/feer*": "my husband (father) beats",
            "gacan qaad*": "raising of hands, violence",
            "rabshad*/xadgudub* ~ qoysk*/guri*": "violence in the family (home)",
            "ka baqayaa/baqaya/cabsanayaa/cabsanaya ninkay*/ninkayga/odayg*": "afraid of my husband",
            "xadgudub*": "abuse",
            "isdil*": "suicide",
            "is dil/dilo/dilayo/dilaya/dilayaa/dilaa/dili": "kill oneself",
            "naft*/nafta/naftayda ~ qaad*/dil*/goyn*": "take one's life",
            "ma ~ rabo ~ noolaado/noolaad*": "I do not want to live",
            "kufsi*/kufsad*/kufsaday": "rape",
            "faraxum*": "molestation",
            "faro xum*": "molestation",
            "baasaboor* ~ qaat*/qaad*/haysta": "took the passport",
            "carruur*/caruur*/ilmo*/cunug* ~ keligi*/kaligi*/keligood/kaligood/keligeed/kaligeed": "child left alone",
        },
        Flag.DAMP_MOULD: {
            "caaryo/caaryad*/caaryo*": "mould",
            "qoyaan*": "damp",
        },
        Category.COMPLAINT: {
            "cabasho/cabashad*/cabasho*": "complaint",
            "cabanay*/cabanaya/cabanayaa/ashtako*/dacwo*": "I complain",
            "cidna/qofna/cidina/ninna ~ iman/imaan/imanin/iima/yimid/wicin/jawaab*/soo": "nobody came (rang, answered)",
            "jawaab ~ ma/waayay/helin": "no answer",
            "ilaa/iyo goorma": "until when?",
            "jeer ~ wacay/sheegay/soo/idiin": "I rang (told you) so many times",
            "dayacd*/dayac*": "neglect",
            "qanacsani/qanacsan/qancin": "dissatisfied (with ma)",
        },
    },
    without={
        "kuleyl*/kulayl*/kululeey*/diirimaad*/diirin* ~ ma/la/majir*": "no heating",
        "koronto*/korontad*/laydh* ~ ma/la/tagtay/baxday/go/majir*": "no power",
    },
    frail={
        "dhallaan*/dhalaan*": "baby",
        "ilmo/cunug*/carruur*/caruur*": "child",
        "uur leh": "pregnant",
        "waayeel*/oday*/islaan*/hooyad*": "old person, mother",
        "oksijiin*/ogsijiin*/insuliin*/insulin": "oxygen, insulin",
        "naafo*/jirran*/buka/xanuunsan*": "disabled, ill",
        "baraf*/qabow*": "snow, cold",
    },
    small_words=(
        "waa waxaan waxaa waxay ayaa ayay ayuu ayaan oo iyo ku iska igu iga soo wuu waan aan uu ee baa buu guriga"
        " gurigayga fadlan mahadsanid salaan asc maxaad maxaa goormaa kale idiin idinku hadda maanta shalay jeer"
        " cidna qof nin xafiiska adag leh tahay jiro jira biyo biyaha albaabka deriska ninka naagta caruurta wax"
        " walba soomaali af"
    ),
)
