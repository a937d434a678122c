"""RC2 in CBC mode, to open the PKCS#12 files of twenty years, whose certificates lie under RC2 with 40 bits.

Own code, because the library has the cipher only with 128 bits and OpenSSL 3 only in a provider that is
seldom there. It decrypts and no more: nothing is written with it, and it protects nothing.

Source: RFC 2268.
"""

from __future__ import annotations

# RFC 2268 section 2, PITABLE.
_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)
_BLOCK = 8
_SHIFTS = (1, 2, 3, 5)
_MIXES_BEFORE_MASH = (5, 6, 5)


def decrypt_cbc(key: bytes, effective_bits: int, iv: bytes, data: bytes) -> bytes:
    """Return the plain text, padding included.

    Args:
        effective_bits: length that the key is cut to in its expansion: 40, 64 or 128.

    Raises:
        ValueError: `data` is no whole number of blocks, or the initialisation vector is no block.
    """
    if len(data) % _BLOCK or len(iv) != _BLOCK:
        raise ValueError("no whole blocks")
    expanded = _expand(key, effective_bits)
    plain = bytearray()
    previous = iv
    for at in range(0, len(data), _BLOCK):
        block = data[at : at + _BLOCK]
        clear = _decrypt(expanded, block)
        plain += bytes(a ^ b for a, b in zip(clear, previous, strict=True))
        previous = block
    return bytes(plain)


def _expand(key: bytes, effective_bits: int) -> list[int]:
    """Section 2: the key as 64 words."""
    octets = bytearray(key)
    for at in range(len(key), 128):
        octets.append(_PI[(octets[at - 1] + octets[at - len(key)]) & 0xFF])
    length = (effective_bits + 7) // 8
    mask = 0xFF >> (8 * length - effective_bits)
    octets[128 - length] = _PI[octets[128 - length] & mask]
    for at in range(127 - length, -1, -1):
        octets[at] = _PI[octets[at + 1] ^ octets[at + length]]
    return [octets[2 * at] | octets[2 * at + 1] << 8 for at in range(64)]


def _decrypt(key: list[int], block: bytes) -> bytes:
    """Section 4: one block."""
    words = [int.from_bytes(block[at : at + 2], "little") for at in range(0, _BLOCK, 2)]
    at = 63
    for number, mixes in enumerate(_MIXES_BEFORE_MASH):
        for _ in range(mixes):
            for place in (3, 2, 1, 0):
                shift = _SHIFTS[place]
                word = words[place]
                word = (word >> shift | word << (16 - shift)) & 0xFFFF
                before, second, third = words[place - 1], words[place - 2], words[place - 3]
                words[place] = (word - key[at] - (before & second) - (~before & third)) & 0xFFFF
                at -= 1
        if number < 2:
            for place in (3, 2, 1, 0):
                words[place] = (words[place] - key[words[place - 1] & 63]) & 0xFFFF
    return b"".join(word.to_bytes(2, "little") for word in words)
