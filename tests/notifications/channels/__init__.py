"""The channels, each against a peer that speaks its protocol over a real socket."""
