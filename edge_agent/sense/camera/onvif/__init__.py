"""Cameras that say by themselves where they are and which streams they have (ONVIF): for the technician only."""
