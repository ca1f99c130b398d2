"""OPC UA servers (the site's DCS, a gas controller): their nodes as a source. Needs the extra [opcua]."""
