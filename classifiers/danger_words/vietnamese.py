"""Vietnamese danger words. Tones tell words apart: a word typed with marks must bear these, one typed without may be any.

So no phrase of a single word is found where it is typed without marks (``cháy``, fire, but ``chay``, run or meatless).
"""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.tongue import Tongue
from classifiers.taxonomy import Category, Flag

VIETNAMESE: Final = Tongue(
    code="vi",
    tones=True,
    phrases={
        Flag.EMERGENCY: {
            "mùi khí/hơi/_ ga/gas": "smell of gas",
            "mùi gas": "smell of gas",
            "rò/xì rỉ/_ khí/_ ga/gas": "gas leak",
            "hở/bể ống/_ gas/ga": "gas pipe open",
            "khí CO": "carbon monoxide",
            "cháy": "fire",
            "cháy nhà/lớn/rồi": "the house is on fire",
            "bị/đang/bốc cháy": "is burning",
            "mùi khét/cháy": "smell of burning",
            "khói ~ đầy/mù/nhiều/bốc/nhà": "smoke fills",
            "nhiều/đầy/có khói": "much smoke",
            "ngập nước/nhà/hết/rồi": "flooded",
            "nước ~ trần": "water from the ceiling",
            "trần/tường ~ sập/sụp/rớt/rơi/đổ": "the ceiling (wall) has come down",
            "sập/sụp trần/tường/nhà/ban": "the ceiling (wall) has come down",
            "điện giật": "electric shock",
            "giật điện": "electric shock",
            "tóe/toé/xẹt/nháng/bắn lửa": "sparks",
            "tia lửa": "sparks",
            "dây điện ~ hở/đứt/trần": "bare wires",
            "bất tỉnh": "unconscious",
            "ngất xỉu/đi/rồi": "fainted",
            "bị ngất": "fainted",
            "không/ngừng/ngưng thở": "not breathing",
            "khó thở": "can hardly breathe",
            "cầm/có/rút/con dao": "with a knife",
            "cầm/có súng": "with a gun",
            "kẹt ~ thang máy": "stuck in the lift",
            "kẹt ~ trong": "stuck inside",
            "chảy/ra máu": "is bleeding",
            "phá/đập/đạp/tông cửa": "is breaking the door in",
            "giết": "kill",
            "giết tôi/chết/người/vợ/con/em/mẹ": "kill me (a person)",
            "cứu với/tôi/mạng/chúng": "help! (called out)",
        },
        Flag.SAFEGUARDING: {
            "bạo hành": "violence, abuse",
            "bạo lực gia đình": "domestic violence",
            "chồng ~ đánh": "my husband beats",
            "đánh vợ/con/đập/tôi/bà/mẹ/em": "beats his wife (child, me)",
            "ngược đãi": "mistreatment",
            "sợ chồng": "afraid of my husband",
            "tự tử/sát/vẫn": "suicide",
            "muốn chết": "want to die",
            "không/chẳng muốn sống": "do not want to live",
            "rạch/cắt cổ/_ tay": "cuts her arm",
            "tự làm/_ hại": "self-harm",
            "hiếp dâm": "rape",
            "cưỡng hiếp": "rape",
            "lạm dụng": "abuse",
            "xâm hại": "abuse of a child",
            "quấy rối tình dục": "sexual harassment",
            "bán dâm": "prostitution",
            "buôn người": "human trafficking",
            "giữ/lấy hộ chiếu": "took the passport",
            "bé/con/trẻ/cháu ~ ở nhà một mình": "child left alone at home",
        },
        Flag.DAMP_MOULD: {
            "nấm mốc": "mould",
            "mốc": "mould",
            "bị/mọc/lên mốc": "has gone mouldy",
            "ẩm mốc/ướt/thấp": "damp",
            "tường ~ ẩm/mốc": "the wall is damp (mouldy)",
        },
        Category.COMPLAINT: {
            "khiếu nại": "complaint",
            "phàn nàn": "complain",
            "than phiền": "complain",
            "không/chẳng/chưa có/thấy/_ ai": "nobody",
            "đến bao giờ": "until when?",
            "bao/chờ lâu nữa": "how much longer?",
            "chờ đến/tới bao/khi": "wait until when",
            "gọi/báo hai/ba/bốn/năm/mấy/nhiều lần": "rang (reported) so many times",
            "thất vọng": "disappointed",
            "bức xúc": "upset",
            "không hài lòng": "dissatisfied",
        },
    },
    without={
        "không có ~ sưởi/điện": "no heating (power)",
        "lò/máy/thống sưởi ~ hỏng/hư/không": "the heating does not work",
        "mất/cúp điện/sưởi": "the power (heating) is off",
    },
    frail={
        "em bé": "baby",
        "con nhỏ": "small child",
        "sơ sinh": "newborn",
        "tháng tuổi": "months old",
        "mang thai": "pregnant",
        "có bầu": "pregnant",
        "máy thở": "ventilator",
        "chạy/lọc thận": "dialysis",
        "oxy/insulin": "oxygen, insulin",
        "cụ/bà/người già": "old person",
        "khuyết tật": "disabled",
    },
    small_words=(
        "tôi không của được người nhà bị các những rồi xin giúp từ nhưng chưa nước cửa phòng hôm nay"
        " quý này với sửa nhờ đường dưới trước tháng ngày trong"
    ),
)
