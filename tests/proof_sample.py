"""Records the sample of this release: `python -m tests.proof_sample`. Only a new form of proofs needs a new
one; the old ones stay, and verify for ever."""

import asyncio
import json
import tempfile
from pathlib import Path

from tests.conftest import TestIssuer, cluster, service_opener
from tests.history_cases import MatterMoved
from tests.proof_cases import SAMPLE, proven


async def _record() -> None:
    with tempfile.TemporaryDirectory() as blobs:
        async with (
            cluster() as postgres,
            proven(postgres, service_opener(postgres, TestIssuer()), Path(blobs)) as found,
        ):
            await found.chain_and_sign()
            review = found.histories["review"]
            await review.record(MatterMoved(step=3), found.case.id)
            await review.chain()
            text = json.dumps(await found.bundle(), ensure_ascii=False, indent=1)
    SAMPLE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_record())
