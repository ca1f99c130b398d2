"""The box that stops dangerous work in time: sense, fuse, decide, act, tell."""

import os

# ONNX Runtime from 1.29 on tells its maker over the network what is run, and keeps a number of the machine in the
# home folder, unless this stands before it is loaded (its Privacy.md). A box speaks to nobody whom its site
# has not named.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
