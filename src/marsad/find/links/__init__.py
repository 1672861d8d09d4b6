"""Links to places that banks list, through wrappers and shorteners, without visiting anything."""

from marsad.find.links.matcher import LinkMatcher
from marsad.find.links.redirects import redirects_seen
from marsad.find.links.signal import Links

__all__ = ["LinkMatcher", "Links", "redirects_seen"]
