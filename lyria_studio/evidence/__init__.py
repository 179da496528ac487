"""What listening tests show, and what they do not: statistics without screen and database.

The results (`findings`) are data; `sentences` puts them into words; the functions that judge fill
in both. A verdict has two steps: do listeners prefer one of these recordings (`preference`,
`several`), and would new takes of the prompts be preferred, too (`takes`, `over_takes`)?

How early looks are guarded. An owner watches the votes come in, and a test that is read after
every vote and ended at the first "significant" count finds winners among equals in far more than
5 of 100 tests. So a test has a planned number of votes, and two rules:

- before the planned end (and for ever, where a test is ended early) only the odds of the votes
  against chance name a winner, from 100 to 1. The odds are a test martingale (a beta-binomial
  mixture, Robbins 1970): under chance they reach 100 in at most 1 of 100 tests however often one
  looks (Ville's inequality). The interval shown is the 99% confidence sequence that belongs to it.
- at the planned end the exact sign test decides, with its Clopper-Pearson interval.

Both together name a wrong winner in at most 5 of 100 tests. Up to 43 decisive votes (29 answers
of ABX) the final test may use its whole 5%: nearly every test that the first rule ends is one
that the final test would decide alike, so looking early costs no power at all. This is computed
exactly over all paths of votes, not estimated. Beyond, the final test uses 4%, and the union
bound does the rest. `benchmarks/evidence.py` prints it all.

Sources: Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math.
Statist. 41 (1970); Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric,
nonasymptotic confidence sequences", Ann. Statist. 49 (2021); Clopper, Pearson, Biometrika 26
(1934).
"""

from lyria_studio.evidence.abx import abx
from lyria_studio.evidence.ballots import Ballot, Tally, ballot_per_listener, tally
from lyria_studio.evidence.bias import bias
from lyria_studio.evidence.decision_rules import Rule, Stage, decision_bounds, stage_of
from lyria_studio.evidence.findings import Abx, Bias, OverTakes, Pair, Preference, Several
from lyria_studio.evidence.over_takes import over_takes
from lyria_studio.evidence.preference import preference
from lyria_studio.evidence.sentences import rule_sentence
from lyria_studio.evidence.several import several
from lyria_studio.evidence.strengths import Strengths, strengths
from lyria_studio.evidence.takes import TAKES_NEEDED, TakeVote

__all__ = [
    "TAKES_NEEDED",
    "Abx",
    "Ballot",
    "Bias",
    "OverTakes",
    "Pair",
    "Preference",
    "Rule",
    "Several",
    "Stage",
    "Strengths",
    "TakeVote",
    "Tally",
    "abx",
    "ballot_per_listener",
    "bias",
    "decision_bounds",
    "over_takes",
    "preference",
    "rule_sentence",
    "several",
    "stage_of",
    "strengths",
    "tally",
]
