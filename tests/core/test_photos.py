"""Photos are made safe: what is stored is a new picture."""

from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from core import photos

GPS_INFO = 0x8825
ORIENTATION = 0x0112


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """A red picture whose top left quarter is blue, so that turning it shows."""
    made = Image.new(mode, size, "red")
    made.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return made


def saved(made: Image.Image, form: str, **options: Any) -> BytesIO:
    buffer = BytesIO()
    made.save(buffer, form, **options)
    buffer.seek(0)
    return buffer


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright
    exif.get_ifd(GPS_INFO)[1] = "N"
    exif[0x010F] = "A camera with a name"
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_kind_of_photo_becomes_a_plain_jpeg(form: str) -> None:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    photo = photos.cleaned(saved(picture(), form))
    assert opened(photo.content).format == "JPEG"
    assert (photo.width, photo.height) == (60, 40)
    assert opened(photo.thumbnail).size == (photo.thumbnail_width, photo.thumbnail_height)


def test_the_place_and_the_camera_are_gone_and_the_picture_stands_upright() -> None:
    photo = photos.cleaned(saved(picture(), "JPEG", exif=with_place(), comment=b"076-220-2026"))
    stored = opened(photo.content)
    assert dict(stored.getexif()) == {}
    assert "comment" not in stored.info
    assert b"camera" not in photo.content
    assert (photo.width, photo.height) == (40, 60)
    red, _, blue = stored.getpixel((35, 5))  # type: ignore[misc]
    assert blue > red


def test_a_large_photo_is_made_smaller() -> None:
    photo = photos.cleaned(saved(picture((4000, 3000)), "JPEG"))
    assert (photo.width, photo.height) == (2048, 1536)
    assert (photo.thumbnail_width, photo.thumbnail_height) == (480, 360)


def test_what_was_transparent_is_white() -> None:
    stored = opened(photos.cleaned(saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")).content)
    assert min(stored.getpixel((4, 4))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + b"\x00" * 40,
        b"\xff\xd8\xff\xe0" + b"<script>" * 20,
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 200,
        b"%PDF-1.7",
        saved(picture(), "JPEG").getvalue()[:200],
        saved(picture(), "PNG").getvalue()[:60],
    ],
)
def test_what_is_no_photo_is_refused_with_words(content: bytes) -> None:
    with pytest.raises(photos.NotAPhoto) as refusal:
        photos.cleaned(BytesIO(content))
    assert str(refusal.value)


def test_a_program_behind_a_picture_does_not_survive() -> None:
    polyglot = saved(picture(), "JPEG").getvalue() + b"<script>alert(1)</script>"
    assert b"<script>" not in photos.cleaned(BytesIO(polyglot)).content


def test_two_hundred_megapixels_in_a_small_file_are_refused_before_they_are_decoded() -> None:
    bomb = saved(Image.new("1", (20_000, 10_000)), "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(photos.PhotoTooLarge):
        photos.cleaned(bomb)


def test_more_than_twenty_megabytes_are_refused() -> None:
    with pytest.raises(photos.PhotoTooLarge):
        photos.cleaned(BytesIO(saved(picture(), "JPEG").getvalue() + b"\x00" * photos.MAX_BYTES))
