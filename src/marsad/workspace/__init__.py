"""The folder on disk, and what is done with it: runs as commits, import, find, expiry."""

from marsad.workspace.folder import Workspace, default_folder

__all__ = ["Workspace", "default_folder"]
