"""French danger words."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

FRENCH: Final = Tongue(
    code="fr",
    phrases={
        Flag.EMERGENCY: {
            "odeur*/sent/sens ~ gaz": "smell of gas",
            "fuite* de gaz": "gas leak",
            "monoxyde": "carbon monoxide",
            "alarme/détecteur ~ CO": "alarm, carbon monoxide",
            "incendie*": "fire",
            "au/en/prend/prends/pris feu": "on fire, caught fire",
            "y a le/du feu": "there is a fire",
            "feu ~ immeuble/appartement/cuisine/escalier/cave/poubelle*": "fire in the block (flat, kitchen)",
            "mis/mettre/mettent le feu": "set fire to",
            "odeur*/sent/sens ~ brûlé": "smell of burning",
            "brûle/brûlent ~ cuisine/appartement/immeuble/escalier/poubelle*": "the kitchen (flat) is burning",
            "fumée*": "smoke",
            "inond*": "flood",
            "eau ~ plafond/lustre/ampoule/prise*": "water from the ceiling (light, socket)",
            "coule/tombe/fuit/dégouline ~ plafond": "runs from the ceiling",
            "plafond/mur/balcon ~ tombé/effondr*/écroul*/tombe": "the ceiling (wall) has come down",
            "effondré*/écroulé*/effondre/écroule": "collapsed",
            "étincelle*": "sparks",
            "fils/fil/câbles/câble ~ dénudé*/nus": "bare wires",
            "électrocut*": "electric shock",
            "décharge électrique": "electric shock",
            "ne respire plus/pas": "is not breathing",
            "respire plus": "has stopped breathing",
            "inconsciente/inconscient/évanoui*": "unconscious, fainted",
            "perdu connaissance": "lost consciousness",
            "couteau*/machette/pistolet/poignard*": "knife, machete, gun, stabbed",
            "coincé*/bloqué*/enfermé* ~ ascenseur": "stuck in the lift",
            "saigne/saignement": "is bleeding",
            "plein/beaucoup de sang": "much blood",
            "défonce/défoncer/défoncent/enfonce/enfoncer/casser ~ porte": "is breaking the door in",
            "va/vont me/nous/la/le tuer": "is going to kill me (us, her)",
            "menac* de mort": "death threats",
            "menac* de ~ tuer": "threatens to kill",
            "au secours": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "violence*/violences conjugale*/domestique*/familiale*": "domestic violence",
            "mari/conjoint/compagnon/copain/ex/père ~ bat/frappe/frappé/tapé/cogne/battu*": "my husband (partner, father) beats",
            "me/la/nous bat/frappe/tape/cogne": "beats me (her, us)",
            "m a frappé*/battu*/tapé*/cogné*": "he beat me",
            "frappe/bat/tape/cogne ~ femme/enfant*/fils/fille/mère": "beats his wife (child)",
            "battue/battues/maltrait*": "beaten, mistreated",
            "peur de ~ mari/lui/conjoint/compagnon/père": "afraid of my husband (him)",
            "suicid*": "suicide",
            "fin à mes/ses jours": "end my life",
            "plus envie de vivre": "no longer want to live",
            "veux/veut/envie ~ mourir/tuer": "wants to die (kill)",
            "scarifi*/automutil*/mutile": "self-harm",
            "abus* ~ sexuel*/enfant*": "sexual abuse",
            "agress* sexuel*": "sexual assault",
            "viol/viols/violé/violée/violer": "rape",
            "prostitu*": "prostitution",
            "traite ~ humains": "human trafficking",
            "pris/confisqué/gardé ~ passeport*": "took the passport",
            "enfant*/bébé/petits ~ seul/seule/seuls/seules ~ maison/appartement": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "moisi*": "mould",
            "humidité/humide/humides": "damp",
            "salpêtre/condensation": "saltpetre, condensation",
        },
        Category.COMPLAINT: {
            "plainte/plaintes/plaindre/plains": "complaint, I complain",
            "réclamation*": "complaint",
            "personne ~ venu*/vient/répond*/rappel*/passé*/bouge": "nobody came (answers)",
            "toujours pas/rien/personne": "still not (nothing, nobody)",
            "jamais ~ rappelé*/répondu/venu*/réparé*": "never rang back (answered, came)",
            "combien de temps ~ attendre": "how long must I wait",
            "attends/attendons depuis": "I have been waiting since",
            "appelé/écrit/signalé ~ fois": "rang (wrote, reported) several times",
            "mécontent*/inadmissible/inacceptable": "dissatisfied, unacceptable",
        },
    },
    without={
        "sans chauffage/électricité/courant": "without heating (power)",
        "plus/pas de/d chauffage/électricité/courant": "no heating (power)",
        "chauffage/chaudière ~ marche/fonctionne pas/plus": "the heating does not work",
        "chauffage/chaudière ~ panne": "the heating has broken down",
        "coupure/panne de courant/électricité": "power cut",
    },
    frail={
        "bébé*/nourrisson*/jumeaux": "baby, twins",
        "nouveau né/née/nés": "newborn",
        "enfant/enfants": "child",
        "enceinte": "pregnant",
        "âgée/âgé/âgées/vieille": "old person",
        "grand mère": "grandmother",
        "oxygène/dialyse/insuline": "oxygen, dialysis, insulin",
        "handicap*/malade*": "disabled, ill",
        "neige/gèle/zéro": "snow, frost",
    },
    small_words=(
        "le les du une sont je vous nous pas que qui dans pour avec sur mes chez depuis bonjour bonsoir merci elle"
        " mais très ça été fait votre vos notre personne rien toujours et ce cette au aux suis avez êtes peut pouvez"
        " besoin voisin voisine appartement porte tout tous encore fois elles ils mari faire faut"
    ),
)
