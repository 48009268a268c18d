"""A pair's lease: events in, actions out, and two processes on one folder against each other."""

from __future__ import annotations

import random
from dataclasses import replace
from math import inf

import pytest

from site_agent.core import pair_words as w
from site_agent.core.pair_lease import CANNOT_TAKE, FOLDER_AWAY, STANDBY_MISSING, PairLease, Role

ME = w.Holder(name="a", life="a1", boot="boot-a", space="pid:[1]", pid=1, started=10)
OTHER = w.Holder(name="b", life="b1", boot="boot-b", space="pid:[1]", pid=2, started=20)
SETTINGS = w.PairSettings(lease_s=3.0, margin_s=0.5, renew_s=0.5, watch_s=0.1)
HELD = w.LeaseRecord(fence=5, beat=7, lease_s=3.0, holder=OTHER)


def started(settings: w.PairSettings = SETTINGS) -> PairLease:
    return PairLease(ME, settings, 100.0)


def active(settings: w.PairSettings = SETTINGS) -> PairLease:
    """Serves with fence 6 since 100.0, until 102.5 on two machines."""
    lease = started(settings)
    lease.handle(w.Woke(), 100.0)
    given_back = replace(HELD, holder=None)
    (take,) = lease.handle(w.LeaseRead(record=given_back), 100.0)
    assert take == w.TakeLease(record=w.LeaseRecord(fence=6, lease_s=3.0, holder=ME))
    (become,) = lease.handle(written(take.record, 100.0), 100.0)
    until_s = inf if settings.one_host else 102.5
    assert become == w.BecomeActive(fence=6, until_s=until_s)
    return lease


def written(record: w.LeaseRecord, sent_at_s: float, **standbys: int) -> w.LeaseWritten:
    return w.LeaseWritten(record=record, sent_at_s=sent_at_s, standbys=standbys)


def renewal(lease: PairLease, at_s: float) -> w.LeaseRecord:
    (job,) = lease.handle(w.Woke(), at_s)
    assert isinstance(job, w.RenewLease)
    return job.record


def test_a_standby_looks_often_and_takes_nothing_while_the_holder_renews() -> None:
    lease, now_s = started(), 100.0
    for number in range(100):
        assert lease.next_s() <= now_s
        assert lease.handle(w.Woke(), now_s) == [w.ReadLease(beat=number + 1)]
        record = replace(HELD, beat=number // 6)
        assert lease.handle(w.LeaseRead(record=record), now_s) == []
        now_s += 0.1
    assert lease.role is Role.STANDBY


def test_a_silent_holder_elsewhere_is_followed_after_its_lease() -> None:
    lease = started()
    for at_s in (100.0, 102.9):
        lease.handle(w.Woke(), at_s)
        assert lease.handle(w.LeaseRead(record=HELD), at_s) == []
    lease.handle(w.Woke(), 103.0)
    (take,) = lease.handle(w.LeaseRead(record=HELD), 103.0)
    assert isinstance(take, w.TakeLease) and take.record.fence == 6


def test_a_holder_beside_us_is_followed_at_once_if_gone_and_ended_if_it_hangs() -> None:
    beside = replace(OTHER, boot=ME.boot)
    record = replace(HELD, holder=beside)
    lease = started()
    lease.handle(w.Woke(), 100.0)
    (take,) = lease.handle(w.LeaseRead(record=record, holder_gone=True), 100.0)
    assert isinstance(take, w.TakeLease)
    lease = started()
    lease.handle(w.Woke(), 100.0)
    assert lease.handle(w.LeaseRead(record=record), 100.0) == []
    lease.handle(w.Woke(), 103.0)
    assert lease.handle(w.LeaseRead(record=record), 103.0) == [w.EndHolder(holder=beside)]
    (told,) = lease.handle(w.HolderEnded(problem="not ours"), 103.0)
    assert told == w.TellPair(code=CANNOT_TAKE, problem="not ours")
    lease.handle(w.Woke(), 104.0)
    lease.handle(w.LeaseRead(record=record), 104.0)
    over, take = lease.handle(w.HolderEnded(), 104.0)
    assert over == w.TellPair(code=CANNOT_TAKE) and isinstance(take, w.TakeLease)


def test_on_one_host_a_silent_holder_that_cannot_be_looked_up_is_left_alone_and_told() -> None:
    lease = started(replace(SETTINGS, one_host=True))
    record = replace(HELD, holder=replace(OTHER, boot=ME.boot, space="pid:[2]"))
    lease.handle(w.Woke(), 100.0)
    assert lease.handle(w.LeaseRead(record=record), 100.0) == []
    lease.handle(w.Woke(), 109.0)
    (told,) = lease.handle(w.LeaseRead(record=record), 109.0)
    assert isinstance(told, w.TellPair) and "hosts: two" in told.problem


def test_a_new_fence_is_above_the_journals_too() -> None:
    lease = started()
    lease.handle(w.Woke(), 100.0)
    (take,) = lease.handle(w.LeaseRead(record=None, floor=41), 100.0)
    assert isinstance(take, w.TakeLease) and take.record.fence == 42


def test_renewals_prolong_from_before_they_were_sent() -> None:
    lease = active()
    record = renewal(lease, 100.5)
    assert record.beat == 1
    assert lease.handle(written(record, 100.5), 100.9) == [w.Prolong(until_s=103.0)]
    assert lease.next_s() == 101.0


def test_the_deadline_passes_while_a_disk_hangs_and_a_late_renewal_revives_nothing() -> None:
    lease = active()
    record = renewal(lease, 100.5)
    assert lease.next_s() == 102.5
    (stand_by,) = lease.handle(w.Woke(), 102.5)
    assert isinstance(stand_by, w.StandBy) and lease.role is Role.LEAVING
    assert lease.handle(written(record, 100.5), 102.6) == []
    assert lease.role is Role.LEAVING
    lease.handle(w.ServingEnded(), 102.7)
    lease.handle(w.Woke(), 102.8)
    (take,) = lease.handle(w.LeaseRead(record=record), 102.8)
    assert isinstance(take, w.TakeLease) and take.record.fence == 7, "a new life, a new fence"


def test_on_one_host_it_goes_on_without_the_folder_and_tells() -> None:
    lease = active(replace(SETTINGS, one_host=True))
    renewal(lease, 100.5)
    (told,) = lease.handle(w.FolderFailed(problem="disk full"), 100.6)
    assert told == w.TellPair(code=FOLDER_AWAY, problem="disk full")
    record = renewal(lease, 200.0)
    prolonged = lease.handle(written(record, 200.0), 200.0)
    assert w.TellPair(code=FOLDER_AWAY) in prolonged and lease.role is Role.ACTIVE


def test_a_disk_that_does_not_answer_is_told() -> None:
    lease = active(replace(SETTINGS, one_host=True))
    renewal(lease, 100.5)
    assert lease.next_s() == 103.5
    (told,) = lease.handle(w.Woke(), 103.5)
    assert isinstance(told, w.TellPair) and told.code == FOLDER_AWAY
    assert lease.next_s() == 106.5


def test_a_higher_fence_ends_it_at_once() -> None:
    lease = active(replace(SETTINGS, one_host=True))
    renewal(lease, 100.5)
    (stand_by,) = lease.handle(w.LeaseRefused(fence=7), 100.6)
    assert isinstance(stand_by, w.StandBy) and "fence 7" in stand_by.reason


def test_a_lease_that_was_old_when_it_was_written_is_not_used() -> None:
    lease = started()
    lease.handle(w.Woke(), 100.0)
    (take,) = lease.handle(w.LeaseRead(record=None), 100.0)
    assert isinstance(take, w.TakeLease)
    assert lease.handle(written(take.record, 100.0), 102.5) == []
    assert lease.role is Role.STANDBY


def test_another_folder_than_before_is_not_believed() -> None:
    lease = started()
    lease.handle(w.Woke(), 100.0)
    lease.handle(w.LeaseRead(record=HELD), 100.0)
    lease.handle(w.Woke(), 100.1)
    (told,) = lease.handle(w.LeaseRead(record=None), 100.1)
    assert isinstance(told, w.TellPair) and "not mounted" in told.problem
    assert lease.role is Role.STANDBY


def test_a_missing_standby_is_told_until_it_is_heard() -> None:
    lease = active(replace(SETTINGS, standby_missing_s=2.0))
    seen = []
    for step in range(1, 9):
        at_s = 100.0 + step * 0.5
        beats = {"b": 9} if step == 6 else {}
        for action in lease.handle(written(renewal(lease, at_s), at_s, **beats), at_s):
            if isinstance(action, w.TellPair):
                seen.append((action.code, bool(action.problem)))
    assert seen == [(STANDBY_MISSING, True), (STANDBY_MISSING, False)]


def test_a_planned_stop_gives_the_lease_back() -> None:
    lease = active()
    (job,) = lease.handle(w.StopAsked(), 101.0)
    assert isinstance(job, w.RenewLease)
    assert job.record.holder is None and job.record.fence == 6
    assert not lease.is_done
    lease.handle(written(job.record, 101.0), 101.1)
    assert lease.is_done


def test_a_stop_while_it_is_being_taken_gives_it_back_afterwards() -> None:
    lease = started()
    lease.handle(w.Woke(), 100.0)
    (take,) = lease.handle(w.LeaseRead(record=None), 100.0)
    assert lease.handle(w.StopAsked(), 100.0) == []
    assert isinstance(take, w.TakeLease)
    (job,) = lease.handle(written(take.record, 100.0), 100.1)
    assert isinstance(job, w.RenewLease) and job.record.holder is None


def test_who_cannot_serve_gives_back_and_lets_the_other_try() -> None:
    lease = active()
    now_s = 100.2
    for pause_s in (0.3, 0.6, 1.2, 2.4, 4.8, 5.0, 5.0):
        (job,) = lease.handle(w.ServingEnded(problem="port taken"), now_s)
        assert isinstance(job, w.RenewLease) and job.record.holder is None
        lease.handle(written(job.record, now_s), now_s)
        lease.handle(w.Woke(), now_s + pause_s - 0.05)
        assert lease.handle(w.LeaseRead(record=job.record), now_s + pause_s - 0.05) == []
        now_s += pause_s + 0.06
        lease.handle(w.Woke(), now_s)
        (take,) = lease.handle(w.LeaseRead(record=job.record), now_s)
        assert isinstance(take, w.TakeLease)
        lease.handle(written(take.record, now_s), now_s)


def test_ends_that_nobody_asked_for_change_nothing() -> None:
    lease = started()
    lease.handle(w.ServingEnded(), 100.0)
    assert lease.role is Role.STANDBY and lease.since_s == 100.0


class Folder:
    """What `pair_folder` does, in memory; a job may take long, fail, or be cut in half."""

    def __init__(self) -> None:
        self.record: w.LeaseRecord | None = None

    def do(self, job: w.FolderJob, sent_at_s: float) -> w.PairEvent:
        fence = self.record.fence if self.record else 0
        if isinstance(job, w.ReadLease):
            return w.LeaseRead(record=self.record)
        assert isinstance(job, w.TakeLease | w.RenewLease)
        if fence > job.record.fence or (isinstance(job, w.TakeLease) and fence == job.record.fence):
            return w.LeaseRefused(fence=fence)
        self.record = job.record
        return written(job.record, sent_at_s)


class Member:
    """One process with a clock of its own, which may stand still."""

    def __init__(self, name: str, offset_s: float, folder: Folder) -> None:
        me = replace(ME, name=name, life=name, boot=name)
        self.lease = PairLease(me, SETTINGS, offset_s)
        self.offset_s = offset_s
        self.folder = folder
        self.jobs: list[tuple[float, w.FolderJob, float]] = []
        self.fences: list[int] = []
        self.paused_until_s = 0.0

    def serves(self, real_s: float) -> bool:
        lease = self.lease
        return lease.role is Role.ACTIVE and real_s + self.offset_s < lease.until_s

    def turn(self, real_s: float, dice: random.Random) -> None:
        if real_s < self.paused_until_s:
            return
        now_s = real_s + self.offset_s
        due = [one for one in self.jobs if one[0] <= real_s]
        self.jobs = [one for one in self.jobs if one[0] > real_s]
        for _, job, sent_at_s in due:
            fails = dice.random() < 0.05
            found = w.FolderFailed(problem="x") if fails else self.folder.do(job, sent_at_s)
            self.take(found, real_s, dice)
        if self.lease.next_s() <= now_s:
            self.take(w.Woke(), real_s, dice)

    def take(self, event: w.PairEvent, real_s: float, dice: random.Random) -> None:
        now_s = real_s + self.offset_s
        for action in self.lease.handle(event, now_s):
            if isinstance(action, w.ReadLease | w.TakeLease | w.RenewLease):
                takes_s = dice.choice((0.0, 0.01, 0.3, 4.0 if dice.random() < 0.1 else 0.0))
                self.jobs.append((real_s + takes_s, action, now_s))
            elif isinstance(action, w.BecomeActive):
                self.fences.append(action.fence)
            elif isinstance(action, w.StandBy):
                self.take(w.ServingEnded(), real_s, dice)


@pytest.mark.parametrize("seed", range(6))
def test_never_two_at_once_whatever_disks_clocks_and_pauses_do(seed: int) -> None:
    dice = random.Random(seed)
    folder = Folder()
    members = [Member("a", 0.0, folder), Member("b", dice.uniform(-1e6, 1e6), folder)]
    served_steps = 0
    for step in range(4_000):
        real_s = step * 0.02
        for member in members:
            if dice.random() < 0.001:
                member.paused_until_s = real_s + dice.choice((0.5, 2.6, 3.5, 8.0))
            member.turn(real_s, dice)
        serving = [member for member in members if member.serves(real_s)]
        assert len(serving) <= 1, f"seed {seed}, at {real_s}"
        served_steps += len(serving)
    fences = [fence for member in members for fence in member.fences]
    assert len(set(fences)) == len(fences) > 2
    assert all(member.fences == sorted(member.fences) for member in members)
    assert served_steps > 1_500
