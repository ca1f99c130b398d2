"""`edge-agent export`: part of the records with its pictures, signed, for whoever checks it elsewhere."""
