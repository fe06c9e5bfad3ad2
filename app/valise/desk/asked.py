"""The request of a laptop, before and after a vault is open: its check code, and the words of its QR code."""

from __future__ import annotations

import hashlib

from valise.desk.door_laptops import AskedView
from valise.protocol.request import read_request


def look(request: bytes) -> AskedView:
    """Who asks, and the code to compare. Refused("request.*")."""
    found = read_request(request)
    return AskedView(found.device, found.officer, found.role, found.check_code)


def qr(request: bytes) -> str:
    """A request is 10 kB and no QR code holds it: the code proves that the file is the right one. Refused("request.*")."""
    return f"VALISE-REQUEST:{look(request).check_code.replace(' ', '')}:{hashlib.sha256(request).hexdigest()}"
