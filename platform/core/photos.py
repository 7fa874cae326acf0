"""People's photos, made safe to show: decoded, turned upright, emptied of everything but the picture, made smaller.

Nothing of the uploaded file reaches a browser: what is stored is a new JPEG, so neither a place in the EXIF data nor
a program hidden behind a picture's first bytes survives.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import pillow_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.errors import DomainError

pillow_heif.register_heif_opener()

MAX_BYTES = 20 * 1024 * 1024
# A phone of today takes 50 megapixels; a "decompression bomb" has hundreds in a few kilobytes.
MAX_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 480
QUALITY = 84


class NotAPhoto(DomainError):
    """The file is none of the pictures that we take."""

    status = 400
    default_sentence = _(
        "This file could not be read as a photo. Please choose a JPEG, PNG, WebP or HEIC picture."
    )


class PhotoTooLarge(DomainError):
    """More bytes or more pixels than we take."""

    status = 413
    default_sentence = _(
        "This photo is too large. Please choose one of at most 20 MB and 60 megapixels."
    )


@dataclass(frozen=True)
class Photo:
    """A photo ready to be stored: JPEG bytes and their size in pixels, and a small one for lists."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int


def cleaned(upload: BinaryIO) -> Photo:
    """Reads an uploaded file and makes a new picture of what it shows.

    Raises:
        NotAPhoto: it is no JPEG, PNG, WebP or HEIC, or it is broken.
        PhotoTooLarge: above 20 MB or 60 megapixels; told before it is decoded.
    """
    upload.seek(0)
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PhotoTooLarge
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PhotoTooLarge
            # JPEG can be decoded at a fraction of its size, which saves most of the time and memory.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opened.load()
            picture = _flat(_in_srgb(ImageOps.exif_transpose(opened)))
    except DomainError:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoTooLarge from error
    # Decoders raise whatever the broken bytes make them stumble over.
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        RuntimeError,
    ) as error:
        raise NotAPhoto from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(_jpeg(picture), *picture.size, _jpeg(small), *small.size)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colours as every screen shows them; without its profile a wide-gamut photo would look pale."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return changed if changed is not None else picture


def _flat(picture: Image.Image) -> Image.Image:
    """The picture alone, on white paper where it was transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    # A new image carries no info dictionary: no EXIF, no comment, no profile.
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _jpeg(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return buffer.getvalue()
