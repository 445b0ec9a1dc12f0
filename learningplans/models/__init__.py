"""The Lernplan (paper, chapter 4): formats, plans, reviews; and the documents of a round."""

from .bundles import Bundle, BundleDocument
from .formats import LearningFormat, Offer
from .plans import Goal, LearningPlan, Measure
from .reviews import FinalCheck, FollowUp, GoalReview, PlanChange, Preparation, Review

__all__ = [
    "Bundle",
    "BundleDocument",
    "FinalCheck",
    "FollowUp",
    "Goal",
    "GoalReview",
    "LearningFormat",
    "LearningPlan",
    "Measure",
    "Offer",
    "PlanChange",
    "Preparation",
    "Review",
]
