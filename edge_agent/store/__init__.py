"""What survives a power cut: the database with its one writer, the hash chain, the journal of steps."""
