"""Any CTI as a site's ACD: it pushes its state over HTTP and takes numbered commands."""
