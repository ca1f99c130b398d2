"""Sparkplug B 3.0: the unit's telemetry and state for a SCADA, which learns of everything by itself.

Never the only path of an event: Sparkplug sends its data with QoS 0 by its specification. The events go by
the outbox (`tell/forwarder.py`). And never a way in: of all that a host may command, only "say all again".
"""
