"""How long a shell waits before it tries a service again.

Rule of this file: waits grow from short to bounded, with jitter, and never end: a service that is
away comes back one day.
"""

from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential
from tenacity.stop import stop_never

WAIT_S_MIN = 0.1
WAIT_S_MAX = 2.0


def forever(
    *errors: type[Exception], wait_s_min: float = WAIT_S_MIN, wait_s_max: float = WAIT_S_MAX
) -> AsyncRetrying:
    """Attempts without end while one of `errors` is raised; used as `async for attempt in ...`."""
    return AsyncRetrying(
        retry=retry_if_exception_type(errors),
        wait=wait_random_exponential(multiplier=wait_s_min, max=wait_s_max),
        stop=stop_never,
        reraise=True,
    )
