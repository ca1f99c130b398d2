"""The demo: a whole job on one machine, over the real protocols, played and judged from outside."""
