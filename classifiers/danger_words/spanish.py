"""Spanish danger words, of Spain and of Latin America."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

SPANISH: Final = Tongue(
    code="es",
    phrases={
        Flag.EMERGENCY: {
            "huele/olor/huelo/oliendo ~ gas": "smell of gas",
            "fuga/escape de gas": "gas leak",
            "monóxido": "carbon monoxide",
            "alarma/detector ~ CO": "alarm, carbon monoxide",
            "incendio/incendiando/incendia/fuego/llamas": "fire",
            "quemando/quemándose": "is burning",
            "huele/olor ~ quemado": "smell of burning",
            "humo ~ pasillo/escalera*/piso/edificio/cocina/departamento/bloque": "smoke in the corridor (kitchen)",
            "inund*": "flood",
            "agua ~ techo/lámpara/enchufe*/luz": "water from the ceiling (light, socket)",
            "gotea/chorrea/cae/sale/cayendo/chorreando ~ techo/lámpara": "runs from the ceiling",
            "techo/pared/balcón ~ cayó/caído/cayendo/derrumb*/desplom*": "the ceiling (wall) has come down",
            "cayó/caído/derrumb*/desplom* ~ techo/pared/balcón": "the ceiling (wall) has come down",
            "chispas/chispazo*/chisporrot*": "sparks",
            "cables/cable ~ pelados/pelado/sueltos/expuestos/aire": "bare wires",
            "dio ~ corriente/calambre/descarga/corrientazo": "gave an electric shock",
            "electrocut*": "electric shock",
            "no ~ respira": "is not breathing",
            "inconsciente/desmay*": "unconscious, fainted",
            "perdió/perdido el conocimiento": "lost consciousness",
            "cuchillo*/navaja*/machete*/pistola*/apuñal*": "knife, machete, gun, stabbed",
            "atrapad*/encerrad*/atascad* ~ ascensor/elevador": "stuck in the lift",
            "ascensor/elevador ~ atrapad*/encerrad*": "in the lift, stuck",
            "sangrando/sangra": "is bleeding",
            "mucha sangre": "much blood",
            "tumbar/tumbando/romper/rompiendo/derribar/derribando ~ puerta": "is breaking the door in",
            "va/van a matar/matarme/matarnos/matarla": "is going to kill",
            "amenaz* ~ matar*/muerte": "threatens to kill",
            "auxilio/socorro": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "violencia doméstica/familiar/intrafamiliar/machista": "domestic violence",
            "violencia de género": "violence against women",
            "marido/esposo/novio/pareja/padre/padrastro/ex ~ pega/golpea/maltrata/pegó/golpeó/pegando/golpeando": "my husband (partner, father) beats",
            "me/la/nos/lo/les pega/pegan/pegó/pegaron/golpea/golpean/golpeó/golpearon/maltrata/maltratan/maltrató": "beats me (her, us)",
            "pega/golpea/pegando/golpeando a ~ mujer/esposa/hijo*/hija*/niño*/niña*/madre": "beats his wife (child)",
            "maltrat*": "mistreatment, abuse",
            "miedo ~ marido/esposo/pareja/padre/él": "afraid of my husband (him)",
            "suicid*": "suicide",
            "quitarme/quitarse/quitar la vida": "take one's life",
            "no ~ quiero ~ vivir/viviendo": "I do not want to live",
            "quiero/quiere morir/morirme/morirse/matarme/matarse": "wants to die",
            "me/se quiero/quiere/voy/va a/_ matar/morir/suicidar": "wants to kill himself (to die)",
            "voy/va a matarme/matarse": "is going to kill himself",
            "autolesi*": "self-harm",
            "corto/corta/cortarse/cortarme/cortando ~ brazos/venas/muñecas": "cuts her arms",
            "abus* ~ sexual*/niña*/niño*/hija/hijo": "sexual abuse",
            "violó/violación/violaron/violada": "rape",
            "prostitu*/explotación": "prostitution, exploitation",
            "trata de personas": "human trafficking",
            "quit* ~ pasaporte*": "took the passport",
            "niño*/niña*/bebé ~ solo/sola/solos/solas ~ casa": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "humedad*": "damp",
            "moho*/hongos": "mould",
            "condensación": "condensation",
        },
        Category.COMPLAINT: {
            "queja/quejas/quejo/quejarme/quejarnos": "complaint, I complain",
            "reclamo/reclamos/reclamación/reclamar": "complaint, to claim",
            "nadie ~ viene/vino/venido/contesta/contestó/responde/llama/llamó/aparece/apareció/arregl*/hace": "nobody came (answers)",
            "vino/viene/venido/contesta/responde nadie": "nobody came (answers)",
            "hasta cuándo": "until when?",
            "cuánto ~ esperar": "how long must I wait",
            "llevo/llevamos/sigo/seguimos ~ esperando": "I have been waiting, I am still waiting",
            "llamado/llamé/escrito/reportado ~ veces": "rang (wrote) several times",
            "descontent*/insatisfech*": "dissatisfied",
        },
    },
    without={
        "sin calefacción/luz/electricidad/corriente": "without heating (power)",
        "no ~ funciona/hay/tenemos/tengo ~ calefacción/luz/electricidad/caldera": "there is no heating (power)",
        "calefacción/caldera ~ no ~ funciona/anda/prende": "the heating does not work",
        "fue/cortaron la luz": "the power has gone",
    },
    frail={
        "bebé/bebés/bebe/bebito*": "baby",
        "recién nacid*": "newborn",
        "niño*/niña*": "child",
        "embarazada": "pregnant",
        "anciano*/anciana*/abuel*": "old person",
        "oxígeno/diálisis/insulina": "oxygen, dialysis, insulin",
        "discapacitad*/enfermo/enferma": "disabled, ill",
        "bajo cero/helando": "below zero",
    },
    small_words=(
        "los las que por favor para está estoy tengo pero muy hola buenos buenas días tardes gracias nadie cuando"
        " desde aquí hay ayer hoy del se lo más porque también como quiero puede pueden alguien fue vino sin ustedes"
        " es soy estamos tiene tienen necesito ayuda mucho señor señora vecino vecina agua puerta todos otra vez"
        " esposo calle niños ella él"
    ),
)
