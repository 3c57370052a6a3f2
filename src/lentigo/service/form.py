"""Reading an assessment's form without ever touching the disk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from lentigo.answers import HISTORY
from lentigo.errors import MalformedRequest, PhotoMissing, TooSlow
from lentigo.inference.predictor import MAX_PHOTOS

ANSWERS = ("age", "sex", "site", *HISTORY)
OPTIONS = ("bundle", "locale", "explain", "overlay")
_LONGEST_FIELD = 1024
_FORM = "Send up to three photos, as files, and answers as short text."


_FLAGS = {"": False, "false": False, "no": False, "0": False, "true": True, "yes": True, "1": True}


class InMemoryParser(MultiPartParser):
    """Starlette's parser spools files of more than 1 MB to the disk; this one keeps them in memory.

    What memory that takes is bounded by the limit on the body.
    """

    spool_max_size = sys.maxsize


@dataclass(frozen=True)
class AssessmentForm:
    """An assessment's form: photos as bytes, answers and options as text.

    ``explain`` is a flag, or the code of the diagnosis to explain.
    """

    photos: tuple[bytes, ...]
    answers: Mapping[str, str]
    bundle: str | None
    locale: str | None
    explain: bool | str
    overlay: bool


async def read_form(request: Request, timeout_s: float) -> AssessmentForm:
    """Read and check the form of a request.

    Raises:
        MalformedRequest: It is no multipart form, or has an unknown or repeated field.
        PhotoMissing: It holds no photo.
        BodyTooLarge: See :mod:`~lentigo.service.middleware`.
        TooSlow: It did not arrive in time.
    """
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        raise MalformedRequest("The request is no form.", "Send multipart/form-data with a field 'photo'.")
    parser = InMemoryParser(
        request.headers,
        request.stream(),
        max_files=MAX_PHOTOS,
        max_fields=len(ANSWERS) + len(OPTIONS),
        max_part_size=_LONGEST_FIELD,
    )
    try:
        async with asyncio.timeout(timeout_s):
            form = await parser.parse()
    except TimeoutError:
        raise TooSlow("The request took too long to arrive.", "Try again with a better connection.") from None
    except MultiPartException as error:
        raise MalformedRequest(f"The form cannot be read: {error.message}", _FORM) from error
    try:
        return await _check(form)
    finally:
        await form.close()


async def _check(form: FormData) -> AssessmentForm:
    photos, texts = [], {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name != "photo":
                raise MalformedRequest(f"'{name}' is no field for a file.", "Send files in the field 'photo'.")
            photos.append(await value.read())
        elif name == "photo":
            raise MalformedRequest("'photo' must be a file, not text.", "With curl, write -F photo=@mole.jpg.")
        elif name not in (*ANSWERS, *OPTIONS):
            raise MalformedRequest(f"There is no field '{name}'.", f"Fields: photo, {', '.join((*ANSWERS, *OPTIONS))}.")
        elif name in texts:
            raise MalformedRequest(f"The field '{name}' is given twice.")
        else:
            texts[name] = value
    if not photos:
        raise PhotoMissing("The request holds no photo.", "Send one in the field 'photo'.")
    explain, overlay = _explanation(texts.get("explain", ""), texts.get("overlay", ""))
    return AssessmentForm(
        photos=tuple(photos),
        answers={name: texts[name] for name in ANSWERS if name in texts},
        bundle=texts.get("bundle") or None,
        locale=texts.get("locale") or None,
        explain=explain,
        overlay=overlay,
    )


def _explanation(explain: str, overlay: str) -> tuple[bool | str, bool]:
    drawn = _FLAGS.get(overlay.lower())
    if drawn is None:
        raise MalformedRequest(f"'{overlay}' is neither true nor false.", "Send overlay=true or overlay=false.")
    explained = _FLAGS.get(explain.lower(), explain)
    if drawn and explained is False:
        raise MalformedRequest("'overlay' is a drawing of what 'explain' gives.", "Send explain=true with it.")
    return explained, drawn
