"""From the bytes of a photo to upright sRGB pixels: the only decoding in Lentigo, for training and for serving.

What is no image, is too large, or announces too many pixels is refused before a decoder sees it. Orientation is
applied, colours are brought to sRGB, and all metadata (place, time, device) ends here: only pixels are returned.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, UnidentifiedImageError

from lentigo.errors import CorruptImage, EmptyFile, FileTooLarge, TooManyPixels, UnsupportedFormat

Pixels = npt.NDArray[np.uint8]
"""uint8 (H, W, 3), sRGB."""

ImageFormat = Literal["JPEG", "PNG", "WEBP", "BMP", "TIFF"]

EXTENSIONS = frozenset({".jpg", ".jpeg", ".jpe", ".mpo", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff"})
"""File names that ``predict`` and the readers take for photos when they walk a folder."""

_EXIF_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns each EXIF orientation upright (CIPA DC-008, tag 274); 1 is upright already."""

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@dataclass(frozen=True)
class ImageLimits:
    """What is refused unread."""

    max_bytes: int = 30 * 1024 * 1024
    max_pixels: int = 64_000_000


@dataclass(frozen=True)
class Photo:
    """A decoded photo.

    Attributes:
        pixels: uint8 (H, W, 3), upright, sRGB. May be smaller than the file, see :func:`decode`.
        width_px: Width of the file's image, upright.
        height_px: Height of the file's image, upright.
        format: Format of the file.
    """

    pixels: Pixels
    width_px: int
    height_px: int
    format: ImageFormat


def sniff(data: bytes) -> ImageFormat | None:
    """The format that the first bytes tell, None if it is not on the allow-list.

    MPO, the format of phones that store several views in one file, begins as a JPEG and is read as one.
    """
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if data[:2] == b"BM":
        return "BMP"
    return None


def decode(data: bytes, limits: ImageLimits | None = None, min_side_px: int | None = None) -> Photo:
    """Decode a photo.

    Args:
        data: The file's bytes.
        limits: What to refuse unread.
        min_side_px: The shorter side that is needed. A larger JPEG is decoded at 1/2, 1/4 or 1/8 of its size,
            whichever is the smallest that still has this side: many times faster for a phone's photo.

    Raises:
        EmptyFile: No bytes.
        FileTooLarge: More bytes than the limit.
        UnsupportedFormat: Not one of JPEG, PNG, WebP, BMP, TIFF, MPO, or a TIFF of floating-point numbers: no rule
            says which of them is white.
        TooManyPixels: The header announces more pixels than the limit.
        CorruptImage: Damaged or cut short.
    """
    limits = limits or ImageLimits()
    image_format = _checked_format(data, limits)
    if image_format == "WEBP" and _webp_pixels(data) > limits.max_pixels:
        raise _too_many_pixels(limits)
    try:
        with Image.open(
            io.BytesIO(data), formats=[image_format, *(["MPO"] if image_format == "JPEG" else [])]
        ) as image:
            return _decode_opened(image, image_format, limits, min_side_px)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except UnidentifiedImageError as error:
        raise CorruptImage("The file begins like an image, but its header cannot be read.", _ANOTHER) from error
    # Pillow's decoders raise whatever their C library or the parsing met; for the caller it is all one thing.
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        KeyError,
        IndexError,
        TypeError,
        OverflowError,
    ) as error:
        raise CorruptImage("The image is damaged or cut short.", _ANOTHER) from error


def read(path: Path, limits: ImageLimits | None = None, min_side_px: int | None = None) -> Photo:
    """Decode the photo in a file; see :func:`decode`."""
    return decode(read_bytes(path, limits), limits, min_side_px)


def read_bytes(path: Path, limits: ImageLimits | None = None) -> bytes:
    """The bytes of a file that is not too large.

    Raises:
        FileTooLarge: More bytes than the limit; nothing was read.
    """
    limits = limits or ImageLimits()
    if path.stat().st_size > limits.max_bytes:
        raise _too_large(limits)
    return path.read_bytes()


def resize_shorter_side(pixels: Pixels, side_px: int) -> Pixels:
    """Shrink so that the shorter side is ``side_px`` (antialiased); a smaller image stays as it is."""
    height, width = pixels.shape[:2]
    scale = side_px / min(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def encode(pixels: Pixels, max_side_px: int) -> bytes:
    """A JPEG that holds pixels and nothing else: no place, time or device.

    Args:
        pixels: uint8 (H, W, 3), sRGB.
        max_side_px: Longest side of the JPEG; a larger image is shrunk (antialiased).
    """
    image = Image.fromarray(pixels)
    image.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    # Full colour resolution (4:4:4): the colours of a spot are what a doctor looks at.
    image.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return file.getvalue()


_JPEG_QUALITY = 92

_ANOTHER = "Choose another photo, or save it again as JPEG or PNG."


def _checked_format(data: bytes, limits: ImageLimits) -> ImageFormat:
    if not data:
        raise EmptyFile("The file is empty.", "Choose another photo.")
    if len(data) > limits.max_bytes:
        raise _too_large(limits)
    image_format = sniff(data)
    if image_format is None:
        raise UnsupportedFormat(
            "The file is not a photo in a format that Lentigo reads.", "Use JPEG, PNG, WebP, BMP or TIFF."
        )
    return image_format


def _webp_pixels(data: bytes) -> int:
    """The pixels that a WebP announces (https://developers.google.com/speed/webp/docs/riff_container).

    Pillow counts those of every format before it decodes, but makes room for a WebP's as it opens it.
    """
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return width * height


def _too_large(limits: ImageLimits) -> FileTooLarge:
    return FileTooLarge(
        f"The file is larger than {limits.max_bytes / 1024 / 1024:.0f} MB.",
        "Choose a smaller photo, or crop it.",
    )


def _too_many_pixels(limits: ImageLimits) -> TooManyPixels:
    return TooManyPixels(
        f"The image has more than {limits.max_pixels / 1e6:.0f} megapixels.",
        "Choose a smaller photo, or crop it.",
    )


def _decode_opened(
    image: Image.Image, image_format: ImageFormat, limits: ImageLimits, min_side_px: int | None
) -> Photo:
    width, height = image.size
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits)
    if image.mode == "F":
        raise UnsupportedFormat("The image's pixels are floating-point numbers.", "Save it with 8 or 16 bits.")
    if min_side_px is not None and image_format == "JPEG":
        # draft() picks the smallest scale whose both sides are at least these: ask in the image's own proportion.
        scale = min(1.0, min_side_px / min(width, height))
        image.draft(None, (max(1, int(width * scale)), max(1, int(height * scale))))
    image.load()
    orientation = image.getexif().get(_EXIF_ORIENTATION)
    sideways = orientation in (5, 6, 7, 8)
    rgb = _to_srgb(image)
    if orientation in _UPRIGHT:
        rgb = rgb.transpose(_UPRIGHT[orientation])
    return Photo(
        pixels=np.asarray(rgb),
        width_px=height if sideways else width,
        height_px=width if sideways else height,
        format=image_format,
    )


def _to_srgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB of any mode: 16-bit is scaled, transparency laid over white, a colour profile applied."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.float32)
        grey = Image.fromarray((np.clip(values / 65535, 0, 1) * 255 + 0.5).astype(np.uint8))
        return grey.convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return _apply_profile(image)


def _apply_profile(image: Image.Image) -> Image.Image:
    """Bring an image with a colour profile of its own (Display P3 phones, CMYK print) to sRGB."""
    icc = image.info.get("icc_profile")
    if icc and image.mode in ("RGB", "CMYK"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if "srgb" not in ImageCms.getProfileDescription(profile).lower():
                converted = ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A broken profile says nothing about the colours: read them as sRGB, as browsers do.
            pass
    return image.convert("RGB")
