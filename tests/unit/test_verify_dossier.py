"""The verifier in a single file: its Ed25519 against another's, and every change of a proof that verifies."""

import ast
import copy
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proof_cases import SAMPLE
from tools import verify_dossier
from tools.verify_dossier import L, canonical, is_signed, sha256

SOURCE = Path(verify_dossier.__file__)
PROOF: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
Key = tuple[Any, ...]


def _by_the_library(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_signatures_hold_and_changed_ones_do_not(seed: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    signature = private.sign(message)
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b"x", signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert is_signed(public, message, bytes(changed)) == _by_the_library(public, message, bytes(changed))


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_nonsense_is_judged_like_the_library_does(public: bytes, signature: bytes) -> None:
    assert is_signed(public, b"m", signature) == _by_the_library(public, b"m", signature)


def test_a_signature_has_one_form() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"m")
    larger = int.from_bytes(signature[32:], "little") + L
    assert not is_signed(public, b"m", signature[:32] + larger.to_bytes(32, "little"))
    assert not is_signed(public, b"m", signature[:63])
    assert not is_signed(public[:31], b"m", signature)


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_the_vectors_of_the_standard(seed: str, public: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_it_stands_alone_on_old_pythons() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    modules = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {module.split(".")[0] for module in modules} <= set(sys.stdlib_module_names)


def _verify(folder: Path, bundle: Any) -> int:
    file = folder / "proof.json"
    file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    return verify_dossier.main([str(file)])


@pytest.mark.parametrize("sample", sorted(SAMPLE.parent.glob("proof-*.json")), ids=lambda path: path.name)
def test_the_proofs_of_every_release_verify(sample: Path) -> None:
    key = json.loads(sample.read_text(encoding="utf-8"))["public_keys"][0]
    assert verify_dossier.main([str(sample), "--public-key", key]) == 0


def _places(value: Any, place: Key = ()) -> Iterator[tuple[Key, Any]]:
    yield place, value
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(item, (*place, key))


def _changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("b" if value[-1:] != "b" else "a")
        case None:
            return "x"
        case list():
            return [*value, *(value[-1:] or ["x"])]
    return {**value, "x": 1}


def _with(place: Key, act: Callable[[Any, Any], None]) -> Any:
    bundle = copy.deepcopy(PROOF)
    inside = bundle
    for key in place[:-1]:
        inside = inside[key]
    act(inside, place[-1])
    return bundle


def _replace(inside: Any, key: Any) -> None:
    inside[key] = _changed(inside[key])


def _remove(inside: Any, key: Any) -> None:
    del inside[key]


def _swap(inside: Any, key: Any) -> None:
    inside[key], inside[key - 1] = inside[key - 1], inside[key]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Signatures that were looked at once are remembered: most changes leave them alone."""
    monkeypatch.setattr(verify_dossier, "is_signed", cache(is_signed))
    return tmp_path


def test_every_change_of_a_value_is_found(folder: Path) -> None:
    # Objects that are neither hashed nor signed may say more in a later release.
    strict = {"document", "detail", "through", "checkpoint"}
    unseen = [
        place
        for place, value in _places(PROOF)
        if (not isinstance(value, dict) or strict & {*place[-1:]})
        and _verify(folder, _with(place, _replace)) == 0
    ]
    assert not unseen


def test_every_removal_is_found_but_of_what_may_be_left_out(folder: Path) -> None:
    unseen = [place for place, _ in _places(PROOF) if place and _verify(folder, _with(place, _remove)) == 0]
    review, payout = PROOF["services"]["review"], PROOF["services"]["payout"]
    assert unseen == [
        ("services", "review"),
        ("services", "review", "events", len(review["events"]) - 1),
        *(("services", "review", "personal", number) for number in range(len(review["personal"]))),
        ("services", "payout"),
        *(("services", "payout", "personal", number) for number in range(len(payout["personal"]))),
    ], "a service, personal values that were erased, and the open end"


def test_every_other_order_is_found(folder: Path) -> None:
    unseen = [
        place
        for place, value in _places(PROOF)
        if place
        and isinstance(place[-1], int)
        and place[-1] > 0
        and place[-2] != "personal"
        and _verify(folder, _with(place, _swap)) == 0
    ]
    assert not unseen


def test_an_event_of_another_dossier_is_found(folder: Path) -> None:
    bundle = copy.deepcopy(PROOF)
    bundle["services"]["review"]["events"] = bundle["services"]["payout"]["events"]
    assert _verify(folder, bundle) == 1


def test_no_two_events_stand_at_one_position(folder: Path) -> None:
    """Whoever knows the form can add to the open end, but not where something stands already."""
    for beside, code in ((1, 0), (0, 1)):
        bundle = copy.deepcopy(PROOF)
        events = bundle["services"]["review"]["events"]
        last = events[-1]
        added = last | {"ordinal": last["ordinal"] + 1, "position": last["position"] + beside}
        event = sha256(b"sangkien event 1\n", canonical(added["document"]))
        position = added["position"].to_bytes(8, "big")
        added["link"] = sha256(b"sangkien link 1\n", bytes.fromhex(last["link"]), event, position).hex()
        events.append(added)
        assert _verify(folder, bundle) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "sangkien-proof/2"}',
        '{"format": "sangkien-proof/1", "x": 1.0}',
        '{"a": 1, "a": 2}',
    ],
)
def test_what_is_no_proof_is_said_to_be_unreadable(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    assert verify_dossier.main([str(file)]) == 2
    assert verify_dossier.main([str(tmp_path / "missing.json")]) == 2
