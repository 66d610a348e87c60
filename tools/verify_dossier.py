#!/usr/bin/env python3
"""Verify the proof of a dossier, offline: one file, Python 3.9 or later, nothing else.

    python3 verify_dossier.py proof.json [--public-key HEX ...] [FILE ...]

The proof is what `GET /v1/dossiers/{id}/proof` gives. Every event is hashed anew, the links between the
events of a service are followed to the newest one under a signature, and the signature (Ed25519, RFC 8032) is
checked. FILEs are looked for among the attachments that the events name. Exit code: 0 everything fits, 1
something does not, 2 the proof cannot be read.

What a proof cannot show: events of the last second, and events in the open end that were left out of it.
Whose key signed is shown by comparing it with the one that the province has made public (--public-key).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from typing import Any
from uuid import UUID

FORMAT = "sangkien-proof/1"
LARGEST = 2**53 - 1
BUCKETS = 4096
DOCUMENT = {
    "format",
    "service",
    "event_id",
    "subject_id",
    "kind",
    "version",
    "occurred_at",
    "recorded_at",
    "actor_id",
    "on_behalf_of",
    "post_id",
    "through",
    "rule_version",
    "rule",
    "detail",
}
STATEMENT = {
    "format",
    "service",
    "number",
    "position",
    "day",
    "made_at",
    "head",
    "root",
    "previous",
    "public_key",
}


class Unreadable(Exception):
    """The file is no proof of this form."""


# Ed25519, as in RFC 8032, verification only

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(one: Point, other: Point) -> Point:
    """Points in extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(factor: int, point: Point) -> Point:
    """The point added to itself so many times."""
    found = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            found = add(found, point)
        point = add(point, point)
        factor >>= 1
    return found


def is_same(one: Point, other: Point) -> bool:
    """Both are the same point."""
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def x_of(y: int, sign: int) -> int | None:
    """The x of the point with this y and this parity of x."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def point_of(encoded: bytes) -> Point | None:
    """The point in 32 bytes; None where there is none."""
    if len(encoded) != 32:
        return None
    number = int.from_bytes(encoded, "little")
    y = number & ((1 << 255) - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """The signature is that of the key's holder under this message."""
    key = point_of(public_key)
    r = point_of(signature[:32])
    if key is None or r is None or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    challenge = hashlib.sha512(signature[:32] + public_key + message).digest()
    h = int.from_bytes(challenge, "little") % L
    return is_same(multiply(s, BASE), add(r, multiply(h, key)))


# Hashes


def sha256(*parts: bytes) -> bytes:
    """Of all parts, one behind the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def raw(text: str, size: int = 32) -> bytes:
    """So many bytes, written in small hexadecimal letters."""
    found = bytes.fromhex(text)
    if found.hex() != text or len(found) != size:
        raise ValueError("not in hexadecimal")
    return found


def number(value: Any) -> int:
    """A whole number, and not a truth value that Python takes for one."""
    if type(value) is not int:
        raise TypeError("not a number")
    return value


def canonical(value: Any) -> bytes:
    """The one form of a value: keys sorted by code points, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which the path leads from the leaf at the index of so many; None when it cannot be."""
    if not 0 <= index < size:
        return None
    steps = list(path)
    while size > 1:
        if index & 1 or index + 1 < size:
            if not steps:
                return None
            step = steps.pop(0)
            leaf = sha256(b"\x01", step, leaf) if index & 1 else sha256(b"\x01", leaf, step)
        index, size = index >> 1, (size + 1) >> 1
    return None if steps else leaf


# The proof


class Verifier:
    """Collects what holds, what is open and what does not fit, in the words of both languages."""

    def __init__(self, bundle: dict[str, Any], trusted: Iterable[str]) -> None:
        self.bundle = bundle
        self.subject = UUID(bundle["subject_id"])
        self.trusted = {key.lower() for key in trusted}
        self.holds: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.attached: dict[str, str] = {}

    def verify(self) -> None:
        """Everything in the bundle."""
        if self.bundle["subject_id"] != str(self.subject):
            self.fault("mã hồ sơ không đúng dạng", "the dossier's id is not in its form")
        for service, part in self.bundle["services"].items():
            self.verify_service(service, part)
        keys = {
            part["checkpoint"]["public_key"]
            for part in self.bundle["services"].values()
            if part["checkpoint"]
        }
        if sorted(keys) != self.bundle["public_keys"]:
            self.fault("danh sách khóa công khai không khớp", "the list of public keys does not fit")
        if sorted(self.attached) != self.bundle["attachments"]:
            self.fault("danh sách tệp đính kèm không khớp", "the list of attachments does not fit")
        for key in sorted(keys):
            if self.trusted and key not in self.trusted:
                self.fault(f"khóa {key} không được tin", f"the key {key} is not trusted")
            elif not self.trusted:
                self.open.append(
                    f"Hãy so khóa công khai {key} với khóa mà tỉnh công bố"
                    f" / compare this public key with the one the province has made public"
                )

    def fault(self, vi: str, en: str) -> None:
        """Something does not fit."""
        self.faults.append(f"{vi} / {en}")

    def verify_service(self, service: str, part: dict[str, Any]) -> None:
        """Links, signature and path of one service; the first fault ends it, for all else hangs on it."""
        links = self.follow(service, part["events"])
        if links is None:
            return
        self.verify_values(service, part)
        checkpoint = part["checkpoint"]
        covered = 0
        if checkpoint is None:
            if part["proof"] is not None:
                self.fault(f"{service}: đường chứng minh thừa", "a path without a checkpoint")
                return
        else:
            if not self.verify_checkpoint(service, checkpoint):
                return
            covered = sum(position <= checkpoint["position"] for _, position, _ in links)
            if not self.verify_path(service, part, links[:covered]):
                return
            if covered:
                self.tell_signed(service, checkpoint, covered)
        if len(links) > covered:
            self.open.append(
                f"{service}: {len(links) - covered} sự kiện chưa được ký (còn mở), chỉ khớp với nhau"
                f" / {len(links) - covered} events are not signed yet (open): they fit each other only"
            )

    def tell_signed(self, service: str, checkpoint: dict[str, Any], covered: int) -> None:
        """What the signature covers."""
        number, day = checkpoint["number"], checkpoint["day"]
        self.holds.append(
            f"{service}: {covered} sự kiện khớp với chữ ký số {number} ngày {day}"
            f" / {covered} events fit checkpoint {number} of {day}"
        )

    def follow(self, service: str, events: list[dict[str, Any]]) -> list[tuple[int, int, bytes]] | None:
        """Hash every event and its link anew; ordinal, position and link of each, or None at a fault."""
        before = sha256(b"sangkien link 1 start\n", service.encode("utf-8"), b"\n", self.subject.bytes)
        links: list[tuple[int, int, bytes]] = []
        last = 0
        for ordinal, event in enumerate(events, 1):
            document, position = event["document"], number(event["position"])
            what = f"{service}: {document.get('kind')} {document.get('event_id')}"
            fits = (
                set(document) == DOCUMENT
                and document["format"] == 1
                and document["service"] == service
                and document["subject_id"] == str(self.subject)
                and number(event["ordinal"]) == ordinal
                and position > last
            )
            hashed = sha256(b"sangkien event 1\n", canonical(document))
            link = sha256(b"sangkien link 1\n", before, hashed, position.to_bytes(8, "big"))
            if not fits or link.hex() != event["link"]:
                self.fault(f"{what} không khớp", "this event does not fit")
                return None
            self.note_attachment(document)
            links.append((ordinal, position, link))
            before, last = link, position
        return links

    def note_attachment(self, document: dict[str, Any]) -> None:
        """Remember the hash of a file that was attached."""
        if document["kind"] == "AttachmentAdded" and "sha256" in document["detail"]:
            self.attached[document["detail"]["sha256"]] = document["occurred_at"]

    def verify_values(self, service: str, part: dict[str, Any]) -> None:
        """Personal values fit their digests; those that are missing were erased, or are left out."""
        digests = {
            (event["document"]["event_id"], name): value["digest"]
            for event in part["events"]
            for name, value in event["document"]["detail"].items()
            if isinstance(value, dict) and set(value) == {"digest"}
        }
        for given in part["personal"]:
            digest = sha256(raw(given["salt"]), canonical(given["value"])).hex()
            if digests.pop((given["event_id"], given["field"]), None) != digest:
                self.fault(
                    f"{service}: giá trị cá nhân {given['field']} không khớp",
                    f"a personal value of {given['event_id']} does not fit",
                )
        if digests:
            self.open.append(
                f"{service}: {len(digests)} giá trị cá nhân đã xóa hoặc không kèm theo"
                f" / {len(digests)} personal values were erased or are not in the file"
            )

    def verify_checkpoint(self, service: str, checkpoint: dict[str, Any]) -> bool:
        """Its signature holds."""
        statement = {name: value for name, value in checkpoint.items() if name != "signature"}
        message = b"sangkien checkpoint 1\n" + canonical(statement)
        fits = set(statement) == STATEMENT and statement["format"] == 1 and statement["service"] == service
        key, signature = raw(statement["public_key"]), raw(checkpoint["signature"], 64)
        if fits and is_signed(key, message, signature):
            return True
        self.fault(
            f"{service}: chữ ký số {checkpoint.get('number')} không đúng",
            "the signature of this checkpoint does not hold",
        )
        return False

    def verify_path(self, service: str, part: dict[str, Any], covered: list[tuple[int, int, bytes]]) -> bool:
        """The newest link that should be signed lies under the signed root."""
        proof = part["proof"]
        if not covered:
            if proof is None:
                return True
            self.fault(f"{service}: đường chứng minh thừa", f"{service}: a path for no event")
            return False
        ordinal, _, link = covered[-1]
        if proof is not None and number(proof["ordinal"]) == ordinal:
            leaf = sha256(b"\x00", self.subject.bytes, ordinal.to_bytes(4, "big"), link)
            path = [raw(step) for step in proof["path"]]
            size = number(proof["size"])
            root = root_by_path(leaf, number(proof["index"]), size, path) or b""
            bucket = int.from_bytes(sha256(self.subject.bytes)[:2], "big") >> 4
            above = [raw(step) for step in proof["bucket_path"]]
            root = sha256(b"\x04", size.to_bytes(4, "big"), root)
            leaf = sha256(b"\x03", bucket.to_bytes(2, "big"), root)
            top = root_by_path(leaf, bucket, BUCKETS, above)
            if top is not None and top.hex() == part["checkpoint"]["root"]:
                return True
        self.fault(
            f"{service}: các sự kiện không nằm dưới chữ ký",
            f"{service}: the events do not lie under the signature (changed, or some are missing)",
        )
        return False

    def look_for(self, name: str) -> None:
        """Whether this file was attached."""
        with open(name, "rb") as file:
            found = hashlib.sha256(file.read()).hexdigest()
        if found in self.attached:
            self.holds.append(f"{name}: đã đính kèm / was attached {self.attached[found]}")
        else:
            self.fault(f"{name}: không có trong hồ sơ", "this file is not among the attachments")


# Reading


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once each."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a key stands twice")
    return found


def whole(text: str) -> int:
    """A number that every reader reads alike."""
    number = int(text)
    if abs(number) > LARGEST or text != str(number):
        raise Unreadable("a number in another form")
    return number


def refuse(text: str) -> Any:
    """Floating point has no one form."""
    raise Unreadable(f"a number in another form: {text}")


def read_bundle(name: str) -> dict[str, Any]:
    """The bundle in the file; `Unreadable` for anything else."""
    try:
        with open(name, encoding="utf-8") as file:
            bundle = json.load(
                file, object_pairs_hook=once, parse_int=whole, parse_float=refuse, parse_constant=refuse
            )
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(bundle, dict) or bundle.get("format") != FORMAT:
        raise Unreadable(f"not a proof of the form {FORMAT}")
    return bundle


def show(verifier: Verifier, bundle: dict[str, Any]) -> int:
    """Tell the findings; the exit code."""
    print(f"Hồ sơ / dossier {bundle['subject_id']}")
    for mark, lines in (("✓", verifier.holds), ("○", verifier.open), ("✗", verifier.faults)):
        for line in lines:
            print(f"{mark} {line}")
    if verifier.faults:
        print("KHÔNG KHỚP / DOES NOT FIT")
        return 1
    print("KHỚP / FITS" + (" (phần ○ còn mở / what is marked ○ is open)" if verifier.open else ""))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Verify and tell."""
    parser = argparse.ArgumentParser(description="Verify the proof of a dossier, offline.")
    parser.add_argument("proof", help="the file that GET /v1/dossiers/{id}/proof gave")
    parser.add_argument("files", nargs="*", help="files to look for among the attachments")
    parser.add_argument(
        "--public-key",
        action="append",
        default=[],
        metavar="HEX",
        help="a key that may sign; can be repeated",
    )
    options = parser.parse_args(arguments)
    try:
        bundle = read_bundle(options.proof)
    except Unreadable as error:
        print(f"✗ Không đọc được / cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        verifier = Verifier(bundle, options.public_key)
        verifier.verify()
        for name in options.files:
            verifier.look_for(name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        print(f"✗ Không đúng dạng / not in its form: {type(error).__name__} {error}")
        print("KHÔNG KHỚP / DOES NOT FIT")
        return 1
    except OSError as error:
        print(f"✗ Không đọc được / cannot be read: {error}", file=sys.stderr)
        return 2
    return show(verifier, bundle)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
