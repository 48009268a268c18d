"""What a compiled loop is able to do; a loop is compiled for a model with the rest left out.

Rule of this file: plain constants, all on here. `loop_source` writes the values that a model needs
in their place, so that what a model has not costs it nothing.
"""

from __future__ import annotations

ASKS = True
"NIRC is asked about waiting calls."
TIMERS = True
"Questions are put off or repeated; callers are answered with music while they wait."
SKILLS = True
"A queue is served by agents of several groups, or chooses otherwise than by time ready."
RANKED = True
"Callers have priorities or head starts."
RINGS = True
"Agents ring, and may not answer."
AFTER_WORK = True
"Agents have after-call work."
LIMITS = True
"Queues have few places, callers balk, carriers drop calls that nobody answers."
REDIALS = True
"Callers try again, and calls reach their site some time after they were dialed."
SHIFTS = True
"Agents come and go."
SLOTS = True
"A policy looks at agents one by one, or at what a queue measured of its past."
MARKS = True
"A row's columns are worked out anew only where something changed; for rows of many groups."
FAULTS = True
"Sites are lost for a while."
NAMES = (
    "ASKS",
    "TIMERS",
    "SKILLS",
    "RANKED",
    "RINGS",
    "AFTER_WORK",
    "LIMITS",
    "REDIALS",
    "SHIFTS",
    "SLOTS",
    "MARKS",
    "FAULTS",
)
