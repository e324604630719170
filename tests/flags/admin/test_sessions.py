"""Who is logged in, and for how long."""

from __future__ import annotations

from overt.flags.admin.sessions import Sessions
from overt.testing import FrozenClock


def test_a_session_ends_after_rest() -> None:
    """Use makes it go on; rest ends it, and the same secret never works again."""
    clock = FrozenClock(0.0)
    sessions = Sessions(clock, idle=10, longest=100)
    secret, session = sessions.begin("ann", proved=False, address="here")
    for _ in range(5):
        clock.advance(9)
        assert sessions.find(secret) is session
    clock.advance(10)
    assert sessions.find(secret) is None
    assert len(sessions) == 0


def test_a_session_ends_however_busy_it_is() -> None:
    """Its longest time counts from the login."""
    clock = FrozenClock(0.0)
    sessions = Sessions(clock, idle=10, longest=25)
    secret, _ = sessions.begin("ann", proved=False, address="here")
    for _ in range(3):
        clock.advance(8)
        assert sessions.find(secret)
    clock.advance(8)
    assert sessions.find(secret) is None


def test_a_clock_that_is_set_back_ends_sessions() -> None:
    """It must not make one last longer."""
    times = iter([1000.0, 500.0])
    sessions = Sessions(lambda: next(times), idle=10, longest=100)
    secret, _ = sessions.begin("ann", proved=False, address="here")
    assert sessions.find(secret) is None


def test_secrets_are_random_and_kept_nowhere() -> None:
    """Neither the secret nor the mark in the audit trail can be made from the other in memory."""
    sessions = Sessions(FrozenClock(0.0))
    secrets = [sessions.begin("ann", proved=False, address="here") for _ in range(50)]
    assert len({secret for secret, _ in secrets}) == len({session.csrf for _, session in secrets}) == 50
    assert not any(secret in repr(sessions._sessions) or session.mark in secret for secret, session in secrets)


def test_there_are_never_too_many() -> None:
    """The one that rested longest makes place."""
    clock = FrozenClock(0.0)
    sessions = Sessions(clock, most=3)
    secrets = []
    for number in range(3):
        clock.advance(1)
        secrets.append(sessions.begin(str(number), proved=False, address="here")[0])
    clock.advance(1)
    assert sessions.find(secrets[0])
    sessions.begin("4", proved=False, address="here")
    assert [bool(sessions.find(secret)) for secret in secrets] == [True, False, True]


def test_notices_are_said_once_and_bounded() -> None:
    """What was said is not said again."""
    _, session = Sessions(FrozenClock(0.0)).begin("ann", proved=False, address="here")
    for number in range(20):
        session.notice(str(number))
    assert session.notices() == ["15", "16", "17", "18", "19"]
    assert session.notices() == []
