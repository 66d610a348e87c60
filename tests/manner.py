"""What must not be in a Vietnamese sentence for people."""

import re

ADDRESS = re.compile(r"(https?://|/v1/|\./sangkien |GET |POST )\S*")
NAMES = {
    *(
        "ASCII",
        "CSV",
        "DDE",
        "DOC",
        "DOCX",
        "PPTX",
        "HEIC",
        "HTTPS",
        "ID",
        "JPEG",
        "JSON",
        "PDF",
        "PNG",
        "QR",
        "SHA",
        "SK",
        "TCVN",
        "TLS",
        "TOTP",
    ),
    *(
        "URL",
        "DATABASE_URL",
        "ROLE_PREFIX",
        "SANGKIEN_DATA",
        "UTC",
        "UTF",
        "UUID",
        "VNI",
        "XLSX",
        "XML",
        "NFC",
        "HTTP",
        "UBND",
        "NĐ",
        "CP",
        "QĐ",
        "TT",
        "BKHCN",
        "BTC",
        "II",
        "MB",
    ),
}
"""Names of things, which are the same in every language."""
CODE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)*\b")
WRONG = {
    "an id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}"),
    "a day for programs": re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
    "a decimal point": re.compile(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])"),
    "a name of code": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "an article as software writes it": re.compile(r"Điều \d+\.\d"),
    "another spelling": re.compile(r"(?<![qQ])[uU][ỳýỷỹỵ]\b|\b([xX]o|[kK]ho|[hH]o|[tT]o|[tT]ho)[àáảãạ]\b"),
    "English": re.compile(
        r"\b(the|of|and|is|are|clock|dossier|office|reasons?|ground|propose|deadline|webhook id|state)\b"
    ),
}


def faults(text: str) -> list[str]:
    """What must not be in a sentence for people."""
    plain = ADDRESS.sub("", text)
    found = [f"{what}: {match[0]}" for what, wrong in WRONG.items() if (match := wrong.search(plain))]
    return found + [f"a code: {code}" for code in CODE.findall(plain) if code not in NAMES]
