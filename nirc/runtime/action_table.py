"""Says, for every action of the router, which part carries it out.

Rule of this file: one line for each type of action, nothing decided; timers are the driver's own.
"""

from nirc.core.actions import (
    BindToken,
    ClearAlarm,
    CloseSiteLink,
    ControlWeighed,
    DryRunTold,
    EndControl,
    EntryTold,
    FetchData,
    HoldCampaign,
    KeepControl,
    KeepProof,
    ProlongOffice,
    RaiseAlarm,
    RaiseGeneration,
    RecordDecision,
    RecordMove,
    RecordOfSite,
    SendToPeer,
    SendToSite,
    StepDown,
    StoreData,
)
from nirc.runtime.driver import CarryOut
from nirc.runtime.ports import (
    AlarmBook,
    Askers,
    AttachedDataStore,
    ControlAskers,
    ControlWriter,
    EdgeAskers,
    EntryAskers,
    Leaderships,
    PeerLinks,
    ProofKeeper,
    Recorder,
    SiteLinks,
)
from nrcli.sip.redirect_words import PreRouteTold


def action_table(
    *,
    sites: SiteLinks,
    peers: PeerLinks,
    data: AttachedDataStore,
    leaderships: Leaderships,
    recorder: Recorder,
    alarms: AlarmBook,
    dry_runs: Askers,
    entries: EntryAskers,
    edges: EdgeAskers,
    proofs: ProofKeeper,
    controls: ControlWriter,
    weighers: ControlAskers,
) -> CarryOut:
    """What the driver calls for each type of action."""
    return {
        SendToSite: lambda do: sites.send(do.site, do.message, do.not_after_s),
        CloseSiteLink: lambda do: sites.close_site(do.site, do.code, do.reason),
        SendToPeer: lambda do: peers.send(do.node, do.message),
        StoreData: data.store,
        BindToken: data.bind,
        FetchData: data.fetch,
        StepDown: lambda do: leaderships.step_down(do.domain, do.reason),
        RaiseGeneration: lambda do: leaderships.raise_generation(do.domain, do.above),
        ProlongOffice: lambda do: leaderships.prolong_office(do.domain, do.until_s),
        HoldCampaign: leaderships.hold_campaign,
        KeepProof: proofs.keep,
        KeepControl: controls.keep,
        EndControl: controls.end_by_core,
        ControlWeighed: weighers.told,
        RecordDecision: lambda do: recorder.decision(do.record),
        RecordMove: lambda do: recorder.of_site(do.record),
        RecordOfSite: lambda do: recorder.of_site(do.record),
        RaiseAlarm: lambda do: alarms.raise_alarm(do.code, do.place, do.text),
        DryRunTold: dry_runs.told,
        EntryTold: entries.told,
        PreRouteTold: edges.told,
        ClearAlarm: lambda do: alarms.clear(do.code, do.place),
    }
