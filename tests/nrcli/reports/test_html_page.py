from html.parser import HTMLParser

from report_facts import at, quarters, stay

from nrcli.reports.balance import Fault, Finding
from nrcli.reports.facts import End, Facts
from nrcli.reports.html_page import FINDINGS_MAX, report_page
from nrcli.reports.places import By
from nrcli.reports.report import Question, report

EVIL = '"><img src=x onerror=alert(1)>'


class Read(HTMLParser):
    """Every tag, and what it names."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def page(count: int = 0) -> str:
    facts = Facts(stays=(stay(End.ANSWERED, queue=EVIL, site=EVIL),))
    one = Finding(fault=Fault.NO_END, site=EVIL, interaction_id=EVIL, at_us=at(0), told=EVIL)
    found = report(facts, Question(by=By.QUEUE, periods=quarters(0.5)))
    return report_page(found, EVIL, [one] * count)


def test_names_from_records_are_never_markup() -> None:
    read = Read()
    read.feed(page(1))
    assert not {"img", "script", "link", "iframe"} & set(read.tags)
    assert not {"src", "onerror", "href"} & set(read.attributes)


def test_the_page_needs_no_network_and_prints() -> None:
    text = page()
    assert "http" not in text
    assert "@media print" in text
    assert "Speed of answer" in text and "out of balance:" not in text


def test_calls_out_of_balance_come_first_and_not_without_end() -> None:
    text = page(FINDINGS_MAX + 7)
    assert text.index("are out of balance") < text.index("<h2>")
    assert "and 7 more" in text
