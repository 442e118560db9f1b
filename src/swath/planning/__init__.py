"""From a plan to its candidates: which captures of an area are possible, and why not when there is none."""

from swath.access.contacts import find_contacts_with_all
from swath.planning.candidates import find_candidates
from swath.planning.chances import find_chances
from swath.planning.combine import choose_fewest, combine, cover
from swath.planning.model import CandidateDraft, Chance, Change, FoundCandidates, Loss, Member, Terms, explain
from swath.planning.uplinks import first_downlink
from swath.planning.warm_up import warm_up

__all__ = [
    "CandidateDraft",
    "Chance",
    "Change",
    "FoundCandidates",
    "Loss",
    "Member",
    "Terms",
    "choose_fewest",
    "combine",
    "cover",
    "explain",
    "find_candidates",
    "find_chances",
    "find_contacts_with_all",
    "first_downlink",
    "warm_up",
]
