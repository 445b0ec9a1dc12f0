"""The Lernplan (paper, chapter 4): formats, plans, reviews; bookings; and the documents of a round."""

from .bookings import Booking, BookingMove, OfferDate, OfferList, TrainingBudget, TrainingYear
from .bundles import Bundle, BundleDocument
from .changes import PlanChange
from .final_reviews import FinalCheck, FollowUp
from .formats import LearningFormat, Offer, Suitability
from .groups import GoalTally, GroupPlace, LearningGroup, MentorOffer
from .measures import Measure
from .plans import Goal, LearningPlan
from .records import TIME_TO_ANSWER, RecordOfTwo, Side, side_of
from .refreshes import RefreshDate
from .reviews import OF_A_SIDE, GoalReview, Preparation, Review

__all__ = [
    "OF_A_SIDE",
    "TIME_TO_ANSWER",
    "Booking",
    "BookingMove",
    "Bundle",
    "BundleDocument",
    "FinalCheck",
    "FollowUp",
    "Goal",
    "GoalReview",
    "GoalTally",
    "GroupPlace",
    "LearningFormat",
    "LearningGroup",
    "LearningPlan",
    "Measure",
    "MentorOffer",
    "Offer",
    "OfferDate",
    "OfferList",
    "PlanChange",
    "Preparation",
    "RecordOfTwo",
    "RefreshDate",
    "Review",
    "Side",
    "Suitability",
    "TrainingBudget",
    "TrainingYear",
    "side_of",
]
