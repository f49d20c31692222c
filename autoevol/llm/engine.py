"""The door worn as a DSPy engine.

The doorkeeper of dspy (with the two programs in `roles`): a DSPy program built on `language_model`
sends every call through `Client.complete`, so ledger, budget, retries and bill are ours and DSPy's
own are off. What the programs ask is left to them.
"""

from __future__ import annotations

import os
from typing import Any, NoReturn

# dspy asks the network for a price map unless it is told to use the one it ships.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "true")

import dspy
from dspy import lm15

from autoevol.errors import AutoevolError, Unavailable
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request, Speaker

_FINISH = {"stop": "stop", "length": "length", "thinking": "length", "overflow": "length"}


class _SyncRefused:
    """DSPy wants a synchronous engine beside the asynchronous one; autoevol never calls it."""

    def complete(self, request: object) -> NoReturn:
        raise RuntimeError("autoevol is async: await program.acall(...)")

    def stream(self, request: object) -> NoReturn:
        raise RuntimeError("autoevol does not stream through DSPy")

    def close(self) -> None:
        return None


class _Engine:
    def __init__(self, client: Client, request: Request) -> None:
        self._client = client
        self._form = request

    async def complete(self, request: Any) -> Any:
        form = self._form
        answer = await self._client.complete(
            Request(
                model=form.model,
                messages=_messages(request),
                role=form.role,
                max_tokens=form.max_tokens,
                temperature=form.temperature,
                top_p=form.top_p,
                schema=form.schema,
                effort=form.effort,
                sample=form.sample,
            )
        )
        finish = _FINISH.get(answer.finish, "content_filter")
        return lm15.Response(
            id=None,
            model=form.model,
            message=lm15.Message.assistant(answer.text or " "),
            finish_reason=finish,
            usage=lm15.Usage(answer.usage.input, answer.usage.output),
        )

    def stream(self, request: object) -> NoReturn:
        raise RuntimeError("autoevol does not stream through DSPy")

    async def aclose(self) -> None:
        return None


def _messages(request: Any) -> tuple[Message, ...]:
    messages: list[Message] = []
    if request.system:
        system = request.system
        text = system if isinstance(system, str) else "".join(part.text for part in system)
        messages.append(Message("system", text))
    for message in request.messages:
        speaker: Speaker = "assistant" if message.role == "assistant" else "user"
        messages.append(Message(speaker, message.text or ""))
    return tuple(messages)


async def ask_program(program: Any, client: Client, form: Request, /, **inputs: Any) -> Any:
    """Run one DSPy program through the door and return its prediction.

    Args:
        program: a `dspy.Module`.
        client: the door.
        form: model, role, caps, schema and sample of the call; its messages are ignored.
        inputs: the program's input fields.

    Raises:
        AutoevolError: ours, unwrapped from DSPy's own.
        Unavailable: the answer could not be parsed as the program's outputs.
    """
    engine = _Engine(client, form)
    # "openai/x" only satisfies dspy's parser of names; the engine decides who is asked.
    lm = dspy.LM("openai/x", engine=_SyncRefused(), async_engine=engine, cache=False, num_retries=0)
    try:
        with dspy.context(lm=lm, adapter=dspy.JSONAdapter(), track_usage=False):
            return await program.acall(**inputs)
    except Exception as error:
        raise _ours(error) from error


def _ours(error: BaseException) -> AutoevolError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AutoevolError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return Unavailable(f"The answer could not be read ({type(error).__name__}).")
