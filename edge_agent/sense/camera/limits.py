"""Every number that judges a camera or its programs, with the reason for each."""

from msgspec import Struct


class VisionLimits(Struct, frozen=True, kw_only=True):
    """Limits of the camera's health and of its child programs; grey levels run from 0 to 255.

    The rulebook says how long "not monitored" may last; these say when the words begin to be true.
    """

    # Nothing but pictures already shown for this long is frozen. The usual interval between two full
    # pictures is at most 4 s, and only they are sure to show a still scene's noise anew: twice that.
    frozen_s: float = 8.0
    # "The same": no cell of the 96 x 72 grey thumbnail differs by more than 3 levels, and 0.3 in the
    # mean. Measured with x264 (CRF 23-35, 300-1000 kbit/s, constant rate; full picture every 2 and 4 s):
    # a frozen source showed its last new picture within 4 s; an empty scene with noise of one level
    # showed a new one every 2-4 s, in one case of 48 every 10 s.
    same_cell: float = 3.0
    same_mean: float = 0.3
    # Two pictures further apart than this show movement, and what was remembered is void: a film in a
    # loop is not frozen. The full pictures of a frozen source stood out by at most 8 and 0.81 (CRF 35).
    still_cell: float = 12.0
    still_mean: float = 1.0
    # Pictures are remembered for two rounds of the longest interval between full pictures; a frozen
    # coder's round had at most 10 different ones.
    memory_s: float = 16.0
    memory_pictures: int = 64
    # Black or nearly so: mean below 24 (video black is 16) with a spread below 10, the light of a few
    # lamps. Leaving it takes a quarter more, so that dusk does not flicker between the two.
    dark_mean: float = 24.0
    dark_spread: float = 10.0
    # No contrast at any brightness: covered, painted over, or blinded by a lamp.
    flat_spread: float = 3.0
    dark_leave: float = 1.25
    # The scene beside its reference (scene.py), measured on four films of people at work at 416 px, as they are,
    # growing dark to a quarter with noise, in rain, blurred, moved by 10 % of the width, with a hand before the
    # lens. The mean picture is one of about a second, measured twice a second; a gap begins it anew.
    scene_mean_s: float = 1.0
    scene_every_s: float = 0.5
    scene_gap_s: float = 12.0  # more than two periods of the slowest camera (0.2 a second)
    # A new camera's reference is what it shows after 5 s. It follows what is seen in 10 minutes: dusk is
    # slower.
    scene_learn_s: float = 5.0
    scene_follow_s: float = 600.0
    # Said after 4 s without a break (who walks by a lens is gone by then), with the mean's second well within
    # 10 s.
    scene_fault_s: float = 4.0
    scene_end_s: float = 2.0
    scene_leave: float = 1.25
    # Covered: of the blocks with an edge of 2 levels a cell, this share has lost all but 0.35 of it beyond what
    # the light has taken from the best of them. A hand 40 to 50 %; anything else at most 17 %. Ten blocks at
    # least, or there is no scene.
    texture_least: float = 2.0
    textured_blocks: int = 10
    texture_lost: float = 0.35
    covered_share: float = 0.3
    # Blurred: fine detail fell below half its usual share. Blur of 2 px (sigma) 0.28 to 0.38, also in noisy dusk;
    # anything else 0.82 up.
    blurred_share: float = 0.5
    # Moved: edges fit better 5 % of the width away (people and wind: at most 2.4 % with a fixed camera; 10 % was
    # found as 9 to 12 %), with a peak of at least 0.15 (0.23 up), where they do not fit unmoved (0.66 up).
    moved_share: float = 0.05
    moved_sure: float = 0.15
    moved_same: float = 0.6
    elsewhere_same: float = 0.15
    # Dropping: over 8 s of the stream fewer than 60 % of the pictures due came sound. Trackers and the pause
    # time of a zone are made for the wanted rate; a lost second picture now and then is what networks do.
    dropping_window_s: float = 8.0
    dropping_share: float = 0.4
    # No new picture for 2 s: ten missed pictures at 5 fps, more than any usual network hiccup; a slow
    # camera is allowed 2.5 of its own periods.
    gone_s: float = 2.0
    gone_periods: float = 2.5
    # A capture program without a new picture is killed after 5 s, a fresh one after 10 s (it has to
    # load, connect and wait for a full picture). Its own time-outs are shorter, so that it can say
    # what is wrong before it is killed.
    capture_silent_s: float = 5.0
    capture_start_s: float = 10.0
    open_timeout_s: float = 4.0
    read_timeout_s: float = 4.0
    # A board's decoder may take 6 s to its first picture (libraries are loaded, the chip is asked for) and then
    # owes one for each packet within 1.5 s, or the processor takes over: before the camera counts as gone, and
    # before its program is killed. It is tried again with the first connection after 10 minutes.
    decoder_start_s: float = 6.0
    decoder_late_s: float = 1.5
    decoder_again_s: float = 600.0
    # An inference program that leaves pictures unjudged is killed after 5 s; loading the libraries and
    # the model takes 1-2 s here and up to 10 s on a small board's cold card.
    inference_silent_s: float = 5.0
    inference_start_s: float = 30.0
    # What a program waited for the processor is not counted as its silence, for half a minute at most: a box so
    # overloaded may as well try anew. What may be said of its pictures meanwhile goes by their age alone.
    held_up_s: float = 30.0
    # The box keeps up while at least 70 % of the pictures that came are judged, over 10 s; told until 85 % are.
    # A guard's deadline of 15 s needs one a second, the rates of site.toml are several times that.
    load_window_s: float = 10.0
    load_every_s: float = 1.0
    load_share: float = 0.7
    load_leave: float = 0.85
    # A camera's program that for 2 s has found every picture lying there already reads too slowly: what the
    # camera then drops is this box's fault.
    queued_s: float = 2.0
    # Judging takes the cameras in turn: no picture waits for more than one turn of the others. Ten are a defect.
    turns_missed: int = 10
    # Restarts: 1, 2, 4, 8, 10, 10 ... s. Loading costs half a second of a core: at most 5 % for ever.
    # Half a minute of life earns the short wait again.
    backoff_first_s: float = 1.0
    backoff_last_s: float = 10.0
    backoff_forgiven_s: float = 30.0
    # A word about each camera at least this often, and a still for the board at most this often.
    repeat_s: float = 1.0
    # A filmer speaks once a second. One that does not is held up by its disk.
    film_silent_s: float = 6.0
    # Films are let come to their end so long; a source returns within a second of being told to stop.
    film_end_s: float = 0.8
    still_every_s: float = 1.0

    def gone_after_s(self, fps: float) -> float:
        """How old the newest picture of a camera with `fps` may be."""
        return max(self.gone_s, self.gone_periods / fps)

    def silent_after_s(self, fps: float) -> float:
        """How long a capture program may go without a new picture once it has delivered one."""
        return max(self.capture_silent_s, 2 * self.gone_periods / fps)

    def start_after_s(self, fps: float) -> float:
        """How long a fresh capture program may take to its first picture."""
        return max(self.capture_start_s, self.silent_after_s(fps))


STANDARD = VisionLimits()
