"""What people can do today: rounds, self and manager assessments, talks, the agreed Ist (paper 4.3.1)."""

from .assessments import Assessment, Rating, Remark
from .consents import EarlierRoundsConsent
from .hand_overs import HandOver
from .participation_querysets import goes_on
from .participations import Participation, tell_apart, why_over
from .peers import PeerNomination, PeerTally
from .progress import PLAN_PROGRESS_NAMES, PROGRESS_NAMES, TALK_PROGRESS_NAMES, PlanProgress, Progress, TalkProgress
from .reach import managed, opened, shared
from .round_changes import RoundChange
from .rounds import Round, as_it_is_now
from .sides import MOST_RETURNS, RETURNED_OFTEN_ENOUGH, Side, in_place_of, signature, signer
from .statements import Statement
from .stock_taking import StockTaking
from .talks import Acknowledgement, AgreedLevel, Talk
from .targets import Target, TargetChange, asked_in_short

__all__ = [
    "MOST_RETURNS",
    "PLAN_PROGRESS_NAMES",
    "PROGRESS_NAMES",
    "RETURNED_OFTEN_ENOUGH",
    "TALK_PROGRESS_NAMES",
    "Acknowledgement",
    "AgreedLevel",
    "Assessment",
    "EarlierRoundsConsent",
    "HandOver",
    "Participation",
    "PeerNomination",
    "PeerTally",
    "PlanProgress",
    "Progress",
    "Rating",
    "Remark",
    "Round",
    "RoundChange",
    "Side",
    "Statement",
    "StockTaking",
    "Talk",
    "TalkProgress",
    "Target",
    "TargetChange",
    "as_it_is_now",
    "asked_in_short",
    "goes_on",
    "in_place_of",
    "managed",
    "opened",
    "shared",
    "signature",
    "signer",
    "tell_apart",
    "why_over",
]
