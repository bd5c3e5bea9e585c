"""What could not be handled: set aside (`store`), shown (`views`, `masking`), replayed or discarded (`repairs`).

Each service has its own; `routes` is how operators, and the monitor for them, reach those of a process.
"""
