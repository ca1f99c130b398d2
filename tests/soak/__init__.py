"""The soak: ordinary permit-hours in accelerated replay, and planted dangers. See README.md."""
