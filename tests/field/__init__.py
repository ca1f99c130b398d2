"""Tests of what sensing and acting share."""
