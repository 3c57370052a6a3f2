"""The one decoder, against every kind of file that people send."""

from __future__ import annotations

import contextlib
import io
import resource
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from lentigo.errors import CorruptImage, EmptyFile, FileTooLarge, ImageError, TooManyPixels, UnsupportedFormat
from lentigo.imaging import ImageLimits, decode, read, resize_shorter_side, sniff
from tests.made import Pixels, photo_bytes


def save(image: Image.Image, image_format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def corners() -> Image.Image:
    """Red, green, blue and white corners: no two orientations look alike."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30] = (255, 0, 0)
    pixels[:20, 30:] = (0, 255, 0)
    pixels[20:, :30] = (0, 0, 255)
    pixels[20:, 30:] = (255, 255, 255)
    return Image.fromarray(pixels)


def close(pixels: Pixels, expected: Pixels, tolerance: int = 12) -> bool:
    return bool(np.abs(pixels.astype(int) - expected).mean() < tolerance)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred bytes that claim to be an enormous image."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_every_format_is_read(image_format: str) -> None:
    photo = decode(save(corners(), image_format))
    assert photo.format == image_format
    assert photo.pixels.shape == (40, 60, 3)
    assert photo.pixels.dtype == np.uint8
    assert close(photo.pixels, np.asarray(corners()))


def test_mpo_gives_its_first_view() -> None:
    data = save(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "black")])
    assert close(decode(data).pixels, np.asarray(corners()))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    turned = {
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
    }[orientation](corners())
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = decode(save(turned, "JPEG", exif=exif, quality=95))
    assert (photo.width_px, photo.height_px) == (60, 40)
    assert close(photo.pixels, np.asarray(corners()))


def test_orientation_survives_transparency_and_16_bits() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = corners().transpose(Image.Transpose.ROTATE_90)
    assert close(decode(save(turned.convert("RGBA"), "PNG", exif=exif)).pixels, np.asarray(corners()))
    grey = np.asarray(turned.convert("L")).astype(np.uint16) * 257
    expected = np.asarray(corners().convert("L").convert("RGB"))
    assert close(decode(save(Image.fromarray(grey), "PNG", exif=exif)).pixels, expected)


def test_cmyk_is_brought_to_rgb() -> None:
    assert close(decode(save(corners().convert("CMYK"), "JPEG", quality=95)).pixels, np.asarray(corners()), 20)


def test_palette_is_brought_to_rgb() -> None:
    assert close(decode(save(corners().convert("P"), "PNG")).pixels, np.asarray(corners()))


def test_16_bits_keep_their_brightness() -> None:
    half = np.full((20, 20), 32768, np.uint16)
    assert abs(int(decode(save(Image.fromarray(half), "PNG")).pixels[0, 0, 0]) - 128) <= 1
    assert abs(int(decode(save(Image.fromarray(half), "TIFF")).pixels[0, 0, 0]) - 128) <= 1


def test_floating_point_pixels_are_refused() -> None:
    for value in (0.0, 0.5, 1.0, 200.0, np.nan, np.inf):
        data = save(Image.fromarray(np.full((20, 20), value, np.float32)), "TIFF")
        with pytest.raises(UnsupportedFormat, match="floating-point"):
            decode(data)


def test_transparency_is_laid_over_white() -> None:
    assert decode(save(Image.new("RGBA", (9, 9), (255, 0, 0, 0)), "PNG")).pixels.min() == 255


def test_a_colour_profile_is_applied_and_a_broken_one_is_not() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (swapped, b"not a profile"):
        assert close(decode(save(corners(), "PNG", icc_profile=profile)).pixels, np.asarray(corners()))


def test_a_large_jpeg_is_decoded_only_as_finely_as_needed() -> None:
    data = photo_bytes(size_px=1600)
    photo = decode(data, min_side_px=300)
    assert photo.pixels.shape == (400, 400, 3)
    assert (photo.width_px, photo.height_px) == (1600, 1600)
    assert decode(data).pixels.shape == (1600, 1600, 3)
    assert decode(photo_bytes(size_px=200), min_side_px=300).pixels.shape == (200, 200, 3)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"GIF89a" + bytes(50), UnsupportedFormat),
        (b"just some text", UnsupportedFormat),
        (b"%PDF-1.7", UnsupportedFormat),
        (b"\xff\xd8\xff", CorruptImage),
        (b"\x89PNG\r\n\x1a\n", CorruptImage),
        (b"BM" + bytes(60), CorruptImage),
        (b"II*\0" + b"\xff" * 60, CorruptImage),
        (b"RIFF\x10\0\0\0WEBP" + bytes(20), CorruptImage),
        (photo_bytes()[:-500], CorruptImage),
        (photo_bytes(image_format="PNG")[:2000], CorruptImage),
        (huge_png(), TooManyPixels),
        (huge_png(9000, 9000), TooManyPixels),
    ],
)
def test_what_cannot_be_used_says_why(data: bytes, error: type[ImageError]) -> None:
    with pytest.raises(error) as caught:
        decode(data)
    assert caught.value.hint


def test_an_animated_gif_is_refused() -> None:
    frames = [Image.new("P", (20, 20), shade) for shade in (0, 1)]
    with pytest.raises(UnsupportedFormat):
        decode(save(frames[0], "GIF", save_all=True, append_images=frames[1:]))


def test_limits_are_kept(tmp_path: Path) -> None:
    data = photo_bytes()
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    with pytest.raises(FileTooLarge):
        decode(data, ImageLimits(max_bytes=100))
    with pytest.raises(FileTooLarge):
        read(path, ImageLimits(max_bytes=100))
    with pytest.raises(TooManyPixels):
        decode(data, ImageLimits(max_pixels=100))
    assert read(path).pixels.shape == (256, 256, 3)


def png_with(*chunks: bytes) -> bytes:
    """A small PNG with chunks of its own behind its header."""
    whole = photo_bytes(image_format="PNG", size_px=32)
    return whole[:33] + b"".join(chunks) + whole[33:]


def webp_announcing(kind: bytes, head: bytes) -> bytes:
    """A WebP of one chunk whose header announces more than is there."""
    body = b"WEBP" + kind + struct.pack("<I", len(head) + 40) + head + bytes(40)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_announcing(width: int, height: int) -> bytes:
    data = bytearray(photo_bytes(size_px=32))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def bmp_announcing(width: int, height: int) -> bytes:
    data = bytearray(photo_bytes(image_format="BMP", size_px=32))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def tiff_announcing(width: int, height: int) -> bytes:
    entries = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (278, height), (279, 1))
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + bytes(4)


ANNOUNCED: dict[str, bytes] = {
    "PNG": huge_png(9000, 9000),
    "JPEG": jpeg_announcing(65_000, 65_000),
    "BMP": bmp_announcing(60_000, 60_000),
    "BMP upside down": bmp_announcing(60_000, -60_000),
    "TIFF": tiff_announcing(60_000, 60_000),
    "WebP": webp_announcing(b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383)),
    "WebP lossless": webp_announcing(b"VP8L", b"\x2f" + struct.pack("<I", 16382 | 16382 << 14)),
    "WebP extended": webp_announcing(b"VP8X", bytes(4) + (16382).to_bytes(3, "little") * 2),
}


@pytest.mark.parametrize("data", ANNOUNCED.values(), ids=ANNOUNCED)
def test_pixels_are_counted_before_anything_makes_room_for_them(data: bytes) -> None:
    tracemalloc.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooManyPixels):
        decode(data)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 4_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize("image_format", ["WEBP", "PNG", "JPEG", "TIFF", "BMP"])
def test_a_photo_of_just_as_many_pixels_as_allowed_is_read(image_format: str) -> None:
    data = photo_bytes(image_format=image_format, size_px=40)
    assert decode(data, ImageLimits(max_pixels=1600)).pixels.shape == (40, 40, 3)
    with pytest.raises(TooManyPixels):
        decode(data, ImageLimits(max_pixels=1599))


@pytest.mark.parametrize("options", [{"lossless": True}, {"exif": b"Exif\0\0"}, {}])
def test_each_kind_of_webp_is_counted(options: dict[str, object]) -> None:
    data = save(Image.new("RGB", (60, 40), "red"), "WEBP", **options)
    assert decode(data, ImageLimits(max_pixels=2400)).pixels.shape == (40, 60, 3)
    with pytest.raises(TooManyPixels):
        decode(data, ImageLimits(max_pixels=2399))


BOMB = zlib.compress(bytes(100_000_000), 9)
"""100 MB of zeros in 100 kB."""

PACKED: dict[str, bytes] = {
    "colour profile": png_with(chunk(b"iCCP", b"x\0\0" + BOMB)),
    "text": png_with(chunk(b"zTXt", b"x\0\0" + BOMB)),
    "international text": png_with(chunk(b"iTXt", b"x\0\1\0\0\0" + BOMB)),
    "much text": png_with(*[chunk(b"zTXt", b"k%d\0\0" % n + zlib.compress(bytes(900_000))) for n in range(200)]),
    "text behind": photo_bytes(image_format="PNG", size_px=32)[:-12]
    + chunk(b"zTXt", b"x\0\0" + BOMB)
    + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("data", PACKED.values(), ids=PACKED)
def test_what_is_packed_beside_the_pixels_is_not_unpacked_without_bound(data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(CorruptImage):
        assert decode(data).pixels.shape == (32, 32, 3)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 90_000


def exif_bomb() -> bytes:
    """An EXIF whose tags claim gigabytes, and whose directories lead back to themselves."""
    claims = b"".join(struct.pack("<HHII", tag, 2, 0xFFFFFFF0, 8) for tag in range(0x010E, 0x010E + 200))
    table = (
        b"II*\0" + struct.pack("<IH", 8, 201) + claims + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    )
    return b"Exif\0\0" + table


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_an_exif_that_claims_gigabytes_is_passed_over(image_format: str) -> None:
    data = save(Image.new("RGB", (32, 32), "red"), image_format, exif=exif_bomb())
    with contextlib.suppress(CorruptImage):
        assert decode(data).pixels.shape == (32, 32, 3)


def test_only_the_first_page_of_a_tiff_is_looked_at() -> None:
    first = Image.new("1", (30, 20))
    pages = save(first, "TIFF", save_all=True, append_images=[Image.new("1", (30_000, 30_000))], compression="group4")
    assert len(pages) < 1_000_000
    assert decode(pages).pixels.shape == (20, 30, 3)


@pytest.mark.parametrize("size", [(1, 1), (20, 400), (400, 20), (5000, 3), (3, 5000)])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_any_shape_is_decoded(size: tuple[int, int], image_format: str) -> None:
    photo = decode(save(Image.new("RGB", size, (200, 150, 120)), image_format), min_side_px=448)
    assert photo.pixels.shape == (size[1], size[0], 3)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200), start=st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "BMP"]))
def test_bytes_are_read_or_refused_but_never_crash(data: bytes, start: str) -> None:
    whole = photo_bytes(image_format=start, size_px=32)
    middle = len(whole) // 2
    for candidate in (data, whole[:40] + data, whole[:middle] + data + whole[middle:]):
        with contextlib.suppress(ImageError):
            assert decode(candidate).pixels.ndim == 3


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 70))
def test_shrinking_gives_the_side_and_never_enlarges(height: int, width: int, side: int) -> None:
    resized = resize_shorter_side(np.zeros((height, width, 3), np.uint8), side)
    assert min(resized.shape[:2]) == min(side, height, width)


def test_sniffing_goes_by_content() -> None:
    assert sniff(photo_bytes()) == "JPEG"
    assert sniff(b"\x00\x00\x00\x18ftypheic") is None
