"""Portuguese danger words, of Portugal, Brazil and Angola."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

PORTUGUESE: Final = Tongue(
    code="pt",
    phrases={
        Flag.EMERGENCY: {
            "cheir* ~ gás": "smell of gas",
            "fuga/vazamento/escape de gás": "gas leak",
            "gás ~ vazando/vaza/escapar": "gas is leaking",
            "monóxido": "carbon monoxide",
            "alarme/detector/detetor ~ CO": "alarm, carbon monoxide",
            "incêndio*/incendi*/fogo": "fire",
            "a arder": "is burning",
            "pegando/pegou fogo": "is on fire",
            "cheir* ~ queimado": "smell of burning",
            "fumo/fumaça ~ escada*/corredor/prédio/casa/cozinha/andar": "smoke on the stairs (in the kitchen)",
            "inund*/alagad*/alagou/alagando": "flood",
            "água ~ tecto/teto/lâmpada/tomada*": "water from the ceiling (light, socket)",
            "tecto/teto/parede/varanda ~ caiu/cair/caindo/desab*/abateu": "the ceiling (wall) has come down",
            "caiu/desab*/caindo ~ tecto/teto/parede/varanda": "the ceiling (wall) has come down",
            "faísca*/faiscar": "sparks",
            "fios/fio ~ descarnado*/soltos/expostos/desencapado*/mostra": "bare wires",
            "choque eléctrico/elétrico": "electric shock",
            "apanhei/apanhou/levei/levou/dá/deu ~ choque*": "had an electric shock",
            "não ~ respira/respirar/respirando": "is not breathing",
            "inconsciente/desmai*": "unconscious, fainted",
            "faca/facas/facão/pistola/catana/esfaque*": "knife, gun, machete, stabbed",
            "preso/presa/presos/presas/fechado/fechada/fechados ~ elevador": "stuck in the lift",
            "sangrar/sangrando/sangra": "is bleeding",
            "muito sangue": "much blood",
            "arrombar/arrombando/partir/quebrar/quebrando ~ porta": "is breaking the door in",
            "vai/vão me matar": "is going to kill me",
            "matar me/nos": "kill me (us)",
            "ameaç* ~ matar/morte": "threatens to kill",
            "socorro": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "violência doméstica": "domestic violence",
            "marido/companheiro/namorado/pai/padrasto/ex ~ bate/bateu/batendo/bater/agride/agrediu/espanc*": "my husband (partner, father) beats",
            "bate/bateu/bater/batendo/espanc* ~ mulher/esposa/filho*/filha*/criança*/mãe/mim": "beats his wife (child, me)",
            "me/nos bate/batem/bateu/bateram/agride/agridem/agrediu": "beats me (us)",
            "bate/bateu me/lhe": "beats me (her)",
            "maus tratos": "mistreatment",
            "maltrat*": "mistreatment, abuse",
            "medo ~ marido/companheiro/pai/dele": "afraid of my husband (him)",
            "suicid*": "suicide",
            "tirar/acabar ~ própria/minha vida": "take one's life",
            "não ~ quero/quer ~ viver": "I do not want to live",
            "quero/quer morrer": "wants to die",
            "quero/quer/vou/vai me/se matar/suicidar": "wants to kill himself",
            "quero/quer/vou/vai matar me/se": "wants to kill himself",
            "me/se quero/quer/vou/vai matar": "wants to kill himself",
            "automutil*": "self-harm",
            "corta se/me ~ braços/pulsos": "cuts her arms",
            "abus* ~ sexual*/criança*/menin*/filha": "sexual abuse",
            "violou/violada/violação/estupr*": "rape",
            "prostitu*": "prostitution",
            "tráfico de pessoas": "human trafficking",
            "tirou/tiraram/ficou/ficaram ~ passaporte*": "took the passport",
            "criança*/menino*/menina*/bebé ~ sozinh* ~ casa": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "bolor*/mofo/mofad*": "mould",
            "humidade*/umidade*/húmid*/úmid*": "damp",
            "condensação": "condensation",
        },
        Category.COMPLAINT: {
            "queixa/queixas/queixar*/queixo": "complaint, I complain",
            "reclamação/reclamações/reclamar/reclamando": "complaint, to complain",
            "ninguém ~ vem/veio/aparece/apareceu/responde/respondeu/atende/atendeu/resolve/liga/ligou/faz": "nobody came (answers)",
            "veio/apareceu/responde/atende ninguém": "nobody came (answers)",
            "não ~ apareceu/apareceram/vieram/veio/responderam": "did not turn up (answer)",
            "até quando": "until when?",
            "continuo/estou/estamos ~ espera/esperar": "I am still waiting",
            "falta de respeito": "a lack of respect",
            "liguei/telefonei/escrevi/reclamei ~ vezes": "rang (wrote) several times",
            "insatisfeit*": "dissatisfied",
        },
    },
    without={
        "sem aquecimento/luz/electricidade/eletricidade/energia": "without heating (power)",
        "não ~ há/tenho/temos/funciona ~ aquecimento/luz/electricidade/eletricidade/caldeira": "there is no heating (power)",
        "aquecimento/aquecedor/caldeira ~ não ~ funciona/liga/trabalha": "the heating does not work",
        "aquecimento/aquecedor/caldeira ~ avari*/parad*/estragad*/ninguém": "the heating is broken, nobody (mends it)",
        "faltou/foi ~ luz/energia": "the power has gone",
    },
    frail={
        "bebé/bebés/bebê/bebês": "baby",
        "recém nascid*": "newborn",
        "criança*/menino/menina/filhinh*": "child",
        "grávida": "pregnant",
        "idos*/velhot*/avó/avô": "old person",
        "oxigénio/oxigênio/diálise/insulina": "oxygen, dialysis, insulin",
        "deficien*/doente*": "disabled, ill",
        "gelada/gelado/negativos": "freezing",
    },
    small_words=(
        "uma que não com para por favor está estou tenho mas muito bom boa dia tarde noite obrigado obrigada minha"
        " meu ninguém quando desde aqui ontem hoje eu mais porque também como quero pode podem alguém sem vocês vcs"
        " dos ele ela isso preciso ajuda água muita vizinho vizinha porta tudo todos outra vez estão senhor senhora"
        " já sempre filho filha"
    ),
)
