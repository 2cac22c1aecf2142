"""What acts on a complaint's course are done with, and what of it the landlord settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.case_acts import Acts
from handlers.circumstances import Surroundings
from handlers.correspondence import Correspondence
from handlers.course.guidance import Guidance
from handlers.course.habits import Habits
from handlers.course.limits import Limits
from handlers.course.posting import Posting
from handlers.handover.partners import Partner
from handlers.people.rules import PeopleRules
from handlers.surveys.rules import SurveyRules


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Acts on cases, the letters that tell of them, and what decisions depend on."""

    acts: Acts
    posting: Posting
    surroundings: Surroundings
    correspondence: Correspondence
    habits: Habits = field(default_factory=Habits)
    people: PeopleRules = field(default_factory=PeopleRules)
    limits: Limits = field(default_factory=Limits)
    guidance: Guidance = field(default_factory=Guidance)
    surveys: SurveyRules = field(default_factory=SurveyRules)
    partners: Mapping[str, Partner] = field(default_factory=dict)
