"""The way of an upload: taken from the socket, looked at, imported or removed, by whoever brought it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from serving.records.bringing import OnConflict, permit_of
from serving.records.receiving import BadFormError, receive
from serving.records.uploads import State, Upload, Uploads
from serving.records.work import AT_ONCE, import_upload, look_at, weight

if TYPE_CHECKING:
    import sqlalchemy as sa
    from starlette.requests import Request

    from features.settings import Settings
    from serving.access import Person
    from serving.records.outcome import Outcome

FREE_BYTES = 256 << 20
"""What must stay free on the disk of the records."""


class NoRoomError(Exception):
    """The disk is too full for what is coming."""


class UnknownUploadError(LookupError):
    """There is no such upload, or it is somebody else's."""


class Arrivals:
    """Uploads of one person."""

    def __init__(self, settings: Settings, engine: sa.Engine, person: Person) -> None:
        """Work in this home, on this person's behalf."""
        self._settings, self._engine, self._person = settings, engine, person
        self.uploads = Uploads(engine, settings)

    @property
    def who(self) -> str:
        """Whose uploads these are."""
        return self._person.name

    async def take(self, request: Request) -> Upload:
        """Stream the files of a form to the disk.

        Raises:
            BadFormError: it is no form with files.
            NoRoomError: the disk is too full.
            TooManyUploadsError: too many of this person's wait already.
        """
        length = request.headers.get("content-length", "")
        self._settings.home.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._settings.home).free < FREE_BYTES + int(length if length.isdigit() else 0):
            raise NoRoomError
        upload_id, folder = self.uploads.arrive(self._person.name, permit_of(self._person))
        try:
            form = await receive(request.headers.get("content-type", ""), request.stream(), folder)
            if not form.files:
                raise BadFormError("no file came")
        except BaseException:
            self.uploads.move(upload_id, State.ARRIVED, State.GONE)
            raise
        self.uploads.complete(upload_id, list(form.files.items()))
        return self.find(upload_id)

    def find(self, upload_id: str) -> Upload:
        """Return an upload of this person, as it is now; raises UnknownUploadError."""
        found = self.uploads.find(upload_id)
        if found is None or found.who != self._person.name:
            raise UnknownUploadError(upload_id)
        return self._settled(found)

    def look(self, upload: Upload) -> Upload:
        """Check an upload: at once if it is small, else as a job."""
        if weight(upload) > AT_ONCE:
            self._enqueue(upload, "check", "report")
        else:
            look_at(self._settings, self.uploads, upload)
        return self.find(upload.id)

    def bring(self, upload: Upload, on_conflict: OnConflict) -> Outcome | None:
        """Import an upload: at once if it is small (and return what came of it), else as a job.

        Only one of two who ask at the same time does it; the other gets None.
        """
        before = upload.state
        if before not in {State.ARRIVED, State.CHECKED}:
            return None
        self.uploads.permit(upload.id, permit_of(self._person))
        if not self.uploads.move(upload.id, before, State.IMPORTING):
            return None
        if weight(upload) <= AT_ONCE:
            return import_upload(self._settings, self._engine, self.find(upload.id), on_conflict)
        try:
            self._enqueue(upload, "import", on_conflict)
        except BaseException:
            self.uploads.move(upload.id, State.IMPORTING, before)
            raise
        return None

    def remove(self, upload: Upload) -> bool:
        """Remove the files of an upload that waits."""
        return any(
            self.uploads.move(upload.id, state, State.GONE) for state in (State.ARRIVED, State.CHECKED)
        )

    def _enqueue(self, upload: Upload, step: str, on_conflict: str) -> None:
        from serving.jobs import enqueue

        arguments = {"upload": upload.id, "step": step, "on_conflict": on_conflict}
        job = enqueue(self._engine, "import", arguments, self._person.name)
        self.uploads.assign(upload.id, job.id)

    def _settled(self, upload: Upload) -> Upload:
        """Put back an upload whose job has ended without importing it."""
        if upload.state is not State.IMPORTING or upload.job is None:
            return upload
        from serving.jobs.refusals import UnknownJobError
        from serving.jobs.register import find

        try:
            ended = find(self._engine, upload.job).ended
        except UnknownJobError:
            ended = True
        now = self.uploads.find(upload.id) or upload
        if not ended or now.state is not State.IMPORTING:
            return now
        after = State.CHECKED if now.outcome else State.ARRIVED
        self.uploads.move(upload.id, State.IMPORTING, after)
        return self.uploads.find(upload.id) or now
