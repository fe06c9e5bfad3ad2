"""The verifier of evidence files: docs/evidence.md in code.

It reads a file and nothing else: no vault, no network, no clock but its own time limit. Every rule is written here a second
time; of the rest of the house it uses the decoder of canonical JSON, the two signature algorithms and the errors.
"""

from valise.evidence import shapes_incidents as shapes_incidents  # its kinds enter the table of shapes
from valise.evidence import shapes_registers as shapes_registers
