"""The columns that policies read and write, by number.

Rule of this file: numbers only; what they mean stands beside them, what an admin calls them stands
in `vocabulary`. A column is a list of floats (or ints and bools, read as numbers); missing is NaN.
Instants are CLOCK_BOOTTIME seconds of the node that decides.
"""

from __future__ import annotations

# ---- queues[Q_...][row]: one row per (site, queue); row 0 is nobody's: closed and empty -----

Q_SITE = 0  # name_id of the site
Q_QUEUE = 1  # name_id of the queue
Q_OPEN = 2  # 1 while the site says that it takes calls
Q_SHARED = 3  # 1 where calls of other sites may be served
Q_STAFFED = 4  # agents signed in
Q_FREE = 5  # ready agents not promised to anybody
Q_LENDABLE = 6  # free agents a call of another site may have (loan limit and reserve taken off)
Q_LONGEST_READY_AT = 7  # since when the longest available agent is ready; inf without one
Q_WAITING = 8  # calls waiting, or on their way to wait here
Q_PLACES_FREE = 9
Q_AHT_S = 10  # mean handle time
Q_REPORTED_AT = 11  # when the row was last reported
Q_BUSY = 12
Q_ACW = 13
Q_NOT_READY = 14
Q_RESERVED = 15
Q_LOANS = 16  # calls of other sites held or served, promises included
Q_MAX_LOAN = 17
Q_MIN_RESERVE = 18
Q_OLDEST_AT = 19  # when the longest waiting call began to wait; NaN if none waits
Q_LAST_WAIT_S = 20  # wait of the call that last went to an agent; 0 where none waited lately
Q_PATIENCE_S = 21  # mean time until a caller gives up; NaN if not known
Q_ESTIMATOR = 22  # which estimator has been best here: a number of `estimates.ESTIMATORS`
Q_EWT_LOW = 23  # low end of the range of the expected wait, as a factor of it
Q_EWT_HIGH = 24  # high end
Q_SERVICE_LEVEL = 25  # share answered in time over 15 minutes; NaN where nothing was offered
Q_ANSWERED = 26  # calls answered since the site agent started
Q_ABANDONED = 27
Q_PLACES_MAX = 28
Q_CLOSES_AT = 29  # when the queue's calendar closes it; inf if never, or unknown
Q_ACCEPTING = 30  # 0 while the expected wait exceeds the time to closing and the site says stop
Q_FIRST_READY = 31  # slot of the first ready agent, longest ready first; -1 without one
Q_SITE_OPEN = 32  # 1 while the site's calendar is open
Q_SITE_REPORTED_AT = 33  # when anything of the site was last reported
QUEUE_COLUMNS = 34

# ---- agents[A_...][slot]: one slot per agent and queue of theirs -----

A_AGENT = 0  # name_id of "site/agent"
A_ROW = 1  # row of the queue
A_LEVEL = 2  # skill, 1 to 10, a higher one is better
A_READY_AT = 3  # since when the agent is ready
A_CALLS = 4  # calls answered since signing in
A_READY_S = 5  # seconds ready in all periods before this one
A_READY_PERIODS = 6  # how many periods those were
A_OCCUPIED_S = 7  # seconds reserved, busy or in after-call work
A_NEXT = 8  # next ready slot of the same row, longest ready first; -1 at the end
AGENT_COLUMNS = 9

# ---- call[C_...]: one number per feature of the call -----

C_ORIGIN_ROW = 0  # row of the caller's own queue; 0 when it is not known
C_WAITED_S = 1
C_PRIORITY = 2
C_ANSWERED = 3
C_MOVES = 4
C_MOVES_SINCE_PERSON = 5
C_SERVICE = 6  # name_id, as the next ones
C_TRUNK_GROUP = 7
C_DIALED_NUMBER = 8
C_ANI = 9  # NO_NAME for a withheld caller
C_WITHHELD = 10
C_VERIFIED = 11  # caller's number vouched for (verstat passed), or a second factor given
C_SHARE = 12  # hash of the interaction id, 0 to below 1
C_ORIGIN_SITE = 13
C_LAST_AGENT = 14  # name_id of "site/agent" who served this caller last; NaN if not known
C_SERVICE_PRIORITY = 15
C_SERVICE_AHT_S = 16
C_SERVICE_THRESHOLD_S = 17  # service level: answered within this
C_SERVICE_TARGET = 18  # service level: this share of calls
C_REFUSED = 19  # targets that failed this call just now
CALL_FEATURES_FROM = 20  # then a policy's own, as `CompiledPolicy.features` orders them

# ---- ways[W_...][k]: one number per candidate row k of this call -----

W_BARRED = 0  # 0, or the reason (a number of `reasons`) why no policy may choose it
W_PLACE_ONLY = 1  # 1 where the way is too long to hold an agent
W_COST = 2  # what moving the call there costs
W_SET_UP_S = 3  # set-up time of the fastest path there, 99th percentile
WAY_COLUMNS = 4

# ---- out: what decide() writes -----

OUT_COUNT = 0  # ranked candidates that follow, at most RANKED_MAX
OUT_REGIME = 1  # 1 agents wait, 2 calls wait, 0 where the rule makes no difference
OUT_FIRST = 2  # then OUT_WIDTH numbers per candidate, best first
OUT_K = 0  # index into rows
OUT_VALUE = 1  # what it was ranked by; smaller is better
OUT_SLOT = 2  # slot of the agent to hold; -1: a place
OUT_WIDTH = 3
RANKED_MAX = 8
OUT_SIZE = OUT_FIRST + OUT_WIDTH * RANKED_MAX

# ---- lost[L_...][k]: why candidate k is not ranked -----

L_REASON = 0  # a number of `reasons`; 0 for ranked ones and rows no rule looked at
L_VALUE = 1  # the value that decided it, where there is one
L_RULE = 2  # index of the rule that said so
L_SLOT = 3  # work space: slot of the agent found in candidate k
L_WEIGHT = 4  # work space: weight of candidate k
LOST_COLUMNS = 5
