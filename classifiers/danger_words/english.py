"""Knows English words, names and abbreviations that are spelt like words of the tables: they alone say nothing in English."""

from __future__ import annotations

from typing import Final

from classifiers.gazetteers import ordinary_words

_ALSO_ENGLISH: Final = (
    "a abba abusers abusing abusive adam ai al aldi am au aya aye ba ban bao bate be beck beckford beni bi blockage"
    " blockages bo boc bon boo bu cade cam casa chad chai chang cho chua chung co condensate condense da dab dai dam dang"
    " dao dat dau de dele den detector detectors di dil dill dilys din do dom domain domestics domingo dominic domino dung"
    " eau edin eka el electrocuted electrocution em en ex faca familiar faro fin fio fungus ga gais gaz gaze gia gio gir"
    " ha handicap handicapped hay ho hoe hoi hol hola holder holders hollow humid humidity i ia il ile iman ina incendiary"
    " inundated inundation is jaan jina joc jolene ka kali ket kew ko koi la lag lager lagging lam lan lau le len les lia"
    " llama lo luc lui luz ma machetes mae mai maira mama mana mar mara mare mari marta marte me mere mian mis moira"
    " molest molestation molested morte mot mu na nai nas ni nina no nou nous nu o ong ori pali pani passer passers pha"
    " pica pistol pistols plang plz prostitute prostitutes prostituting prostitution pun pus quit quits ra rai reclamation"
    " resolve ri ro roi rot rut sa sam sami samo sans scar scare scares scars se serial series sexual sexualised sexually"
    " shami shock shok sin siri so solo solos soo spart stat su suicidal suicidally suicide suicides sung sup swami tapes"
    " tar tata tay teller temps thai thang thong tia tod toe toi tong tor tran tre trong tu ur usa va venue venues venus"
    " vida vino violate violated violates violating violation violations violent violently vo wala wali winds xi yok"
)
"""Beside the ordinary words; people are called Marta, Gaz and Rai, and firms "& Co"."""


class EnglishWords:
    """All words that are no sign of another language."""

    def __init__(self) -> None:
        self._known = ordinary_words().union(_ALSO_ENGLISH.split())

    def __contains__(self, plain: str) -> bool:
        """Tell whether a word in its plain spelling may be English, or is a number."""
        return plain.isdecimal() or plain in self._known or (plain.endswith("s") and plain[:-1] in self._known)
