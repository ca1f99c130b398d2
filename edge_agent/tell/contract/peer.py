"""What the boxes of one site tell each other, as it travels: the payload that each signs with its own key."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.claim import Claim, Standing

Word = Annotated[str, Meta(min_length=8, max_length=64)]


class PeerWord(Struct, frozen=True, kw_only=True):
    """One word of one box to all others of its site; the next one replaces it whole.

    Members that a box does not know are passed over: the boxes of a site are not renewed on one day.
    """

    schema: Literal["edge_agent.peer.v1"] = "edge_agent.peer.v1"
    site: str
    unit: Annotated[str, Meta(description="who speaks; it signs with its own key, and its id is the header's kid")]
    session: Annotated[Word, Meta(description="another one after each start of the agent")]
    n: Annotated[int, Meta(description="counts up within a session", ge=1)]
    challenge: Annotated[Word, Meta(description="random; whoever hears it says it back")]
    heard: Annotated[
        dict[str, str],
        Meta(
            description="by unit: the newest challenge that was heard of it. A word that says back no challenge "
            "of the last simops.peer_stale_s seconds is not taken: it may be an old one that is played again"
        ),
    ]
    claims: Annotated[tuple[Claim, ...], Meta(description="every open permit")]
    alarms: Annotated[
        tuple[Standing, ...],
        Meta(description="its own alarms that sound now; never what it heard of others, nor what is played"),
    ]
