"""What people and the centre ask, answered: one file per topic, the desk in answer.py."""
