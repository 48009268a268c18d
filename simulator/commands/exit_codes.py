"""What nirc-sim's exit codes mean; scripts rely on them.

Rule of this file: a meaning never changes.
"""

from __future__ import annotations

OK = 0
ANSWER_NO = 1
"The answer is no: something is violated, a row lies outside its interval, a target is not reached."
MISTAKE = 2
"The command line or a file is wrong; nothing was done."
STOPPED = 3
"Interrupted, overloaded, or out of memory; what was finished until then is told and kept."

HELP = (
    "Exit codes: 0 done, 1 the answer is no (a violation, a target not reached), 2 the command "
    "line or a file is wrong, 3 interrupted or overloaded."
)
