"""VAPID (RFC 8292): the key by which push services know this site. Browsers subscribe to its public half."""

from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode


def public_half(private_key: str) -> str:
    """The public key that belongs to a private one, as browsers want it (base64url, uncompressed point).

    Args:
        private_key: 32 bytes in base64url, as ``manage.py vapid_keys`` prints it.

    Raises:
        ValueError: it is no such key.
    """
    try:
        vapid = Vapid02.from_string(private_key=private_key)
    except Exception as error:
        raise ValueError(
            "VAPID_PRIVATE_KEY is no such key: leave it empty and run manage.py vapid_keys"
        ) from error
    return _point(vapid)


def new_pair() -> tuple[str, str]:
    """A new private key and its public half, both in base64url."""
    vapid = Vapid02()
    vapid.generate_keys()
    number = vapid.private_key.private_numbers().private_value
    return b64urlencode(number.to_bytes(32, "big")), _point(vapid)


def _point(vapid: Vapid02) -> str:
    raw = vapid.public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return str(b64urlencode(raw))
