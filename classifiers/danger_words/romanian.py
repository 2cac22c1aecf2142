"""Romanian danger words; the article stands at the noun's end, so most nouns stand as stems."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

ROMANIAN: Final = Tongue(
    code="ro",
    phrases={
        Flag.EMERGENCY: {
            "miroase/miros/mirosul ~ gaz/gaze/gazul/gazului": "smell of gas",
            "scurgere/scurgeri/pierdere/pierderi ~ gaz/gaze": "gas leak",
            "monoxid*": "carbon monoxide",
            "alarm*/senzor*/detector* ~ CO": "alarm, carbon monoxide",
            "luat/dat/ia/dau/pus/pun foc": "caught fire, set fire",
            "e/este/i foc": "there is a fire",
            "foc ~ bloc*/scar*/apartament*/bucătări*/lift*/casă/subsol*": "fire in the block (flat)",
            "incendi*": "fire",
            "arde/ard ~ bucătări*/apartament*/bloc*/scar*/casa/gunoi*/priz*": "the kitchen (flat, block) is burning",
            "fum/fumul ~ scar*/etaj*/bloc*/casă/apartament*/hol*": "smoke on the stairs (in the flat)",
            "inund*": "flood",
            "curge/cade/picură/plouă/pică ~ tavan*/plafon*/bec*/lustr*/priz*": "water runs from the ceiling (light, socket)",
            "tavan*/plafon* ~ căzut/cade/prăbuș*/curge": "the ceiling has fallen",
            "căzut/prăbuș* ~ tavan*/plafon*/perete*/balcon*": "the ceiling (wall) has fallen",
            "scântei*": "sparks",
            "fire/cabluri/firele/cablurile ~ neizolat*/dezgolit*/goale/dezizolat*": "bare wires",
            "electrocut*/curentat/curentează": "electric shock",
            "nu ~ respiră": "is not breathing",
            "inconștient*/leșin*": "unconscious, fainted",
            "cuțit*": "knife",
            "pistol*/macet*/topor*": "gun, machete, axe",
            "blocat*/blocați/închis* ~ lift*": "stuck in the lift",
            "sângereaz*/sângerează": "is bleeding",
            "plin/plină/mult de/_ sânge": "much blood",
            "sparge/sparg/spart/rupe ~ ușa": "is breaking the door in",
            "omoare/omor/omoară/omorât/omorî": "kill",
            "ajutor repede": "help, quickly",
        },
        Flag.SAFEGUARDING: {
            "violenț* domestic*": "domestic violence",
            "violenț* ~ familie/familia": "violence in the family",
            "soț*/bărbat*/bărbatul/tata/tatăl/iubit*/concubin* ~ bate/bătut*/lovit*/lovește/bătea": "my husband (father) beats",
            "mă/ne/îl bate/lovește": "beats me (us, him)",
            "m a bătut/lovit": "he beat me",
            "bate/bătut/lovește ~ copil*/copii*/soția/nevasta/femeia/mama/fetița": "beats the child (wife)",
            "frică de ~ soț*/bărbat*/el/tata": "afraid of my husband (father)",
            "abuz*": "abuse",
            "sinucid*/sinucig*": "suicide",
            "nu ~ vreau să ~ trăiesc": "I do not want to live",
            "iau viața": "take my life",
            "se taie ~ mâini/mâna/brațe": "cuts her arms",
            "viol/violul/violat*/violată": "rape",
            "prostitu*": "prostitution",
            "trafic de persoane": "human trafficking",
            "luat ~ pașaport*": "took the passport",
            "copil*/copii* ~ singur* ~ acasă": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "mucegai*/mucegăi*": "mould",
            "umezeal*/igrasi*/umed/umezi": "damp",
            "condens*": "condensation",
        },
        Category.COMPLAINT: {
            "reclamați*/reclam": "complaint, I complain",
            "plângere*/plângeri*/plâng": "complaint, I complain",
            "nemulțumit*": "dissatisfied",
            "nimeni ~ venit/vine/răspun*/sunat/face/făcut": "nobody came (answers)",
            "venit/vine/răspunde/răspuns/sunat ~ nimeni": "nobody came (answers)",
            "nu ~ venit/reparat/răspuns/apărut": "did not come (repair, answer)",
            "sunat/scris/sesizat/anunțat de ~ ori": "rang (wrote, reported) several times",
            "cât ~ aștept/așteptăm/aștepta": "how long must I wait",
            "aștept/așteptat/stat degeaba": "waited in vain",
            "bătaie de joc": "a mockery",
        },
    },
    without={
        "fără căldură/curent/încălzire/lumină": "without heating (power)",
        "nu ~ avem/am/este/merge/funcționează ~ căldur*/curent*/centrala/încălzire*/calorifer*": "there is no heating (power)",
        "calorifer*/centrala/încălzire* ~ nu/rece/reci/stricat*": "the heating does not work",
        "luat curentul/lumina/căldura": "the power (heating) has gone",
    },
    frail={
        "bebeluș*/bebe/sugar*": "baby",
        "nou născut*": "newborn",
        "copil*/copii*": "child",
        "însărcinat*/gravid*": "pregnant",
        "oxigen*/dializ*/insulin*": "oxygen, dialysis, insulin",
        "bătrân*/bunic*": "old person",
        "handicap*/dizabilit*/bolnav*": "disabled, ill",
        "ger/îngheț*": "frost",
    },
    small_words=(
        "și cu din este sunt nu mai dar pentru vă rog bună ziua nimeni mulțumesc ați avem acum că ne noi când unde"
        " cine fost apartamentul seara sau după până foarte dumneavoastră acasă îmi mea meu nostru noastră vecinul"
        " vecina apa ușa toată toți iar vreau copilul soțul trebuie cineva doamna domnul"
    ),
)
