"""Whether somebody wears the colour of the site's guards: the share of it on his upper body, where light allows.

A vest or a band on the arm. In a picture without colour (a camera's infrared light at night), in the dark and in
glaring light it cannot be told; nor of somebody too small in the picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.domain.observation import Worn
from edge_agent.sense.camera.boxes import Floats
from edge_agent.sense.camera.frames import Picture
from edge_agent.settings.site_cameras import GuardColour

# Of the person's box: between the shoulders and the hips, arms with it, so that a band on one counts.
LEFT, RIGHT, TOP, BOTTOM = 0.05, 0.95, 0.15, 0.55
LEAST_PX = 12  # of each side of that part
DARK, GLARING = 38, 250  # median brightness of it (0-255)
GREY_PCT, GREY_BELOW = 95, 26  # so much of the picture has no more colour than this (0-255): it has none at all
THUMBNAIL = (64, 36)

_Hsv = NDArray[np.uint8]


def torso(picture: Picture, corners: Floats) -> Picture:
    """A copy of the upper body of a person (corners in pixels); may be empty."""
    x1, y1, x2, y2 = corners.tolist()
    wide, high = x2 - x1, y2 - y1
    edge = np.array((x1 + LEFT * wide, y1 + TOP * high, x1 + RIGHT * wide, y1 + BOTTOM * high))
    limit = np.array([picture.shape[1], picture.shape[0]] * 2)
    left, top, right, bottom = np.clip(edge, 0, limit).round().astype(int).tolist()
    part: Picture = picture[top:bottom, left:right].copy()
    return part


def grey(picture: Picture) -> bool:
    """Whether the picture shows no colours at all."""
    small = cv2.resize(picture, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return bool(np.percentile(_hsv(small)[..., 1].astype(np.float32), GREY_PCT) < GREY_BELOW)


def told(part: Picture, colour: GuardColour) -> Worn:
    """What `torso` of somebody in a picture with colours says."""
    if min(part.shape[:2]) < LEAST_PX:
        return Worn.UNSURE
    hsv = _hsv(part)
    if not DARK <= float(np.median(hsv[..., 2])) <= GLARING:
        return Worn.UNSURE
    share_pct = 100.0 * float(_in(hsv, colour).mean())
    if share_pct >= colour.worn_from_pct:
        return Worn.WORN
    return Worn.MISSING if share_pct < colour.missing_below_pct else Worn.UNSURE


def _hsv(part: Picture) -> _Hsv:
    """Hue 0-255 for 0-360 degrees, saturation, brightness."""
    return cv2.cvtColor(part, cv2.COLOR_BGR2HSV_FULL).astype(np.uint8, copy=False)


def _in(hsv: _Hsv, colour: GuardColour) -> NDArray[np.bool_]:
    hue = hsv[..., 0].astype(np.float32) * (360.0 / 256.0)
    first, last = colour.hue_deg
    within = (hue >= first) & (hue <= last) if first <= last else (hue >= first) | (hue <= last)
    vivid = hsv[..., 1] >= colour.saturation_least_pct * 2.55
    bright = hsv[..., 2] >= colour.brightness_least_pct * 2.55
    found: NDArray[np.bool_] = within & vivid & bright
    return found
