"""A landlord for the tests: the council of Northmere, which does not exist, with every fact a letter may say.

Numbers are from the ranges Ofcom keeps for stories, addresses end in ``.example``; only the national offices are real.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.landlord import Landlord, Office, Team

COMPLAINTS = Team(
    key="complaints", name="Northmere Homes Complaints Team", email="complaints@northmere.example", phone="01632 960101"
)
REPAIRS = Team(key="repairs", name="Repairs Team", email="repairs@northmere.example", phone="01632 960102")
SAFER = Team(key="asb", name="Safer Estates Team", email="safer.estates@northmere.example", phone="01632 960103")
CONTACT = Team(key="contact", name="Contact Team", email="hello@northmere.example", phone="01632 960100")

HOUSING_OMBUDSMAN = Office(
    key="housing_ombudsman",
    name="Housing Ombudsman Service",
    phone="0300 111 3000",
    website="https://www.housing-ombudsman.org.uk",
    post="PO Box 1484, Unit D, Preston PR2 0ET",
)
COUNCIL_OMBUDSMAN = Office(
    key="council_ombudsman",
    name="Local Government and Social Care Ombudsman",
    phone="0300 061 0614",
    website="https://www.lgo.org.uk",
    post="PO Box 4771, Coventry CV4 0EH",
    words=("homeless", "homelessness", "temporary accommodation", "housing register", "banding"),
)
BUILDING_SAFETY_REGULATOR = Office(
    key="building_safety_regulator",
    name="Building Safety Regulator",
    phone="0300 790 6787",
    website="https://www.gov.uk/guidance/contact-the-building-safety-regulator",
)
COUNCIL_COMPLAINTS = Office(
    key="council_complaints",
    name="Northmere Council's complaints office",
    phone="01632 960200",
    website="https://northmere.example/complaints",
    post="Complaints, Northmere Council, Town Hall, Northmere NM1 1AA",
    email="feedback@northmere.example",
)
COUNCIL_TAX = Office(
    key="council_tax",
    name="Council Tax",
    phone="01632 960201",
    website="https://northmere.example/council-tax",
    about="bills, bands and discounts",
    words=("council tax", "tax band", "single person discount"),
)
PARKING = Office(
    key="parking",
    name="Street Parking",
    phone="01632 960202",
    website="https://northmere.example/parking",
    words=("parking ticket", "penalty charge", "traffic warden", "pcn"),
)
WASTE = Office(
    key="waste",
    name="Waste and Recycling",
    phone="01632 960203",
    website="https://northmere.example/waste",
    words=("bin collection", "recycling bin", "brown bin", "refuse lorry"),
)
BENEFITS = Office(
    key="housing_benefit",
    name="Benefits",
    phone="01632 960204",
    website="https://northmere.example/benefits",
    words=("housing benefit", "council tax reduction"),
)
TRIBUNAL = Office(
    key="appeal",
    name="First-tier Tribunal (Property Chamber)",
    phone="01632 960205",
    website="https://www.gov.uk/housing-tribunals",
    about="the amount of a rent or a service charge",
)
PRIVATE_HOMES = Office(
    key="private_homes",
    name="Northmere Council's Private Homes Team",
    phone="01632 960206",
    website="https://northmere.example/private-renting",
    about="homes that belong to other landlords",
)


def northmere(**changes: object) -> Landlord:
    """Return the sample landlord, with any of its facts changed."""
    landlord = Landlord(
        name="Northmere Council",
        service_name="Northmere Homes",
        reference_prefix="NMH",
        complaints_email="complaints@northmere.example",
        phone="01632 960100",
        post="Northmere Homes, Town Hall, Northmere NM1 1AA",
        website="https://northmere.example/homes",
        policy_url="https://northmere.example/homes/complaints-policy",
        privacy_url="https://northmere.example/privacy",
        data_protection_contact="data.protection@northmere.example",
        emergency_phone="01632 960999",
        emergency_hours="day and night, every day of the year",
        asb_phone="01632 960103",
        accessible_formats="large print, braille, audio, easy read or another language",
        routing={
            "complaint": "complaints",
            "service_request": "repairs",
            "asb_report": "asb",
            "out_of_scope": "contact",
            "triage": "contact",
        },
        teams={team.key: team for team in (COMPLAINTS, REPAIRS, SAFER, CONTACT)},
        housing_ombudsman=HOUSING_OMBUDSMAN,
        council_ombudsman=COUNCIL_OMBUDSMAN,
        building_safety_regulator=BUILDING_SAFETY_REGULATOR,
        council_complaints=COUNCIL_COMPLAINTS,
        services={office.key: office for office in (COUNCIL_TAX, PARKING, WASTE, BENEFITS)},
        signposts={"appeal_process": TRIBUNAL, "not_our_home": PRIVATE_HOMES, "other_council_service": COUNCIL_COMPLAINTS},
    )
    return replace(landlord, **changes)  # type: ignore[arg-type]
