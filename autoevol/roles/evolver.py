"""The evolver: applies a method to an instruction.

Decides how a method and an instruction become one call, and how the final text is taken out of the
answer. The output contract is in `prompts/evolver.md`, outside the method, so no rewriting of a
method can break it. Whether the result is any good is left to `eliminator` and `scorer`.
Source: Auto Evol-Instruct (arXiv 2406.00770), section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autoevol.errors import Unavailable, lasting
from autoevol.forms import EMPTY, Pool, form_of, share_of
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request
from autoevol.prompts import Prompt
from autoevol.types import Evolution, Instruction, Method, Spent, digest_of

TAG = "evolved"
TAGS = (TAG, "instruction")
"""What stands between tags in `prompts/evolver.md`: the result, and what it is made from."""
SECOND = "A second instruction, material as well:\n<second>\n$second\n</second>\n"
GUIDANCE = "Guidance for this instruction: $guidance\n"


@dataclass(frozen=True, slots=True)
class Evolver:
    """`max_tokens` caps one rewrite, preparation included; `temperature` None leaves it out.
    `pool` is what methods draw from that need more than the instruction."""

    client: Client
    model: str
    prompt: Prompt
    max_tokens: int = 1024
    temperature: float | None = 0.0
    effort: str | None = None
    pool: Pool = EMPTY

    async def evolve(
        self,
        instruction: Instruction,
        method: Method,
        sample: int = 0,
        guidance: str = "",
        round: int = 1,
        made_of: Sequence[str] = (),
    ) -> Evolution:
        """Rewrite one instruction once; one call. Guidance that is given replaces drawn guidance;
        `made_of` are the texts that are in the instruction already (see `forms.share_of`).

        A call that cannot be completed gives an Evolution with `unknown` set; an answer without a
        closed final section gives one with an empty `after` (a format break, see `eliminator`).

        Raises:
            BadInput: the method joins two instructions and the pool holds no second one.
            AutoevolError: systemic errors of the door (budget, unreachable, unauthorised, …).
        """
        share = share_of(
            method, instruction, self.pool, sample=sample, round=round, made_of=made_of
        )
        if guidance:
            share = replace(share, guidance=guidance)
        tag = free_tag(instruction.text + share.partner)
        request = Request(
            model=self.model,
            messages=framed(
                self.prompt,
                share.text,
                instruction.text,
                beside=beside(share.partner, share.guidance),
                aim=form_of(method).aim,
                tag=tag,
            ),
            role="evolver",
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            effort=self.effort,
            sample=sample,
        )
        nothing = Instruction("", instruction.id, instruction.lang)
        joined = () if share.second is None else (share.second,)
        try:
            answer = await self.client.complete(request)
        except Unavailable as error:
            why = f"evolver: {error.message}"
            stays = lasting(error)
            return Evolution(instruction, nothing, unknown=why, lasting=stays, joined=joined)
        text = final_section(answer.text, tag)
        used = answer.usage
        return Evolution(
            before=instruction,
            after=Instruction(text, digest_of(text)[7:23], instruction.lang),
            raw=answer.text,
            reasoning=answer.reasoning,
            evolver_finish=answer.finish,
            output_tokens=used.output,
            input_tokens=used.input,
            spent=Spent(used.input, used.output, used.reasoning, used.cached, answer.cost),
            joined=joined,
        )


def framed(
    prompt: Prompt, method: str, instruction: str, *, beside: str, aim: str, tag: str
) -> tuple[Message, Message]:
    """The two messages that ask for a rewrite: `prompt` filled.

    The method stands first and the instruction last but for one line: all before it is the same for
    every item, so prefix caches hit. Without the line after it, small models answer the instruction
    instead of rewriting it.
    """
    before, after = prompt.halves()
    static = before.fill(method=method.strip(), tag=tag)
    item = after.fill(instruction=instruction, guidance=beside, aim=aim, tag=tag)
    return Message("system", static), Message("user", item)


def beside(partner: str, guidance: str) -> str:
    """What follows the instruction: the second one and the guidance, each if there is one."""
    said = ""
    if partner:
        said += Prompt("second", SECOND).fill(second=partner)
    if guidance:
        said += Prompt("guidance", GUIDANCE).fill(guidance=guidance)
    return said


def final_section(answer: str, tag: str = TAG) -> str:
    """The text in the last closed pair of `<tag>`…`</tag>`, '' where there is none.

    The last pair counts because methods may let the evolver draft before it decides.
    """
    end = answer.rfind(f"</{tag}>")
    if end < 0:
        return ""
    start = answer.rfind(f"<{tag}>", 0, end)
    if start < 0:
        return ""
    return answer[start + len(tag) + 2 : end].strip()


def free_tag(text: str) -> str:
    """A tag that does not occur in the instruction, so that hostile text cannot close it."""
    number = 0
    tag = TAG
    while f"{tag}>" in text:
        number += 1
        tag = f"{TAG}-{number}"
    return tag
