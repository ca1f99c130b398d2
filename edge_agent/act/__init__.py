"""Acting: one file per kind of actuator. All end in the safe state when nobody renews them."""
