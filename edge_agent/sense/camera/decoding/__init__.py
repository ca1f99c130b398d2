"""From packets to pictures: by the processor, or by the board's own decoder through GStreamer."""
