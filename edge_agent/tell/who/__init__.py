"""Who somebody is: PINs and badges, keys of log-ins, the box's screen, its first administrator."""
