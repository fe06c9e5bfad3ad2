"""The peers of the paired benchmark: what they are, how they are set up, how one is driven.

The same messages go between two correspondents, each a process of its own with a store of its own, on this machine:

| peer | server between them | stores |
|---|---|---|
| Valise | nats-server (JetStream) with accounts and kits as an operator makes them; or a folder | two vaults, synchronous FULL |
| OMEMO: slixmpp-omemo | prosody, with archive and stream management | SQLite, WAL, synchronous FULL |
| Delta Chat: deltachat-rpc-server | dovecot, and smtp.py for submission | its own, as it is configured |

- environment.py makes the Python environment of the peers' clients (`python -m benchmarks peers --set-up`), daemons.py starts
  the servers, stack.py is one pair of correspondents whatever they are, paired.py the benchmark.
- vaults.py, xmpp.py and delta.py are the processes at the ends; worker.py is what they have in common. xmpp.py runs in the
  peers' environment and never beside the code of Valise: slixmpp-omemo is AGPL-3.0, and a test tool here.
- The clock runs from the first message begun to the last one decrypted and durable with the receiver.
"""

from __future__ import annotations

from benchmarks.measure import Options, Ratios


def run(options: Options) -> Ratios:
    """See paired.py, which is loaded only where the benchmark runs: xmpp.py cannot import what it needs."""
    from benchmarks.peers import paired

    return paired.run(options)
