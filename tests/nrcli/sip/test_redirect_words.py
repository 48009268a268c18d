"""Questions of edges and their answers are values."""

from nrcli.sip.redirect_words import Contact, PreRouteTold


def test_an_answer_without_contacts_says_why() -> None:
    told = PreRouteTold(id="q1", problem="no_site", reason="nobody is there")
    assert (told.contacts, told.by_default) == ((), False)
    here = Contact(site="porto", host="192.0.2.1", port=5060, transport="udp")
    assert {PreRouteTold(id="q1", contacts=(here,)): 1}[PreRouteTold(id="q1", contacts=(here,))]
