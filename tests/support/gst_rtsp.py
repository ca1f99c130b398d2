"""An RTSP server that shares no line with ours: GStreamer's, run by Debian's own python (ours has none).

`python3 gst_rtsp.py [USER:PASSWORD]` serves moving pictures at rtsp://127.0.0.1:<port>/live, with a key frame
every four seconds, and says the port; a login is asked for by Digest. It is ended by a signal.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURES = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1,format=I420"
    " ! openh264enc complexity=low gop-size=60 ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def main() -> None:
    """Serve for ever."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer(service="0", address="127.0.0.1")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PICTURES)
    factory.set_shared(True)
    for login in sys.argv[1:]:
        _lock(server, factory, *login.split(":"))
    server.get_mount_points().add_factory("/live", factory)
    server.attach(None)
    sys.stdout.write(f"{server.get_bound_port()}\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


def _lock(
    server: "GstRtspServer.RTSPServer", factory: "GstRtspServer.RTSPMediaFactory", user: str, word: str
) -> None:
    guard = GstRtspServer.RTSPAuth()
    guard.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST; the enumeration is GstRtsp's, which is not needed else
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    guard.add_digest(user, word, token)
    server.set_auth(guard)
    role = "user,media.factory.access=true,media.factory.construct=true"
    factory.add_role_from_structure(Gst.Structure.from_string(role)[0])


if __name__ == "__main__":
    main()
