"""The box's voice: pieces that were spoken beforehand, on a sound device of this box, without any network."""
