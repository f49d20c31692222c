"""The key of a call: the plain JSON of all that can change an answer, whatever it is made of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from autoevol.llm.messages import Message, Request

PIECES = st.sampled_from(['"messages": null', '"messages": ', "\\", '"', "\ud800", "é", "$method"])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=4).map("".join)


@given(
    identity=TEXTS,
    model=TEXTS,
    messages=st.lists(st.builds(Message, st.sampled_from(["system", "user"]), TEXTS), max_size=3),
    stop=st.lists(TEXTS, max_size=2),
    schema=st.none() | TEXTS,
)
def test_a_key_is_the_digest_of_plain_json(
    identity: str, model: str, messages: list[Message], stop: list[str], schema: str | None
) -> None:
    request = Request(model, tuple(messages), "judge", 1, stop=tuple(stop), schema=schema)
    fields = {name: value for name, value in asdict(request).items() if name != "role"}
    plain = json.dumps([identity, fields], sort_keys=True, ensure_ascii=True)
    assert request.key(identity) == hashlib.sha256(plain.encode()).hexdigest()
