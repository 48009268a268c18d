"""Edges that do not do as told with a REFER: sipp's scenarios, made from others.

Rule of this file: texts only.
"""

from __future__ import annotations

REFUSES, FOLLOWS = "caller_refuses_refer.xml", "caller_refer_without_notify.xml"
REFUSAL = "SIP/2.0 405 Method Not Allowed"
TOLD = """\
  <send>
    <![CDATA[
      NOTIFY [$12] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      Max-Forwards: 70
      From: [$11]
      To: [$10]
      Call-ID: [call_id]
      CSeq: 100[$13] NOTIFY
      Contact: <sip:caller@[local_ip]:[local_port]>
      Event: refer
      Subscription-State: terminated;reason=noresource
      Content-Type: message/sipfrag;version=2.0
      Content-Length: [len]

      SIP/2.0 404 Not Found
    ]]>
  </send>
  <recv response="200"/>
"""
KEPT = """\
  <recv request="REFER" optional="true" next="refused">
    <action>
      <ereg regexp="&lt;.*" search_in="hdr" header="From:" check_it="true" assign_to="10"/>
      <ereg regexp="&lt;.*" search_in="hdr" header="To:" check_it="true" assign_to="11"/>
      <ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" check_it="true" assign_to="12"/>
      <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="13"/>
    </action>
  </recv>
"""
SHORTENS = (
    ('  <recv request="REFER" optional="true" next="refused"/>\n', KEPT),
    (REFUSAL, "SIP/2.0 202 Accepted"),
    (
        '  <nop next="talking"/>\n  <label id="end"/>',
        f'{TOLD}  <nop next="talking"/>\n  <label id="end"/>',
    ),
)
"It takes the REFER, cuts the token in the address, and tells that nobody is there."
