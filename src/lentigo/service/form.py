"""Reading forms without ever touching the disk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Mapping
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


@dataclass(frozen=True)
class Parts:
    """A form's files and texts by field."""

    files: Mapping[str, tuple[bytes, ...]]
    texts: Mapping[str, str]


async def read_form(request: Request, timeout_s: float) -> AssessmentForm:
    """Read and check the form of a request.

    Raises:
        MalformedRequest: It is no multipart form, or has an unknown or repeated field.
        PhotoMissing: It holds no photo.
        BodyTooLarge: See :mod:`~lentigo.service.middleware`.
        TooSlow: It did not arrive in time.
    """
    parts = await read_parts(request, timeout_s, {"photo": MAX_PHOTOS}, (*ANSWERS, *OPTIONS), _LONGEST_FIELD, _FORM)
    explain, overlay = _explanation(parts.texts.get("explain", ""), parts.texts.get("overlay", ""))
    return AssessmentForm(
        photos=parts.files["photo"],
        answers={name: parts.texts[name] for name in ANSWERS if name in parts.texts},
        bundle=parts.texts.get("bundle") or None,
        locale=parts.texts.get("locale") or None,
        explain=explain,
        overlay=overlay,
    )


async def read_parts(
    request: Request,
    timeout_s: float,
    files: Mapping[str, int],
    texts: Collection[str],
    longest_text_bytes: int,
    hint: str,
) -> Parts:
    """Read a form that holds at least one photo.

    Args:
        request: Its body was not read yet.
        timeout_s: Seconds in which it must have arrived.
        files: Fields for files, ``photo`` among them, and how many each may hold.
        texts: Fields for text, each at most once.
        longest_text_bytes: Longest of these.
        hint: What to send; said where the form cannot be read.

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
        max_files=sum(files.values()),
        max_fields=len(texts),
        max_part_size=longest_text_bytes,
    )
    try:
        async with asyncio.timeout(timeout_s):
            form = await parser.parse()
    except TimeoutError:
        raise TooSlow("The request took too long to arrive.", "Try again with a better connection.") from None
    except MultiPartException as error:
        raise MalformedRequest(f"The form cannot be read: {error.message}", hint) from error
    try:
        return await _sort(form, files, texts)
    finally:
        await form.close()


async def _sort(form: FormData, files: Mapping[str, int], texts: Collection[str]) -> Parts:
    found_files: dict[str, list[bytes]] = {name: [] for name in files}
    found_texts: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name not in files:
                raise MalformedRequest(f"'{name}' is no field for a file.", f"Fields for files: {', '.join(files)}.")
            if len(found_files[name]) == files[name]:
                raise MalformedRequest(f"'{name}' is given too often.", f"Send at most {files[name]}.")
            found_files[name].append(await value.read())
        elif name in files:
            raise MalformedRequest(f"'{name}' must be a file, not text.", "With curl, write -F photo=@mole.jpg.")
        elif name not in texts:
            raise MalformedRequest(f"There is no field '{name}'.", f"Fields: {', '.join((*files, *texts))}.")
        elif name in found_texts:
            raise MalformedRequest(f"The field '{name}' is given twice.")
        else:
            found_texts[name] = value
    if not found_files["photo"]:
        raise PhotoMissing("The request holds no photo.", "Send one in the field 'photo'.")
    return Parts({name: tuple(data) for name, data in found_files.items()}, found_texts)


def _explanation(explain: str, overlay: str) -> tuple[bool | str, bool]:
    drawn = _FLAGS.get(overlay.lower())
    if drawn is None:
        raise MalformedRequest(f"'{overlay}' is neither true nor false.", "Send overlay=true or overlay=false.")
    explained = _FLAGS.get(explain.lower(), explain)
    if drawn and explained is False:
        raise MalformedRequest("'overlay' is a drawing of what 'explain' gives.", "Send explain=true with it.")
    return explained, drawn
