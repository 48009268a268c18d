"""Signs documents with Ed25519, and says who signed one: what sites trust without any node.

Rule of this file: a signature is the last line of the text, a comment, and covers every byte before
it; a document with one is read like any other. Keys are PEM files; the private one is its owner's
alone, and no node has it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from nrcli.errors import SettingsError

MARK = "# signed: ed25519 "
PRIVATE_NAME, PUBLIC_NAME, CALLS_NAME = "sign.key", "sign.pub", "plan-calls.key"
CALL_KEY_BYTES = 32
KEY_BYTES_MAX = 10_000


class SignatureError(ValueError):
    """A text is not signed by the key that is trusted; the text says what is wrong with it."""


def make_keys(folder: Path) -> tuple[Path, Path, Path]:
    """Write a new pair of keys and a key for plan calls into `folder`; none is ever overwritten.

    Raises OSError, also where one of them is there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    calls = secrets.token_hex(CALL_KEY_BYTES).encode("ascii") + b"\n"
    paths = folder / PRIVATE_NAME, folder / PUBLIC_NAME, folder / CALLS_NAME
    for path in paths:
        if path.exists():
            raise FileExistsError(17, "is there already", str(path))
    texts, modes = (private, public, calls), (0o600, 0o644, 0o600)
    for path, text, mode in zip(paths, texts, modes, strict=True):
        path.touch(mode, exist_ok=False)
        path.write_bytes(text)
    return paths


def signed(text: str, private_key: Path) -> str:
    """`text` with its signature as the last line; one that it had is replaced.

    Raises SettingsError where the key cannot be used.
    """
    try:
        key = serialization.load_pem_private_key(_read(private_key), password=None)
    except (ValueError, TypeError) as error:
        raise _no_key(private_key, "is no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(private_key, "is no Ed25519 key")
    body, _ = _split(text)
    body = body if body.endswith("\n") else body + "\n"
    signature = base64.b64encode(key.sign(body.encode("utf-8"))).decode("ascii")
    return f"{body}{MARK}{_key_id(key.public_key())} {signature}\n"


def public_key(path: Path) -> Ed25519PublicKey:
    """The key that signatures are checked with. Raises SettingsError."""
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, TypeError) as error:
        raise _no_key(path, "is no public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "is no Ed25519 key")
    return key


def call_key(path: Path) -> bytes:
    """The key that sites prove plan calls to one another with. Raises SettingsError."""
    try:
        key = binascii.unhexlify(_read(path).strip())
    except ValueError as error:
        raise _no_key(path, "is no key of plan calls") from error
    if len(key) < CALL_KEY_BYTES:
        raise _no_key(path, "is too short a key")
    return key


def is_signed(text: str) -> bool:
    """It has a signature as its last line, good or not."""
    return bool(_split(text)[1])


def check_signature(text: str, key: Ed25519PublicKey) -> None:
    """Nothing, if `text` was signed by the owner of `key`, and not changed since.

    Raises SignatureError.
    """
    body, line = _split(text)
    if not line:
        raise SignatureError("it is not signed")
    signer, _, signature = line.removeprefix(MARK).strip().partition(" ")
    if signer != _key_id(key):
        raise SignatureError(f"it is signed by another key ({signer[:16]})")
    try:
        key.verify(base64.b64decode(signature, validate=True), body.encode("utf-8"))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("it was changed after it was signed") from error


def _split(text: str) -> tuple[str, str]:
    """What a signature covers, and its line; empty without one."""
    body, newline, last = text.removesuffix("\n").rpartition("\n")
    return (body + newline, last) if last.startswith(MARK) else (text, "")


def _key_id(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(KEY_BYTES_MAX)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise SettingsError(str(path), problem, "make keys with `nrcli keys FOLDER`") from error


def _no_key(path: Path, problem: str) -> SettingsError:
    return SettingsError(str(path), problem, "name a file that `nrcli keys` has made")
