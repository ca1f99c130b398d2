"""Whom a box tells things: the centre, its store, a SCADA, telephones, the other boxes; and what it is ordered."""

from collections.abc import Iterator
from functools import partial

from joserfc.jwk import OKPKey

from edge_agent.decide.beside import ours
from edge_agent.ops.box.core import Core, Worker
from edge_agent.ops.centre import Centre
from edge_agent.ops.fetching import UPDATE, Fetching
from edge_agent.ops.messenger import Messenger
from edge_agent.ops.ordered import Ordered
from edge_agent.ops.recordings.copies import Copies
from edge_agent.ops.scada import Scada
from edge_agent.ops.sending import Sending
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.neighbours import Neighbours


def ways_out(core: Core, centre: Centre, unit_key: OKPKey) -> Iterator[Worker]:
    """Every one that the site has; the brain waits for none of them."""
    settings, brain = core.settings, core.brain
    site = settings.site
    if site.uplink.centre:
        yield "centre", centre.run
    if site.sparkplug is not None:
        yield "sparkplug", Scada(settings, site.sparkplug, core.clock, brain).run
    yield from _versions(core)
    if site.upload is not None:
        yield from _evidence(core, site.upload)
    if site.short_messages is not None:
        known = lambda: (brain.state.seq, brain.state.centre)  # noqa: E731
        messenger = Messenger(settings, site.short_messages, core.clock, known, brain.ask)
        yield "short messages", partial(messenger.run, brain.deliver)
    if site.peers:
        # Told of our works and alarms, and heard of theirs.
        beside = Neighbours(settings, core.clock, lambda: ours(brain.state), unit_key)
        yield "other boxes", partial(beside.run, brain.deliver)


def _versions(core: Core) -> Iterator[Worker]:
    """Another version of the program, and its file where the site lets it be fetched."""
    brain, fetch = core.brain, core.settings.site.fetch
    yield "ordered version", Ordered(core.settings, core.clock, lambda: brain.state.centre, brain.ask).run
    if fetch is not None:
        fetching = Fetching(
            core.settings, fetch, core.clock, lambda: brain.state.centre, brain.ask, UPDATE, busy=core.busy
        )
        yield "ordered version's file", fetching.run


def _evidence(core: Core, upload: UploadTable) -> Iterator[Worker]:
    yield "evidence to the centre", Sending(core.settings, upload, core.clock, core.brain).run
    if "masked_clips" in upload.what:
        recording = core.settings.site.recording
        assert recording is not None  # noqa: S101 (settings/uploads.py)
        key_file = core.settings.folder / recording.key_file
        copies = Copies(core.settings, key_file, core.root, core.clock, core.busy, core.brain.ask)
        yield "masked copies", copies.run
