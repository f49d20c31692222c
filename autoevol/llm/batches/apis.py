"""Whose batches a provider has.

Decides which protocol of batches goes with which provider. The protocols are in files of their own.
"""

from __future__ import annotations

from autoevol.llm.anthropic import AnthropicProvider
from autoevol.llm.batches.anthropic import AnthropicBatches
from autoevol.llm.batches.api import BatchApi
from autoevol.llm.batches.openai import OpenAIBatches
from autoevol.llm.clouds import CloudProvider
from autoevol.llm.openai import OpenAIProvider
from autoevol.llm.provider import Provider


def batch_api(provider: Provider) -> BatchApi | None:
    """The provider's batches, None where it has none (embedded and scripted models, clouds)."""
    if isinstance(provider, OpenAIProvider):
        return OpenAIBatches(*provider.at_work())
    if isinstance(provider, AnthropicProvider) and not isinstance(provider, CloudProvider):
        return AnthropicBatches(*provider.at_work())
    return None
