"""The commands of `nirc-sim`: words in, tables or one JSON object out."""
