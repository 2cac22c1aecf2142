"""Messages whose category no reader of the guide would dispute."""

import pytest

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Text, Verdict

COMPLAINTS = [
    "Your plumber was supposed to come on Tuesday morning. I waited in all day and nobody turned up and nobody rang.",
    "I have reported the broken lift four times now and still nothing has been done. It is not good enough.",
    "I want to complain about your repairs team. They promised to ring me back about my boiler and they never did.",
    "I told you about the drug dealing on our stairs in June and you have done nothing about it.",
    "The contractor who came was rude to my mother and left mud all over her carpet.",
    "I am not happy with your stage 1 response and I want this taken to stage 2.",
]
REQUESTS = [
    "Hello, the kitchen tap is dripping. Please could somebody come and have a look at it? I am in most mornings.",
    "The light on the second floor landing has gone out. Can it be replaced please.",
    "Could you please send me a rent statement for the last six months?",
    "I have lost the key fob for the main door, how do I order a new one?",
]
NUISANCE = [
    "The people in the flat above are playing loud music until three in the morning.",
    "Youths are smoking and dealing drugs in the stairwell of our block every night.",
    "My neighbour's dog barks all day and he shouts abuse at me when I walk past.",
]
ELSEWHERE = [
    ("How do I apply for a reduction in my council tax?", Reason.OTHER_COUNCIL_SERVICE),
    ("I got a parking ticket on the high street and I want to appeal against the fine.", Reason.OTHER_COUNCIL_SERVICE),
    ("My private landlord will not return my deposit. I rent through a letting agent.", Reason.NOT_OUR_HOME),
    ("Grow your business with our SEO services! Book a free demo today. Unsubscribe here.", Reason.NOT_FOR_US),
]


def judged(classifier, text, subject=None) -> Verdict:
    return classifier.classify(Text(channel="email", subject=subject, text=text))


@pytest.mark.parametrize("text", COMPLAINTS)
def test_dissatisfaction_with_the_landlord_is_a_complaint(classifier, text):
    assert judged(classifier, text).category is Category.COMPLAINT


@pytest.mark.parametrize("text", REQUESTS)
def test_a_first_request_is_a_service_request(classifier, text):
    assert judged(classifier, text).category is Category.SERVICE_REQUEST


@pytest.mark.parametrize("text", NUISANCE)
def test_what_neighbours_do_is_a_report_of_antisocial_behaviour(classifier, text):
    assert judged(classifier, text).category is Category.ASB_REPORT


@pytest.mark.parametrize(("text", "reason"), ELSEWHERE)
def test_what_is_for_others_is_out_of_scope_with_its_reason(classifier, text, reason):
    verdict = judged(classifier, text)
    assert (verdict.category, verdict.reason) == (Category.OUT_OF_SCOPE, reason)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("There is a strong smell of gas in my kitchen and I feel sick.", Flag.EMERGENCY),
        ("There are bare live wires hanging out of the ceiling in the hall and they are sparking.", Flag.EMERGENCY),
        ("My husband hits me and I am scared of what he will do to the children tonight.", Flag.SAFEGUARDING),
        ("I cannot go on and I want to end my life.", Flag.SAFEGUARDING),
        ("There is black mould all over the bedroom wall.", Flag.DAMP_MOULD),
        ("I use a wheelchair and the lift in our block has stopped.", Flag.VULNERABLE),
        ("I do not agree with your stage 1 response, please escalate my complaint to stage 2.", Flag.STAGE2),
        ("Please send letters to me in large print as I am partially sighted.", Flag.ADJUSTMENT),
        ("I am writing on behalf of my mother, Mrs Grey, who has a leak in her bathroom.", Flag.REPRESENTATIVE),
        ("I reported this leak on Monday, reference 445566.", Flag.PRIOR_REQUEST),
        ("The fire door on our floor is propped open and the fire exit is blocked with bikes.", Flag.BUILDING_SAFETY),
    ],
)
def test_what_must_not_be_overlooked_is_flagged(classifier, text, flag):
    assert flag in judged(classifier, text).flags


def test_a_danger_does_not_keep_a_sure_complaint_from_being_logged(classifier):
    text = (
        "I told you on Monday that live wires are hanging from my ceiling. Nobody came. You said Tuesday and nobody came again."
    )
    verdict = judged(classifier, text)
    assert Flag.EMERGENCY in verdict.flags
    assert (verdict.category, verdict.route) == (Category.COMPLAINT, "auto"), verdict.why


@pytest.mark.parametrize("apostrophe", ["can't", "can’t", "cant"])
def test_apostrophes_make_no_difference(classifier, apostrophe):
    verdict = judged(classifier, f"You {apostrophe} keep cancelling my appointment, this is the third time nobody came.")
    assert verdict.category is Category.COMPLAINT
