"""Where neighbours stand when they would touch: in order, apart, each as near to its own place as it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

EDGE = 6.0


@dataclass(frozen=True)
class _Group:
    """Neighbours that touch: the room of each, where the first begins, the room of all."""

    rooms: tuple[float, ...]
    left: float
    width: float

    def joined(self, other: _Group) -> _Group:
        """Both as one, where the members are least far from their places, all together."""
        mine, theirs = len(self.rooms), len(other.rooms)
        left = (self.left * mine + (other.left - self.width) * theirs) / (mine + theirs)
        return _Group(self.rooms + other.rooms, left, self.width + other.width)

    def centres(self) -> Iterator[float]:
        """Where each member stands."""
        left = self.left
        for room in self.rooms:
            yield left + room / 2
            left += room


def apart(wanted: Sequence[tuple[float, float]], width: float) -> list[float]:
    """The places of members that want to stand at x and need room: (x, room) in order of x, in px, on a line of `width`."""
    groups: list[_Group] = []
    for x, room in wanted:
        groups.append(_Group((room,), x - room / 2, room))
        while len(groups) > 1 and groups[-1].left < groups[-2].left + groups[-2].width:
            later, earlier = groups.pop(), groups.pop()
            groups.append(earlier.joined(later))
    stand = [x for group in groups for x in group.centres()]
    return _within(stand, [room for _x, room in wanted], width)


def _within(stand: list[float], rooms: Sequence[float], width: float) -> list[float]:
    """Pushed back from the two ends of the line, keeping their room."""
    out: list[float] = []
    for k, x in enumerate(stand):
        least = out[-1] + (rooms[k - 1] + rooms[k]) / 2 if out else EDGE
        out.append(max(x, least))
    limit = width - EDGE
    for k in range(len(out) - 1, -1, -1):
        if out[k] <= limit:
            break
        out[k] = limit
        if k:
            limit -= (rooms[k] + rooms[k - 1]) / 2
    return out
