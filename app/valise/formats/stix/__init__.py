"""STIX 2.1 (OASIS Standard): an incident with its indicators and marking, out and in.

`writing` makes bundles and needs no library; `reading` runs in the confined child alone, the only place where stix2 is
imported, and its parent half believes nothing; what was written is read back there before it is handed out.
"""
