"""What is certified and how it is sealed: formats, proofs, canonical forms, status, DIDs, keys.

Pure: no I/O, no clock. What it needs from outside (a DID document, a status list, the time) is handed to it.
"""
