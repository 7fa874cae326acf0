"""What no sensible person sends, as strategies for Hypothesis: for addresses, headers and forms."""

from urllib.parse import quote_from_bytes, urlencode

from hypothesis import strategies as st

SCRIPT = b"<script>alert(1)</script>"

# Each of these has broken some site: NUL, controls, direction marks, lone surrogates, width, overlong numbers,
# half a percent sequence, half an emoji, what databases, shells, templates and spreadsheets take for their own.
NASTY = (
    b"",
    b"\x00",
    b"a\x00b",
    b"\r\nX-Injected: 1",
    b"\x1b[31m",
    "\u202e逆さ\u2066".encode(),
    "e\u0301\u0301\u0301".encode(),
    "👨‍👩‍👧".encode(),
    "よりあい".encode("shift_jis"),
    "よりあい".encode("utf-16"),
    b"\xed\xa0\x80",  # a lone surrogate, as some encoders write it
    b"\xff\xfe\xfd",
    b"\xc0\xaf",
    b"%",
    b"%00",
    b"%zz",
    b"%s%n{0}{{7*7}}${7}",
    b"' OR 1=1 --",
    SCRIPT,
    b"../../../etc/passwd",
    b"=cmd|' /C calc'!A0",
    b"-1",
    b"0",
    b"9" * 40,
    b"1e999",
    b"NaN",
    b"1" * 5000,
    "١٢٣".encode(),
    "１２３".encode(),
    b"2026-02-30",
    b"0000-00-00T25:61",
    b"//evil.example/",
    b"https://evil.example/\\@",
    b"javascript:alert(1)",
    b"a@" + b"b" * 300 + b".example",
    b"x" * 100_000,
    "字".encode() * 34_000,
)
values = st.one_of(st.sampled_from(NASTY), st.binary(max_size=60))
short_values = values.filter(lambda value: len(value) < 4000)

# Where a server would not let them pass, or where they would end the line.
header_values = short_values.map(lambda value: value.translate(None, b"\r\n\x00"))
in_paths = short_values.map(lambda value: value.replace(b"\0", b"")[:200]).filter(bool)
query_strings = st.one_of(
    short_values.map(lambda value: value.translate(None, b" \r\n\x00#")),
    st.lists(st.tuples(st.sampled_from(["q", "page", "next", "key", "o"]), short_values)).map(
        lambda pairs: urlencode(pairs).encode()
    ),
)

HEADERS = (
    b"accept",
    b"accept-language",
    b"authorization",
    b"content-length",
    b"content-type",
    b"cookie",
    b"forwarded",
    b"host",
    b"hx-current-url",
    b"hx-request",
    b"hx-target",
    b"if-modified-since",
    b"if-none-match",
    b"origin",
    b"range",
    b"referer",
    b"user-agent",
    b"x-csrftoken",
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-request-id",
    b"x-requested-with",
)
COOKIES = (b"sessionid", b"csrftoken", b"messages", b"django_language", b"text_size")
CONTENT_TYPES = (
    b"text/html; charset=",
    b"application/x-www-form-urlencoded; charset=utf-7",
    b"application/x-www-form-urlencoded; charset=no-such-charset",
    b"application/x-www-form-urlencoded; charset=\xff",
    b"application/x-www-form-urlencoded; charset=rot13",
    b"multipart/form-data",
    b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=" + b"b" * 500,
    b"multipart/form-data; boundary=b; charset=utf-16",
    b"application/json",
)
headers = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(HEADERS), header_values),
        st.tuples(st.just(b"content-type"), st.sampled_from(CONTENT_TYPES)),
        st.tuples(
            st.just(b"cookie"),
            st.tuples(st.sampled_from(COOKIES), header_values).map(b"=".join),
        ),
    ),
    max_size=4,
)


def quoted(value: bytes) -> str:
    """Bytes as they stand in a path."""
    return quote_from_bytes(value, safe="")


def quoted_text(text: str) -> str:
    """The same for text, lone surrogates included."""
    return quoted(text.encode("utf-8", "surrogatepass"))


@st.composite
def forms(draw: st.DrawFn, entries: dict[str, str]) -> tuple[bytes, bytes]:
    """A body and its content type.

    Args:
        entries: by the name of each field, something plausible. Fields are missing, stand twice, or hold nonsense;
            most keep what is plausible, so that the nonsense in others is looked at.
    """
    names = sorted(entries)
    spoilt = draw(st.sets(st.sampled_from([*names, "no_such_field"]), max_size=3))
    missing = draw(st.sets(st.sampled_from(names), max_size=2))
    pairs = [(name, entries[name].encode()) for name in names if name not in missing | spoilt]
    pairs += [(name, draw(values)) for name in sorted(spoilt)]
    pairs += [(name, draw(values)) for name in draw(st.lists(st.sampled_from(names), max_size=2))]
    kind = draw(
        st.sampled_from(["urlencoded", "urlencoded", "multipart", "files", "raw", "broken"])
    )
    if kind == "urlencoded":
        charset = draw(st.sampled_from([b"", b"", b"; charset=shift_jis", b"; charset=utf-16"]))
        return urlencode(pairs).encode(), b"application/x-www-form-urlencoded" + charset
    if kind == "raw":
        return draw(values), draw(st.sampled_from(CONTENT_TYPES))
    body = b"".join(_part(name, value, as_file=kind == "files") for name, value in pairs)
    end = b"" if kind == "broken" else b"--boundary--\r\n"
    return body + end, b"multipart/form-data; boundary=boundary"


def _part(name: str, value: bytes, *, as_file: bool) -> bytes:
    disposition = f'form-data; name="{name}"'.encode()
    if as_file:
        disposition += b'; filename="' + value[:100].translate(None, b'\r\n"') + b'"'
    return b"--boundary\r\nContent-Disposition: " + disposition + b"\r\n\r\n" + value + b"\r\n"
