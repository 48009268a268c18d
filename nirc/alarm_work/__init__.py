"""Where alarms are worked on: rules looked at, history written, notices sent."""
