"""Records over the network: reading and writing rows, uploading and importing tables; pages and API."""
