"""What both engines are given and what they give back: plain data, no behaviour."""
