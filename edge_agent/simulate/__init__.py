"""The field played by software over the real protocols, from outside: `python -m edge_agent.simulate`.

Written from the makers' manuals, never from `firmware_configs/` and never with code of
`edge_agent.sense`: only so can it catch a profile or a driver that is wrong. Each kind runs as a
process of its own and is led by JSON lines (`control.py`); `handle.py` starts one from Python.
"""
