"""Figures of calls, agents and trunks, worked out from records: pure, the same whenever asked."""
