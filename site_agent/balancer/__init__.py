"""One SIP address for several members of a site: calls and registrations are shared among them."""
