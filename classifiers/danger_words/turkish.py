"""Turkish danger words; endings pile up behind the noun and the verb, so most stand as stems."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

TURKISH: Final = Tongue(
    code="tr",
    phrases={
        Flag.EMERGENCY: {
            "gaz/doğalgaz/gazı ~ kokusu*/kokuyor*/kokuyo/koktu": "smell of gas",
            "gaz/doğalgaz kaça*/kaçı*/kaçağ*/sız*": "gas leak",
            "karbonmonoksit*/monoksit*": "carbon monoxide",
            "CO alarmı/dedektör*": "alarm, carbon monoxide",
            "yangın*": "fire",
            "yanıyor*/tutuştu*/alev/alevler*": "is burning, in flames",
            "yanık/yanik kokusu*/kokuyor*": "smell of burning",
            "duman*": "smoke",
            "su bastı/basıyor/basti/baskını": "flooded",
            "tavandan ~ su/akıyor/damlıyor/akti/aktı/şırıl*": "water runs from the ceiling",
            "tavan/tavanı/duvar/balkon ~ çöktü/çöküyor/düştü/göçtü/yıkıldı/çökecek": "the ceiling (wall) has come down",
            "kıvılcım*": "sparks",
            "çıplak/açıkta/açık ~ kablo*/teller": "bare wires",
            "elektrik*/cereyan* ~ çarptı/çarpıyor/çarpti": "electric shock",
            "nefes ~ almıyor/alamıyor*": "is not breathing",
            "bayıldı/baygın*/bilinci*": "fainted, unconscious",
            "bıçak*/bıçağ*": "knife",
            "silah*/tabanca*/satırla": "gun, cleaver",
            "asansörde ~ kaldı*/mahsur/sıkış*": "stuck in the lift",
            "kanıyor*/kanama*": "is bleeding",
            "kapı*/kapıyı ~ kırıyor*/kırmaya/kıracak*": "is breaking the door in",
            "öldür*": "kill",
            "imdat": "help! (called out)",
            "yardım edin": "help us",
        },
        Flag.SAFEGUARDING: {
            "aile içi şiddet*": "domestic violence",
            "şiddet ~ görüyor*/uygul*/gördü*": "suffers violence",
            "kocam*/kocası*/eşim*/eşi/babam*/babası/adam/sevgilim*/üvey ~ dövüyor*/dövdü*/vuruyor*/vurdu*": "my husband (father) beats",
            "bana/bize ~ vuruyor*/vurdu*/vuruyo": "hits me (us)",
            "beni/bizi ~ dövüyor*/dövdü*/dövüyo": "beats me (us)",
            "karısı*/karısını/çocuğ*/çocuk*/beni/kızı*/annesi* ~ dövüyor*/dövdü*/dövüyo/vuruyor*": "beats his wife (child, me)",
            "dayak*": "a beating",
            "kocam*/eşim*/babam* ~ korkuyorum": "I am afraid of my husband (father)",
            "intihar*": "suicide",
            "kendimi/kendini/canıma/canına öldür*/asa*/kes*/kıy*": "kill (cut) oneself",
            "yaşamak istemiyor*": "do not want to live",
            "ölmek istiyor*": "want to die",
            "taciz*/tecavüz*/istismar*": "molest, rape, abuse",
            "fuhuş*/fuhuş": "prostitution",
            "zorla çalıştır*": "forced labour",
            "pasaport* ~ aldı*/koydu*/vermiyor*": "took the passport",
            "çocuk*/çocuğ*/bebe* ~ yalnız*/başına": "child left alone",
        },
        Flag.DAMP_MOULD: {
            "küf/küfü/küfler/küften/küflü/küflen*": "mould",
            "rutubet*": "damp",
            "nem/nemli/nemden/nemlen*": "damp",
        },
        Category.COMPLAINT: {
            "şikayet*": "complaint",
            "kimse ~ gelmedi/gelmiyor/aramadı/aramıyor/bakmıyor/bakmadı/ilgilenmiyor/yok/cevap*": "nobody came (rang, cares)",
            "gelen ~ yok/olmadı": "nobody came",
            "cevap ~ yok/veren/vermiyor*/alama*/vermedi*": "no answer",
            "kaç kere/kez/defa ~ aradı*": "how many times have I rung",
            "kere/kez/defa aradı*/söyledi*/yazdı*": "rang (told, wrote) several times",
            "memnun değil*": "dissatisfied",
            "hala/hâlâ ~ bekliyor*/gelmedi*/yapılmadı": "still waiting (not come)",
            "gelmediniz/gelmediler": "you (they) did not come",
        },
    },
    without={
        "kalorifer*/ısıtma*/kombi*/petek* ~ yok/çalışmıyor*/yanmıyor*/bozuk*/buz/soğuk": "no heating",
        "elektrik*/elektriğ* ~ yok/kesik/kesildi/gitti": "no power",
    },
    frail={
        "bebek*/bebeğ*": "baby",
        "yeni doğan*/yenidoğan*": "newborn",
        "çocuk*/çocuğ*": "child",
        "hamile*": "pregnant",
        "aylık": "months old",
        "yaşlı*/yaşında": "old (years of age)",
        "oksijen*/diyaliz*/insülin*": "oxygen, dialysis, insulin",
        "engelli*/hastayım/hasta": "disabled, ill",
    },
    small_words=(
        "bir bu için çok var yok değil bana benim bizim ne zaman daha gibi kadar lütfen merhaba günaydın iyi günler"
        " teşekkürler hiç kimse şu oldu ama evde dairem kapı sonra saat iki hala nasıl nerede bize sizin beni komşu"
        " yine istiyorum gerek kapıyı evimde sıcak biri bütün neden olarak tekrar bugün dün"
    ),
)
