"""Who is sent to the leader, and who is not."""

from aiohttp.test_utils import make_mocked_request

from nirc.links.leader_redirect import LeaderRedirect
from nrcli.wire.api_models import DomainLeader, Status, StoreStatus
from nrcli.wire.api_routes import BY_ID

PROBE, READ = BY_ID["probePath"], BY_ID["listPaths"]
URLS = {"n2": "https://n2:8443", "n3": ""}


def status(leader: str) -> Status:
    return Status(
        node="n1",
        version="0",
        up_s=1.0,
        draining=False,
        domains=(
            DomainLeader(
                domain="default",
                leader=leader,
                generation=1,
                revision=1,
                leads_here=leader == "n1",
            ),
        ),
        sites_linked=(),
        peers_linked=(),
        documents_revision=0,
        etcd=StoreStatus(in_reach=True),
        redis=StoreStatus(in_reach=True),
        alarms_count=0,
        calls_in_motion_count=0,
        inbox_count=0,
    )


def redirect(leader: str, path: str = "/api/v1/probes", operation: object = PROBE) -> str | None:
    found = LeaderRedirect(lambda: status(leader), URLS).answer(
        make_mocked_request("POST", path),
        operation,  # type: ignore[arg-type]
    )
    if found is None:
        return None
    assert found.status == 307 and found.content_type == "application/problem+json"
    return found.headers["Location"]


def test_what_only_the_leader_does_is_sent_there_by_all_others() -> None:
    assert redirect("n2") == "https://n2:8443/api/v1/probes?redirected_by=n1"
    assert redirect("n1") is None


def test_once_and_no_further() -> None:
    assert redirect("n2", "/api/v1/probes?redirected_by=n2") is None


def test_what_any_node_does_is_done_here() -> None:
    assert redirect("n2", "/api/v1/paths", READ) is None


def test_nobody_is_sent_where_no_address_is_known() -> None:
    assert redirect("n3") is None and redirect("") is None and redirect("n9") is None
