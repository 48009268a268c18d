"""Messages of the kinds of RFC 4475, in words of our own, and mutants of them.

`TORTURE` pairs each message with what a user agent without calls does: a status, `silence`, or
`event` where the owner is told.
"""

from __future__ import annotations

import random

VIA = "Via: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bK{n}"


def message(start: str, *lines: str, body: bytes = b"", n: str = "x1") -> bytes:
    """A message of a start line, the usual headers unless `lines` name them, and `lines`."""
    method = start.split(" ", maxsplit=1)[0]
    usual = {
        "via": VIA.format(n=n),
        "from": f"From: <sip:ana@127.0.0.1:5001>;tag=f{n}",
        "to": "To: <sip:sales@127.0.0.1:5002>",
        "call-id": f"Call-ID: {n}@127.0.0.1",
        "cseq": f"CSeq: 1 {method}",
        "contact": "Contact: <sip:ana@127.0.0.1:5001>",
        "max-forwards": "Max-Forwards: 70",
        "content-length": f"Content-Length: {len(body)}",
    }
    for line in lines:
        usual.pop(line.split(":")[0].strip().lower(), None)
    head = "\r\n".join(
        [start, *usual.values(), *(line for line in lines if not line.endswith(":-"))]
    )
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


URI = "sip:sales@127.0.0.1:5002"
INVITE = f"INVITE {URI} SIP/2.0"
OPTIONS = f"OPTIONS {URI} SIP/2.0"

TORTURE: dict[str, tuple[bytes, str]] = {
    "plain": (message(INVITE), "event"),
    "wild spacing and folding": (
        message(
            INVITE,
            "TO :\r\n  sip:sales@127.0.0.1 ;  x = y",
            'f: "A \\"b\\" \\\\" <sip:ana@127.0.0.1> ; tag = 98',
            "CSeq:   0009\r\n   INVITE",
            "v:  SIP  / 2.0\r\n  / UDP  127.0.0.1:5001 ; branch=z9hG4bKw1",
            "From:-",
            "Via:-",
            "X-Unknown:\r\n  folded\r\n   twice",
        ),
        "event",
    ),
    "odd methods": (
        message("!interesting-Method0123456789_*+`.%indeed'~ sip:a@b SIP/2.0"),
        "405",
    ),
    "escaped user": (message("INVITE sip:sip%3Auser%40h@127.0.0.1 SIP/2.0"), "event"),
    "escaped null": (message("OPTIONS sip:null-%00-null@127.0.0.1 SIP/2.0"), "event"),
    "percent in a method": (message("RE%47IST%45R sip:h SIP/2.0"), "405"),
    "unicode": (message(INVITE, 'From: "Zoë ☎" <sip:z@h>;tag=u1'), "event"),
    "semicolons in the user": (message("OPTIONS sip:user;par=u%40e@h SIP/2.0"), "event"),
    "ten vias in one line": (
        message(OPTIONS, VIA.format(n="v") + ", SIP/2.0/TCP h" * 9),
        "event",
    ),
    "long values": (
        message(OPTIONS, "X-Long: " + "a" * 4000, f"Call-ID: {'c' * 2000}"),
        "event",
    ),
    "extra bytes after the body": (message(OPTIONS, body=b"") + b"INVITE junk", "event"),
    "short body": (message(INVITE, "Content-Length: 9999", body=b"v=0"), "400"),
    "negative length": (message(INVITE, "Content-Length: -999"), "400"),
    "cseq too large": (message(OPTIONS, "CSeq: 36893488147419103232 OPTIONS"), "400"),
    "cseq of another method": (message(OPTIONS, "CSeq: 8 INVITE"), "400"),
    "no call-id": (message(INVITE, "Call-ID:-"), "400"),
    "no from": (message(INVITE, "From:-"), "400"),
    "no via": (message(INVITE, "Via:-"), "silence"),
    "no cseq": (message(INVITE, "CSeq:-"), "400"),
    "no contact": (message(INVITE, "Contact:-"), "400"),
    "unterminated quotes": (message(INVITE, 'Contact: "Ana <sip:a@b>'), "400"),
    "brackets in the request uri": (message("INVITE <sip:a@b> SIP/2.0"), "400"),
    "spaces in the request uri": (message("INVITE sip:a@b; lr SIP/2.0"), "400"),
    "spaces around the request uri": (message("OPTIONS  sip:a@b  SIP/2.0"), "400"),
    "unknown scheme": (message("OPTIONS nobodyKnows:this SIP/2.0"), "416"),
    "unknown version": (message("OPTIONS sip:a@b SIP/7.0"), "505"),
    "max-forwards too large": (message(OPTIONS, "Max-Forwards: 300"), "400"),
    "max-forwards no number": (message(OPTIONS, "Max-Forwards: many"), "400"),
    "max-forwards zero, INVITE": (message(INVITE, "Max-Forwards: 0"), "483"),
    "max-forwards zero, OPTIONS": (message(OPTIONS, "Max-Forwards: 0"), "event"),
    "unknown extension": (message(OPTIONS, "Require: nothingSupports, replaces"), "420"),
    "100rel demanded": (message(INVITE, "Require: 100rel"), "420"),
    "several to headers": (message(INVITE, "To: <sip:a@b>", "t: <sip:c@d>"), "400"),
    "not utf-8": (message(INVITE, "Subject: \udcff\udcfe"), "400"),
    "bare line feeds": (message(INVITE, "X: a\nVia: SIP/2.0/UDP h"), "400"),
    "too many headers": (message(INVITE, *[f"X-{i}: y" for i in range(300)]), "513"),
    "refer outside a dialog": (message(f"REFER {URI} SIP/2.0", "Refer-To: <sip:x@y>"), "403"),
    "bye outside a dialog": (message(f"BYE {URI} SIP/2.0"), "481"),
    "bye in an unknown dialog": (message(f"BYE {URI} SIP/2.0", "To: <sip:a@b>;tag=no"), "481"),
    "notify without a subscription": (message(f"NOTIFY {URI} SIP/2.0", "Event: refer"), "481"),
    "cancel without a call": (message(f"CANCEL {URI} SIP/2.0"), "481"),
    "ack without a call": (message(f"ACK {URI} SIP/2.0"), "silence"),
    "foreign replaces": (message(INVITE, "Replaces: c@h;to-tag=1;from-tag=2"), "481"),
    "no magic cookie": (message(INVITE, "Via: SIP/2.0/UDP 127.0.0.1:5001;branch=1"), "event"),
    "no branch": (message(INVITE, "Via: SIP/2.0/UDP 127.0.0.1:5001"), "event"),
    "stray response": (message("SIP/2.0 200 OK", "CSeq: 1 INVITE"), "silence"),
    "overlarge status": (message("SIP/2.0 4294967301 no", "CSeq: 1 INVITE"), "silence"),
    "unknown transport": (message(OPTIONS, "Via: SIP/2.0/XYZ h;branch=z9hG4bKu"), "event"),
    "only line ends": (b"\r\n\r\n\r\n", "silence"),
    "only zeros": (b"\x00" * 64, "silence"),
    "not sip": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "silence"),
    "nothing": (b"", "silence"),
}  # fmt: skip

_TOKENS = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b":", b";", b",", b'"', b"<", b">",
    b"@", b"%", b"%zz", b"%00", b"=", b"sip:", b"SIP/2.0", b";tag=", b";tag=;tag", b"branch=",
    b"z9hG4bK", b"z9hG4bKx1", b"Via: ", b"v:", b"To: ", b"From:", b"Contact: *", b"CSeq: 1 ACK",
    b"Content-Length: 99999999999", b"l: -1", b"Route: <sip:h;lr>", b"Replaces: ;;=", b"\xff\xfe",
    b"Event: refer", b"Require: ,", b"Record-Route: ,,<sip:x;lr>", b"Max-Forwards: 0", b"[::1]",
    b"4294967296", b"-1", b"99999", b"\xe2\x82", b"?", b"Refer-To: <sip:a@b?Replaces=%ff%00>",
)  # fmt: skip
_METHODS = (b"INVITE", b"ACK", b"BYE", b"CANCEL", b"OPTIONS", b"REFER", b"NOTIFY", b"UPDATE")


def mutant(data: bytes, dice: random.Random) -> bytes:
    """A message with some bytes, pieces or lines changed."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        size = len(data)
        start = dice.randrange(size + 1)
        end = min(size, start + dice.choice((0, 1, 2, 5, 20)))
        kind = dice.randrange(8)
        if kind == 0:
            data = data[:start] + dice.choice(_TOKENS) + data[end:]
        elif kind == 1:
            data = data[:start] + dice.randbytes(dice.randrange(1, 4)) + data[end:]
        elif kind == 2:
            data = data[:start] + data[end:]
        elif kind == 3:
            data = data[:start] + data[start:end] * dice.choice((2, 3, 500)) + data[end:]
        elif kind == 4:
            lines = data.split(b"\r\n")
            dice.shuffle(lines)
            data = b"\r\n".join(lines)
        elif kind == 5:
            lines = data.split(b"\r\n")
            line = dice.choice(lines)
            lines.insert(dice.randrange(len(lines) + 1), line)
            data = b"\r\n".join(lines)
        elif kind == 6:
            data = data[:start]
        else:
            data = data.replace(dice.choice(_METHODS), dice.choice(_METHODS))
    return data
