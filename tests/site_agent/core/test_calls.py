"""The book of calls."""

from site_agent.core.calls import Call, CallBook, CallState


def make(call_id: str = "c", *, foreign: bool = False) -> Call:
    call = Call(call_id=call_id, interaction_id="i", service="s", queue="q", offered_at_s=3.0)
    call.foreign = foreign
    return call


def test_loans_are_counted_while_they_are_here() -> None:
    book = CallBook(lambda kind, name: None)
    book.add(make(foreign=True))
    assert book.loans == {"q": 1}
    assert book.drop("c") is not None
    assert book.loans == {"q": 0}
    assert book.drop("c") is None


def test_a_loan_goes_along_with_whom_an_agent_passes_on() -> None:
    marks: list[tuple[str, str]] = []
    book = CallBook(lambda kind, name: marks.append((kind, name)))
    call = make(foreign=True)
    book.add(call)
    book.serve(call, "billing", "b")
    assert (call.service, call.queue, book.loans) == ("billing", "b", {"q": 0, "b": 1})
    assert marks[-2:] == [("queue", "q"), ("queue", "b")]
    assert book.drop("c") is call and book.loans == {"q": 0, "b": 0}


def test_a_call_that_is_not_lent_or_not_here_changes_no_loan() -> None:
    book = CallBook(lambda kind, name: None)
    own, gone = make("own"), make("gone", foreign=True)
    book.add(own)
    book.serve(own, "billing", "b")
    book.serve(gone, "billing", "b")
    assert (own.queue, gone.queue, book.loans) == ("b", "b", {})


def test_only_waiting_calls_are_reported() -> None:
    marks: list[tuple[str, str]] = []
    book = CallBook(lambda kind, name: marks.append((kind, name)))
    call = make()
    book.add(call)
    report, since_s = book.report("c")
    assert (report.call_id, since_s) == ("c", 3.0)
    book.put(call, CallState.CONNECTED)
    assert book.report("c") is None and book.waiting() == []
    assert marks == [("waiting", "c"), ("waiting", "c")]
