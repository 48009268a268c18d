"""Every operation of a node's HTTP API, once: the server's routes and the OpenAPI document come
from this table.

Rule of this file: data only. An operation that does not stand here is not served.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from nrcli.wire import alarm_models as alarms
from nrcli.wire import alarm_rule_models as rules
from nrcli.wire import api_models as api
from nrcli.wire import control_models as controls
from nrcli.wire import document_models as docs
from nrcli.wire import explanation_models as told
from nrcli.wire import history_models as history
from nrcli.wire import path_models as paths
from nrcli.wire import policy_models as policies
from nrcli.wire import pre_route_models as pre_route
from nrcli.wire import query_models as q
from nrcli.wire import queue_models as queue
from nrcli.wire import resource_models as res
from nrcli.wire import session_models as sessions
from nrcli.wire import shift_models as shifts
from nrcli.wire import trace_models as trace
from nrcli.wire.live_models import Snapshot

YAML, TEXT, CSV, EVENT_STREAM, JSON = (
    "application/yaml",
    "text/plain",
    "text/csv",
    "text/event-stream",
    "application/json",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one path."""

    id: str
    "Its name, in the OpenAPI document and in the audit."
    method: str
    path: str
    "Under `/api/v1`."
    summary: str
    answer: type[BaseModel] | str
    "A model as JSON, or another media type."
    body: type[BaseModel] | str | None = None
    query: type[q.Query] = q.Query
    status: int = 200
    refusals: tuple[int, ...] = ()
    "Besides those of every operation."
    conditional: bool = False
    "Takes If-Match, and a policy's or document's ETag comes back."
    audited: bool = False
    leader_only: bool = False
    "Any other node answers 307 with the leader's address, where it knows that."


def _get(
    name: str, path: str, summary: str, answer: type[BaseModel] | str, **more: Any
) -> Operation:
    return Operation(id=name, method="GET", path=path, summary=summary, answer=answer, **more)


def _act(name: str, path: str, summary: str, *, answer: type[BaseModel], **more: Any) -> Operation:
    said = {"method": "POST", "audited": True, **more}
    return Operation(id=name, path=path, summary=summary, answer=answer, **said)


_TRACE = {"refusals": (403, 404)}
_BEGUN = {"status": 202, "query": q.ActQuery}
_NODE = (
    _get("getStatus", "/status", "The node asked, at a glance", api.Status),
    _get("getCluster", "/cluster", "All nodes, and who leads", res.Cluster),
    _get("getStatistics", "/statistics", "What this node has counted", res.Statistics),
    _act("drainNode", "/drain", "Take no more work", answer=api.Drained, **_BEGUN),
    _act("undrainNode", "/undrain", "Take work again", answer=api.Drained, **_BEGUN),
    _get("listAudit", "/audit", "Who did what by this API", res.Audit, query=q.AuditQuery),
    _act(
        "makeSession",
        "/session",
        "Begin a session, which every node takes",
        body=sessions.SessionWanted,
        answer=sessions.SessionMade,
        refusals=(403,),
    ),
    _get("getSession", "/session", "The session asked by", sessions.Session),
    _act(
        "endSession",
        "/session",
        "End a session at every node",
        method="DELETE",
        query=sessions.SessionQuery,
        answer=sessions.Session,
        refusals=(409, 504),
    ),
    _get("getOpenApi", "/openapi.json", "This description", JSON),
)
_LIVE = (
    _get("listSites", "/sites", "Every site", api.Sites, query=q.SitesQuery),
    _get("getSite", "/sites/{name}", "One site whole", api.SiteStatus, refusals=(404,)),
    _get("listQueues", "/queues", "Queues of all sites", res.Queues, query=q.QueuesQuery),
    _get("listAgents", "/agents", "Shared agents of all sites", res.Agents, query=q.AgentsQuery),
    _get(
        "listReservations",
        "/reservations",
        "What sites hold for calls",
        res.Reservations,
        query=q.ReservationsQuery,
    ),
    _get("listCalls", "/calls", "Calls in motion, oldest first", api.Calls, query=q.CallsQuery),
    _get("listQueueEntries", "/queue", "Network queue", api.QueueEntries, query=q.EntriesQuery),
    _act(
        "takeEntryOut",
        "/queue/take-out",
        "Take an entry out of the network queue",
        body=queue.TakeOut,
        answer=queue.EntryTakenOut,
        status=202,
        refusals=(404, 409, 504),
        leader_only=True,
        query=q.LeaderQuery,
    ),
    _get(
        "listDecisions",
        "/decisions",
        "Decisions with their reasons",
        api.Decisions,
        query=q.DecisionsQuery,
    ),
    _get(
        "explainCall",
        "/calls/{call}/explanation",
        "Why a call went where it went, in plain words",
        told.Explanation,
        refusals=(404, 409),
    ),
    _get("traceCall", "/calls/{call}/trace", "SIP of a call, masked", trace.CallTrace, **_TRACE),
    _get(
        "traceCallUnmasked",
        "/calls/{call}/trace/unmasked",
        "SIP of a call with numbers and attached data, written down in the audit",
        trace.CallTrace,
        **{**_TRACE, "query": q.ActQuery, "audited": True},
    ),
    _get("readEvents", "/events", "Changes, as they come", EVENT_STREAM, query=q.EventsQuery),
    _get("listAlarms", "/alarms", "Alarms that stand", alarms.Alarms, query=q.AlarmsQuery),
    _act(
        "acknowledgeAlarm",
        "/alarms/acknowledge",
        "Say that you care for an alarm",
        body=alarms.AcknowledgeAlarm,
        answer=alarms.Alarm,
        refusals=(404,),
    ),
    _get("listPaths", "/paths", "Paths and their test calls", paths.Paths),
    _get("listPools", "/pools", "Number pools", paths.Pools),
    _act(
        "probePath",
        "/probes",
        "Try a path by a test call",
        body=paths.ProbeWanted,
        answer=paths.ProbeBegun,
        status=202,
        leader_only=True,
        query=q.LeaderQuery,
    ),
    _act(
        "preRoute",
        "/pre-route",
        "An edge asks where a call goes",
        body=pre_route.PreRoute,
        answer=pre_route.PreRouted,
        refusals=(403, 404, 409, 429),
        audited=False,
    ),
)
_READ: dict[str, Any] = {"refusals": (404, 422, 429)}
_KEPT = (
    _get(
        "getHistory",
        "/history",
        "Queues and sites through the last hours",
        history.History,
        query=history.HistoryQuery,
    ),
    _get(
        "getReport",
        "/reports/{length}",
        "Figures of days or intervals, from records",
        history.Report,
        query=history.ReportQuery,
        **_READ,
    ),
    _get(
        "getReportCsv",
        "/reports/{length}/csv",
        "The same for a spreadsheet",
        CSV,
        query=history.ReportQuery,
        **_READ,
    ),
    _get(
        "listRecords",
        "/records/{table}",
        "Rows of records",
        history.RecordRows,
        query=history.RecordsQuery,
        **_READ,
    ),
)
_ALARMS = (
    _get(
        "listAlarmHistory",
        "/alarms/history",
        "What happened to alarms at all nodes, newest first",
        alarms.AlarmHistory,
        query=q.AlarmHistoryQuery,
    ),
    _get(
        "listAlarmRules",
        "/alarm-rules",
        "Alarm rules in use",
        rules.AlarmRules,
        query=q.AlarmRulesQuery,
    ),
    _get(
        "listAlarmFigures",
        "/alarm-figures",
        "Figures that alarm rules may look at, and what they are now",
        rules.AlarmFigures,
        query=q.Page,
    ),
    _get(
        "listAlarmChannels",
        "/alarm-channels",
        "Who is notified of alarms",
        rules.AlarmChannels,
        query=q.Page,
    ),
    _act(
        "testNotice",
        "/alarm-channels/test",
        "Send a notice that says it is a test",
        body=rules.TestNotice,
        answer=rules.TestResults,
        refusals=(404,),
    ),
    _get("listSilences", "/silences", "Silences", rules.Silences, query=q.Page),
    _act(
        "addSilence",
        "/silences",
        "Send no notices of some alarms for some time",
        body=rules.NewSilence,
        answer=rules.Silence,
        status=201,
        refusals=(409, 504),
    ),
    _act(
        "endSilence",
        "/silences/{silence}",
        "End a silence",
        method="DELETE",
        query=q.ActQuery,
        answer=rules.SilenceEnded,
        refusals=(404, 504),
    ),
)
_ONE = "/documents/{kind}/{name}"
_WRITTEN: dict[str, Any] = {"answer": docs.Changed, "refusals": (412, 422, 504)}
_DOCUMENTS = (
    _get("listDocuments", "/documents", "All documents", docs.Documents, query=q.DocumentsQuery),
    _act(
        "changeDocuments",
        "/documents",
        "Change several, all or none",
        body=docs.DocumentChanges,
        **_WRITTEN,
    ),
    _get("getDocument", _ONE, "One document's text", YAML, refusals=(304, 404)),
    _act(
        "putDocument",
        _ONE,
        "Write one document",
        method="PUT",
        body=YAML,
        query=q.ActQuery,
        conditional=True,
        **_WRITTEN,
    ),
    _act(
        "deleteDocument",
        _ONE,
        "Remove one document",
        method="DELETE",
        query=q.ActQuery,
        conditional=True,
        **_WRITTEN,
    ),
    _get("listServices", "/services", "All services", res.TypedDocuments, query=q.Page),
    _get("listCalendars", "/calendars", "All calendars", res.TypedDocuments, query=q.Page),
    _get("listTenants", "/tenants", "All tenants", res.TypedDocuments, query=q.Page),
)
_POLICY = "/policies/{policy}"
_ACTS = (
    ("publish", "Make a text live", policies.PublishPolicy),
    ("rollback", "Go back to a version", policies.RollbackPolicy),
    ("shadow", "Let a version decide beside", policies.ShadowPolicy),
    ("canary", "Let a version decide a part", policies.CanaryPolicy),
    ("promote", "Make it live for all", policies.PromotePolicy),
    ("stop", "End what is not live", policies.StopPolicy),
    ("schedule", "Make a version live at a time", policies.SchedulePolicy),
)
_POLICIES = (
    _get("listPolicies", "/policies", "All policies", policies.Policies),
    _get("getPolicy", _POLICY, "One policy", policies.PolicyStatus, refusals=(404,)),
    _get(
        "listPolicyEvents",
        f"{_POLICY}/history",
        "What happened to a policy",
        policies.PolicyHistory,
        refusals=(404, 422),
    ),
    _get(
        "getPolicyVersion",
        f"{_POLICY}/versions/{{version}}",
        "One version",
        policies.PolicyVersion,
        refusals=(404, 422),
    ),
    *(
        _act(
            f"{name}Policy",
            f"{_POLICY}/{name}",
            summary,
            body=body,
            answer=policies.PolicyDone,
            refusals=(404, 412, 422, 504),
            conditional=True,
        )
        for name, summary, body in _ACTS
    ),
    _act(
        "dryRun",
        "/route/dry-run",
        "What would be decided",
        body=policies.DryRun,
        answer=api.Decision,
        refusals=(404, 422),
        audited=False,
    ),
)
_CONTROL = "/controls/{id}"
_CONTROLS = (
    _get("listControls", "/controls", "Emergency controls", controls.Controls, query=q.Page),
    _get("listShifts", "/shifts", "How traffic shifts go", shifts.Shifts, query=q.Page),
    _get("getControl", _CONTROL, "One control in force", controls.Control, refusals=(404,)),
    _act(
        "previewControl",
        "/controls/preview",
        "What a control would do now",
        body=controls.ControlWanted,
        answer=controls.ControlEffect,
        refusals=(409, 422, 504),
        audited=False,
    ),
    _act(
        "beginControl",
        "/controls",
        "Begin a control",
        body=controls.ControlWanted,
        answer=controls.Control,
        status=201,
        refusals=(409, 412, 422, 504),
        conditional=True,
    ),
    _act(
        "endControl",
        _CONTROL,
        "End a control before its time",
        method="DELETE",
        answer=controls.Control,
        query=q.EndControlQuery,
        refusals=(404, 504),
    ),
)
OPERATIONS: tuple[Operation, ...] = (
    *(*_NODE, *_LIVE, *_ALARMS, *_KEPT, *_DOCUMENTS, *_POLICIES, *_CONTROLS),
)
BY_ID = {one.id: one for one in OPERATIONS}
ASK_LEADER = frozenset(
    {"listReservations", "listCalls", "listQueueEntries", "listDecisions", "getHistory"}
)
"Any other node answers what the leader says, where that can be asked."
STREAMED = {"readEvents": Snapshot}
"What an event `reset` holds."
