"""A second checker that shares no code with `guide/flows`: flows as plain data, every walk there is, one by one."""
