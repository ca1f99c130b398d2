"""Another version on a box: taken if signed, never during work, judged once it runs, and back if it is no good.

The package's own folder stays as it was installed. A version that was taken lies beside it, whole, and one
symbolic link says which counts: so a power cut leaves the old one or the new one, and never a mixture.
"""
