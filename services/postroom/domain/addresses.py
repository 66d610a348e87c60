"""Which addresses we call: none but those of the public Internet, judged by what a name leads to.

The tables are the registries' own, so that what is refused does not change with the version of a library."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SPECIAL_IPV4: Final = {
    "0.0.0.0/8": "this network (RFC 791)",
    "10.0.0.0/8": "private (RFC 1918)",
    "100.64.0.0/10": "shared, behind a carrier's translation (RFC 6598)",
    "127.0.0.0/8": "loopback (RFC 1122)",
    "169.254.0.0/16": "link-local; where clouds keep their secrets (RFC 3927)",
    "172.16.0.0/12": "private (RFC 1918)",
    "192.0.0.0/24": "protocol assignments (RFC 6890)",
    "192.0.2.0/24": "documentation (RFC 5737)",
    "192.31.196.0/24": "AS112 (RFC 7535)",
    "192.52.193.0/24": "multicast tunnelling (RFC 7450)",
    "192.88.99.0/24": "6to4 relays, deprecated (RFC 7526)",
    "192.168.0.0/16": "private (RFC 1918)",
    "192.175.48.0/24": "AS112 (RFC 7534)",
    "198.18.0.0/15": "benchmarking (RFC 2544)",
    "198.51.100.0/24": "documentation (RFC 5737)",
    "203.0.113.0/24": "documentation (RFC 5737)",
    "224.0.0.0/4": "multicast (RFC 5771)",
    "240.0.0.0/4": "reserved, with the limited broadcast (RFC 1112, RFC 8190)",
}
"""IANA IPv4 special-purpose address registry, and multicast."""
SPECIAL_IPV6: Final = {
    "::/96": "unspecified, loopback and IPv4-compatible (RFC 4291)",
    "::ffff:0:0/96": "IPv4-mapped (RFC 4291)",
    "::ffff:0:0:0/96": "IPv4-translated (RFC 2765)",
    "64:ff9b::/96": "NAT64: hides an IPv4 address (RFC 6052)",
    "64:ff9b:1::/48": "local NAT64 (RFC 8215)",
    "100::/64": "discard only (RFC 6666)",
    "100:0:0:1::/64": "dummy prefix (RFC 9780)",
    "2001::/23": "protocol assignments, with Teredo, benchmarking and ORCHID (RFC 2928)",
    "2001:db8::/32": "documentation (RFC 3849)",
    "2002::/16": "6to4: hides an IPv4 address (RFC 3056)",
    "2620:4f:8000::/48": "AS112 (RFC 7534)",
    "3fff::/20": "documentation (RFC 9637)",
    "5f00::/16": "segment routing (RFC 9602)",
    "fc00::/7": "unique local (RFC 4193)",
    "fe80::/10": "link-local (RFC 4291)",
    "fec0::/10": "site-local, deprecated (RFC 3879)",
    "ff00::/8": "multicast (RFC 4291)",
}
"""IANA IPv6 special-purpose address registry, the forms that hide an IPv4 address, site-local and
multicast."""
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA has allocated for global unicast: whatever lies outside is nobody's on the Internet."""
_IPV4: Final = tuple(IPv4Network(network) for network in SPECIAL_IPV4)
_IPV6: Final = tuple(IPv6Network(network) for network in SPECIAL_IPV6)


def is_url_allowed(url: str, *, loopback: bool) -> bool:
    """https to a host of any name; plain http, and this machine itself, only where `loopback` is allowed (an
    embedded instance).

    A user name in the address, or a fragment, is refused: they serve to make an address look like another.
    What a name leads to is judged when it is resolved.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        not host
        or port == 0
        or "@" in parts.netloc
        or parts.fragment
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        return False
    if host in _LOOPBACK_NAMES:
        return loopback and parts.scheme in {"http", "https"}
    return parts.scheme == "https" and _is_name_or_public(host)


def _is_name_or_public(host: str) -> bool:
    try:
        return is_address_allowed(ip_address(host), loopback=False)
    except ValueError:
        return True


def is_address_allowed(address: Address, *, loopback: bool) -> bool:
    """Against being used to reach what lies behind our own wall: an address that is in no registry of special
    purposes. `loopback` lets this machine itself through, for an embedded instance."""
    if any(address in network for network in _LOOPBACK):
        return loopback
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _IPV4)
    if address.scope_id or address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _IPV6)


def first_allowed(addresses: Iterable[str], *, loopback: bool) -> str | None:
    """The address to connect to; None unless every address of the name may be called, so that a name with one
    bad one is not tried."""
    found = [ip_address(address) for address in addresses]
    if not found or not all(is_address_allowed(address, loopback=loopback) for address in found):
        return None
    return str(found[0])
