"""The world engine: the real router and site daemons on simulated time, links, stores and ACDs."""
