"""Chinese danger words, looked for sign by sign, as words are written without spaces; traditional signs count as simplified."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

CHINESE: Final = Tongue(
    code="zh",
    phrases={
        Flag.EMERGENCY: {
            "煤气/燃气/瓦斯/天然气 味/泄/漏/臭": "gas smell, gas leak",
            "闻到/闻见/有 ~ 煤气/燃气/瓦斯/天然气": "smell gas",
            "漏 煤气/燃气/瓦斯": "gas leak",
            "一氧化碳": "carbon monoxide",
            "着火/起火/失火/火灾/火警/大火": "fire",
            "冒烟/浓烟": "smoke",
            "烧焦/焦味/糊味": "smell of burning",
            "天花板/屋顶 ~ 塌/掉/漏水/水": "the ceiling: fallen, leaking",
            "水 ~ 天花板": "water, ceiling",
            "水淹/淹了/淹水": "flooded",
            "倒塌/坍塌/塌了/塌下": "collapsed",
            "触电/漏电/电到": "electric shock",
            "火花": "sparks",
            "裸露 ~ 电线": "bare wires",
            "电线 ~ 裸露/露出": "bare wires",
            "昏迷/晕倒/昏倒/不省人事": "unconscious",
            "没有/没/失去 意识/知觉": "lost consciousness",
            "没有/没/不能/停止 呼吸": "not breathing",
            "喘不过气/呼吸困难": "cannot breathe",
            "拿/持/带/有 着/把/_ 刀": "with a knife",
            "菜刀/刀子/砍刀": "knife",
            "手枪/有枪/拿枪": "gun",
            "困在/关在 ~ 电梯": "stuck in the lift",
            "电梯 ~ 被困/困住": "stuck in the lift",
            "流血/出血": "is bleeding",
            "砸/踹/撞 我家/我/我们/_ 门": "is breaking the door in",
            "杀了/杀我/杀人/要杀/砍人/砍我/杀死": "kill",
            "救命": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "家暴/家庭暴力": "domestic violence",
            "老公/丈夫/男朋友/前夫/爸爸/父亲/继父 ~ 打我/打她/打人/打妈妈/打孩子": "my husband (father) beats",
            "他/她/他们/有人/邻居 打/殴打/又打/打了/天天打/一直打/总打 我": "he (she, somebody) beats me",
            "被 ~ 老公/丈夫/男朋友/爸爸/父亲 ~ 打": "beaten by her husband (father)",
            "打老婆/打妻子/打孩子/打小孩/打女人/打儿子/打女儿": "beats his wife (child)",
            "殴打/毒打/虐待/虐儿": "beating, abuse",
            "怕 ~ 老公/丈夫/前夫": "afraid of my husband",
            "自杀/轻生/想死": "suicide, want to die",
            "不想活/活不下去": "do not want to live",
            "自残/割腕/自伤": "self-harm",
            "强奸/性侵/性骚扰/猥亵": "rape, molest",
            "卖淫/人口贩卖/强迫劳动": "prostitution, trafficking",
            "扣/扣了/拿走/没收 ~ 护照": "took the passport",
            "护照 ~ 扣/拿走/没收": "the passport was taken",
            "孩子/小孩/儿童/宝宝 ~ 独自/一个人 ~ 在家": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "发霉/霉菌/霉斑/长霉/黑霉/霉味": "mould",
            "潮湿/返潮/受潮": "damp",
        },
        Category.COMPLAINT: {
            "投诉/申诉/抱怨": "complaint",
            "没人/没有人/无人 ~ 来/管/理/接/回/修": "nobody comes (answers)",
            "一直没/还没/都没/没有 来/人/回/修": "still not come (answered)",
            "等了 ~ 天/月/周/星期/礼拜": "waited for days (months)",
            "不满/失望": "dissatisfied, disappointed",
            "打了 ~ 电话": "I have rung",
        },
    },
    without={
        "暖气 ~ 停/坏/没/不热": "the heating is off",
        "没有暖气/没暖气/停暖": "no heating",
        "停电/断电/没电/没有电": "no power",
    },
    frail={
        "婴儿/宝宝/新生儿/满月/刚出生/个月大/孩子/小孩": "baby, child",
        "孕妇/怀孕": "pregnant",
        "氧气/制氧机/呼吸机/透析/胰岛素": "oxygen, ventilator, dialysis, insulin",
        "老人/奶奶/爷爷/外婆/外公": "old person",
        "残疾/病人/心脏病": "disabled, ill",
        "零下": "below zero",
    },
)

TRADITIONAL: Final = (
    "氣气 洩泄 聞闻 見见 著着 災灾 煙烟 濃浓 燒烧 頂顶 電电 線线 觸触 暈晕 沒没 識识 覺觉 關关 門门 殺杀 繼继 親亲 媽妈 兒儿 毆殴 輕轻 殘残 強强 姦奸 騷骚 擾扰 賣卖 販贩 勞劳 動动 護护 獨独 個个 發发 黴霉 濕湿 訴诉 還还 話话"
    " 斷断 嬰婴 寶宝 滿满 剛刚 懷怀 機机 島岛 爺爷 來来 們们 壞坏 槍枪 過过 難难 帶带 禮礼 臟脏 熱热 製制 無无 從从 憐怜 攜携 點点 週周 間间 時时 園园 廚厨"
)
"""Traditional signs each with its simplified one, as far as the phrases hold them."""
