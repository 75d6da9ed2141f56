"""Words: every value of the core said in the reader's language, French or English."""

from jalon.wording.packing import pack, unpack
from jalon.wording.reading import reading_at
from jalon.wording.saying import say

__all__ = ["pack", "reading_at", "say", "unpack"]
