"""Live systems: what each can be asked to do to a subject, and what is seen there afterwards."""

from marsad.platforms.base import Answer, Asked, Place, Platform, Setting, Sight, Subject

__all__ = ["Answer", "Asked", "Place", "Platform", "Setting", "Sight", "Subject"]
