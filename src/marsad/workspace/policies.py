"""The policies of a workspace, read with errors that name the file and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marsad.records.errors import InputError
from marsad.records.policy import ORDER, Policy, PolicyStore


class StoredPolicies(PolicyStore):
    """A `PolicyStore` whose files may have been damaged."""

    def all(self) -> list[Policy]:
        """As `PolicyStore.all`. Raises `InputError` that names the file where one is damaged."""
        with self._reading():
            try:
                return super().all()
            except InputError as error:
                named = self.folder / str(error.message.values["file"])
                raise _damaged(named, error.message.render()) from error

    def add(self, given: str) -> Policy:
        """As `PolicyStore.add`; what cannot be written whole leaves no file behind."""
        before = set(self._files())
        with self._reading():
            try:
                return super().add(given)
            except OSError as error:
                error.filename = error.filename or str(self.folder)
                for path in set(self._files()) - before:
                    path.unlink(missing_ok=True)
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        order = self.folder / ORDER
        try:
            yield
        except FileNotFoundError as error:
            raise InputError("policy.gone", file=str(error.filename), order=str(order)) from error
        except UnicodeDecodeError as error:
            if not _is_text(order):
                raise InputError(
                    "policy.order-damaged", file=str(order), error=str(error)
                ) from error
            damaged = next((path for path in self._files() if not _is_text(path)), self.folder)
            raise _damaged(damaged, str(error)) from error


def _damaged(path: Path, error: str) -> InputError:
    return InputError("policy.damaged", file=str(path), error=error.rstrip("."))


def _is_text(path: Path) -> bool:
    try:
        path.read_text("utf-8")
    except FileNotFoundError:
        return True
    except (OSError, UnicodeDecodeError):
        return False
    return True
