"""Polish danger words; nouns and verbs inflect, so most stand as stems."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

POLISH: Final = Tongue(
    code="pl",
    phrases={
        Flag.EMERGENCY: {
            "czuję/czuje/czujemy/czuć ~ gaz/gazu/gazem": "smell gas",
            "gaz/gazem ~ czuć/śmierdzi": "gas can be smelt",
            "śmierdzi/zapach*/pachnie/wali ~ gazem/gazu": "it smells of gas",
            "ulatnia*/wycie*/wyciek* ~ gaz/gazu": "gas is leaking",
            "gaz ~ ulatnia*/wycieka/ucieka": "gas is leaking",
            "czad/czadu/czadem": "carbon monoxide",
            "tlenek/tlenku węgla": "carbon monoxide",
            "czujnik*/alarm ~ CO": "alarm, carbon monoxide",
            "pożar/pożaru/pożarem": "fire",
            "pali się ~ kuchni*/mieszkani*/klatk*/klatce/blok*/piwnic*/dom*/śmietnik*": "the kitchen (flat, block) is on fire",
            "pali/palą się": "is on fire",
            "płonie/płoną": "is burning",
            "dym/dymu ~ klatce/klatk*/mieszkani*/korytarz*/piętr*": "smoke on the stairs (in the flat)",
            "leje/kapie/cieknie/płynie ~ sufit*/lamp*/gniazd*": "water runs from the ceiling (light, socket)",
            "sufit*/lampy/gniazdka ~ leje/kapie/cieknie/woda": "from the ceiling runs water",
            "zalewa/zalało/zalany/zalane ~ mieszkanie/kuchni*/łazienk*/pokój/nas/mnie": "the flat is flooded",
            "zawalił*/runął/runęł*/spadł*/zapad* ~ sufit*/ścian*/balkon*/strop*": "the ceiling (wall) has come down",
            "sufit*/strop*/ściana/balkon ~ zawal*/runął/runęł*/spadł*/spada": "the ceiling has come down",
            "iskrzy/iskry/iskrzą": "is sparking",
            "gołe/odsłonięte/wystające ~ przewody/kable/druty": "bare wires",
            "prąd ~ kopnął/kopie/poraził": "had an electric shock",
            "kopnął/poraził/porażon* ~ prąd/prądem": "had an electric shock",
            "nie oddycha": "is not breathing",
            "nieprzytomn*": "unconscious",
            "stracił*/traci ~ przytomność": "lost consciousness",
            "nóż/noża/nożem/nożami": "knife",
            "pistolet*/maczet*/siekier*": "gun, machete, axe",
            "utknął/utknęł*/uwięzion*/zatrzasn* ~ wind*": "stuck in the lift",
            "windzie ~ utknął/utknęł*/uwięzion*/zamknięt*": "in the lift, stuck",
            "krwawi/krwawię/krwawienie": "is bleeding",
            "wyważa/wyważył*/wyłamuje ~ drzwi": "is breaking the door in",
            "zabije/zabiję/zabić ~ mnie/nas/ją/go/cię": "will kill me (us, her)",
            "ratunku": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "bije/pobił*/uderzył*/dusi/dusił ~ żonę/kobietę/dziecko/dzieci/mnie/ją/matkę/syna/córkę": "beats his wife (child, me)",
            "mnie/nas/ją/go ~ bije/biją/pobił*/uderzył*/dusi/dusił*/kopie/katuje": "beats me (us, her)",
            "mąż/partner/chłopak/ojciec/ojczym/facet ~ bije/pobił*/uderzył/dusi*": "my husband (father) beats",
            "przemoc* domow*": "domestic violence",
            "przemoc* ~ rodzin*": "violence in the family",
            "znęca* się": "is tormenting, abusing",
            "boję się ~ męża/partnera/ojca/jego": "I am afraid of my husband (father)",
            "samobój*": "suicide",
            "zabić/zabiję ~ się": "kill oneself",
            "się ~ zabić/zabiję/powiesić/powieszę/otruć": "kill oneself",
            "odebrać/odbiorę sobie życie": "take one's life",
            "nie chc* ~ żyć": "do not want to live",
            "okalecza*": "self-harm",
            "tnie/tnę się": "cuts herself",
            "molest*/zgwałc*/gwałt*/gwałci*": "molest, rape",
            "prostytucj*": "prostitution",
            "handel ludźmi": "human trafficking",
            "zabrał* ~ paszport*": "took the passport",
            "dziecko/dzieci ~ samo/same/sam ~ domu/mieszkaniu": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "grzyb/grzyba/grzybem/grzybie/zagrzybi*": "mould (fungus)",
            "pleśń/pleśni/pleśnią/spleśnia*/pleśnieje": "mould",
            "wilgo*/zawilgoc*": "damp",
        },
        Category.COMPLAINT: {
            "skarga/skargi/skargę/skardze/skarżę/poskarżyć": "complaint, I complain",
            "zażaleni*/reklamacj*": "complaint",
            "nikt ~ nie ~ przyszedł/przyszła/przyjechał*/przychodzi/pojawił/zjawił/odpowiad*/odpowiedział/odbiera/oddzwonił/reaguje": "nobody came (answers, rang back)",
            "nikt się nie": "nobody turned up",
            "ile ~ mam/można/mamy ~ czekać": "how long must I wait",
            "dzwonił*/pisał*/zgłaszał* ~ razy/kilkakrotnie/wielokrotnie": "I rang (wrote, reported) several times",
            "niezadowol*": "dissatisfied",
        },
    },
    without={
        "bez/brak/braku ~ ogrzewania/prądu": "without heating (power)",
        "nie ma/mam/mamy ~ ogrzewania/prądu": "there is no heating (power)",
        "nie działa/grzeje/działają/grzeją ~ ogrzewanie/kaloryfer*/piec": "the heating does not work",
        "ogrzewanie/kaloryfer*/piec ~ nie ~ działa/działają/grzeje/grzeją": "the heating does not work",
    },
    frail={
        "niemowl*/noworod*": "baby",
        "dziecko/dzieckiem/dzieckiem/dzieci/dziećmi": "child",
        "tygodniow*/miesięczn*": "weeks (months) old",
        "ciąży/ciężarn*": "pregnant",
        "starusz*/babci*/dziad*": "old person",
        "tlen/tlenem/respirator*/dializ*/insulin*": "oxygen, ventilator, dialysis, insulin",
        "niepełnosprawn*/chora/chory/chorego": "disabled, ill",
        "mróz/mrozie/mrozu": "frost",
    },
    small_words=(
        "jest się nie że już czy mnie ale dla przez który która proszę dzień dobry nikt bardzo przy jestem moja mój"
        " nasz tylko gdzie kiedy teraz od jak mieszkanie mieszkaniu witam pozdrawiam dziękuję ktoś może można tej"
        " tego nam sąsiad sąsiadka woda drzwi wszystko znowu potrzebuję chcę mogę klucz winda mieszkania dziecko też"
        " jeszcze bez była było"
    ),
)
