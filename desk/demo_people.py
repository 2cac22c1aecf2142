"""Invented residents for trying the desk out: each is marked as such, at an address that no mail system delivers to."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "demo"
"""The account of every message that is only for trying out; nothing real comes by it."""
DOMAIN = "demo.example"
"""Reserved for examples (RFC 2606): a letter to it reaches nobody, whatever relay it is given to."""
GIVEN = (
    *("Amara", "Bogdan", "Carys", "Delphine", "Ezra", "Farida", "Gethin", "Hyacinth", "Idris", "Jocasta", "Kwabena"),
    *("Lowenna", "Mirela", "Nkechi", "Ottoline", "Prakash", "Quentin", "Rosalind", "Sioned", "Tobias", "Umar", "Vesna"),
)
FAMILY = (
    *("Abbotsleigh", "Brackenbury", "Culpepper", "Dunmorrow", "Eastlake", "Fennimore", "Goldsworthy", "Harkaway"),
    *("Inchbald", "Jessamine", "Kingfisher", "Larkspur", "Merriweather", "Nightingale", "Oakapple", "Penhaligon"),
    *("Quillfeather", "Ravenscourt", "Summerhayes"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invented:
    """Somebody who does not exist."""

    name: str
    address: str
    home: str
    phone: str


def invented(number: int) -> Invented:
    """Return the person of this number: always the same, and another for each of the first few hundred."""
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]
    return Invented(
        name=f"{given} {family} (demo)",
        address=f"{given}.{family}.{number}@{DOMAIN}".lower(),
        home=f"Flat {number % 40 + 1}, Demo House",
        # Ofcom keeps these numbers for drama: nobody has one.
        phone=f"07700 900{number % 1000:03}",
    )
