"""The parts of the measure of live sockets: a crowd of clients, and a server that does nothing but broadcast."""
