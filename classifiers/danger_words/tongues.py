"""The languages that residents write most here, beside English; a further one is a module and a line."""

from __future__ import annotations

from typing import Final

from classifiers.danger_words.arabic import ARABIC
from classifiers.danger_words.bengali import BENGALI
from classifiers.danger_words.chinese import CHINESE
from classifiers.danger_words.french import FRENCH
from classifiers.danger_words.polish import POLISH
from classifiers.danger_words.portuguese import PORTUGUESE
from classifiers.danger_words.romanian import ROMANIAN
from classifiers.danger_words.somali import SOMALI
from classifiers.danger_words.spanish import SPANISH
from classifiers.danger_words.tongue import Tongue
from classifiers.danger_words.turkish import TURKISH
from classifiers.danger_words.urdu import URDU
from classifiers.danger_words.vietnamese import VIETNAMESE

TONGUES: Final[tuple[Tongue, ...]] = (
    POLISH, ROMANIAN, SPANISH, PORTUGUESE, FRENCH, TURKISH, ARABIC, SOMALI, BENGALI, URDU, VIETNAMESE, CHINESE
)  # fmt: skip
