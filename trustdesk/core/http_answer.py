"""An HTTP answer with its body, for as long as rules look at it; it is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What a server answered to one GET; texts are the peer's, bounded.

    Attributes:
        content_type, content_language, last_modified, location: header fields; None without one.
        body: as it came, bounded, without content coding.
        is_whole: whether the body is all there, and was not cut off at the bound or by the peer.
    """

    status: int
    content_type: str | None = None
    content_language: str | None = None
    last_modified: str | None = None
    location: str | None = None
    body: bytes = field(default=b"", repr=False)
    is_whole: bool = True
