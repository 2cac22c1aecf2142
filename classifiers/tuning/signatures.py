"""What mail programs and offices put under people's words, so that the encoder learns to hear past it."""

from __future__ import annotations

import random
from typing import Final

WORK, NUMBERS, ADDRESS, SITE, PROGRAM, NOTICE = 0.6, 0.6, 0.4, 0.4, 0.2, 0.4
"""Shares of the signatures that hold each kind of line."""
SIGN_OFFS: Final = (
    *("Kind regards", "Regards", "Many thanks", "Best wishes", "Yours sincerely", "Yours faithfully", "Thanks", "Thank you"),
    *("Best", "Warm regards", "Cheers", "With thanks", "Respectfully", "All the best", "KR", "Thx"),
)
FIRST: Final = (
    *("Amina", "Brian", "Chidi", "Dorota", "Ellen", "Farhan", "Grace", "Hao", "Ifeoma", "Jamal", "Karen", "Luca", "Maria"),
    *("Nadia", "Owen", "Priya", "Quentin", "Rosa", "Samir", "Tanya", "Umar", "Vera", "Wesley", "Ximena", "Yusuf", "Zoe"),
)
LAST: Final = (
    *("Adeyemi", "Baker", "Chowdhury", "Davies", "Edwards", "Fofana", "Green", "Hussain", "Ivanova", "Jackson", "Kowalska"),
    *("Lewis", "Mensah", "Nguyen", "O'Neill", "Patel", "Quaye", "Roberts", "Silva", "Thompson", "Uddin", "Walsh", "Young"),
)
ROLES: Final = (
    *("Senior Coordinator", "Head of Operations", "Account Manager", "Staff Nurse", "Teaching Assistant", "Project Lead"),
    *("Office Manager", "Senior Lecturer", "Director", "Payroll Officer", "Customer Service Adviser", "Site Engineer"),
    *(
        "Practice Manager",
        "Legal Secretary",
        "Support Worker",
        "Trainee Solicitor",
        "Finance Business Partner",
        "Chef de Partie",
    ),
)
FIRMS: Final = (
    *("Northgate Logistics Ltd", "Harrow & Pike LLP", "Bluebird Care Services", "St Anne's Primary School", "Kestrel Media"),
    *(
        "Meridian Health Trust",
        "Oakfield Accountants",
        "Turner Rail plc",
        "City Cleaning Group",
        "Fairway Travel",
        "Delta Foods",
    ),
    *("University of the South Bank", "Peckham Motors", "Greenleaf Charity", "Atlas Security Solutions", "Brook Street Dental"),
)
STREETS: Final = (
    "High Street",
    "Station Road",
    "Mill Lane",
    "Church Road",
    "King Street",
    "Park View",
    "Bridge Road",
    "Queensway",
)
SENT_FROM: Final = (
    *("Sent from my iPhone", "Sent from my Galaxy", "Sent from Outlook for Android", "Sent from Yahoo Mail on Android"),
    *("Get Outlook for iOS", "Sent from my mobile, please excuse typos", "Sent via BT Email App"),
)
NOTICES: Final = (
    "This email and any attachments are confidential. If you have received it in error please notify the sender and delete it.",
    "The contents of this message may be privileged. Any views expressed are those of the author and not of the company.",
    "Please consider the environment before printing this e-mail.",
    "We are registered in England and Wales, company number 04881237. Registered office as above.",
    "This message has been scanned for viruses. We accept no liability for any damage caused by it.",
    "Our offices are closed on bank holidays. For urgent matters call the switchboard.",
    "Follow us on Facebook, Instagram and LinkedIn | Investors in People | Living Wage Employer",
    "If you are not the intended recipient you must not copy, forward or disclose this message.",
)


def signature(chance: random.Random) -> str:
    """Return a sign-off with some of what stands under one: name, role, firm, numbers, address, site, notices."""
    name, firm = f"{chance.choice(FIRST)} {chance.choice(LAST)}", chance.choice(FIRMS)
    lines = [chance.choice((f"{chance.choice(SIGN_OFFS)},", chance.choice(SIGN_OFFS), "", "--")), name]
    for share, block in (
        (WORK, _work(firm, chance)),
        (NUMBERS, [_numbers(chance)]),
        (
            ADDRESS,
            [f"{chance.randint(1, 240)} {chance.choice(STREETS)}, London SE{chance.randint(1, 28)} {chance.randint(1, 9)}XY"],
        ),
        (SITE, [_site(name, firm, chance)]),
        (PROGRAM, [chance.choice(SENT_FROM)]),
        (NOTICE, ["", *chance.sample(NOTICES, chance.randint(1, 3))]),
    ):
        lines += block if chance.random() < share else []
    return "\n".join(lines)


def _work(firm: str, chance: random.Random) -> list[str]:
    role = chance.choice(ROLES)
    return chance.choice(([role, firm], [f"{role} | {firm}"], [firm]))


def _numbers(chance: random.Random) -> str:
    one, other = _number(chance), _number(chance)
    return chance.choice((f"T: {one}", f"Mob {one}", f"t {one} | m {other}", one))


def _site(name: str, firm: str, chance: random.Random) -> str:
    host = _host(firm)
    return chance.choice((f"www.{host}", f"{name.split(maxsplit=1)[0].lower()}@{host}", f"https://{host}/contact"))


def _number(chance: random.Random) -> str:
    return f"0{chance.choice(('20 7946', '7700 900', '161 496', '113 496'))} {chance.randint(100, 999)}"


def _host(firm: str) -> str:
    return "".join(mark for mark in firm.split(maxsplit=1)[0].lower() if mark.isalpha()) + ".example"
