"""Endpoints: names, addresses, keys, and what a file from somebody else may not do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, Unauthorised, UsageError
from autoevol.llm.endpoint import Endpoint, normalised
from autoevol.llm.endpoints import load_endpoints, resolve
from autoevol.llm.trust import remembering

KEYS = {"OPENAI_API_KEY": "sk-open", "ANTHROPIC_API_KEY": "sk-ant", "MY_KEY": "mine"}


def write(folder: Path, text: str) -> dict[str, Endpoint]:
    file = folder / "autoevol.toml"
    file.write_text(text, encoding="utf-8")
    return load_endpoints(file)


def yes(_: str) -> bool:
    return True


def test_a_provider_lives_at_its_own_address_with_its_own_key() -> None:
    found = resolve("openai/gpt-4o", {}, env=KEYS)
    assert found.endpoint.base_url == "https://api.openai.com/v1"
    assert (found.model, found.api_key) == ("gpt-4o", "sk-open")
    found = resolve("anthropic/claude-opus-5", {}, env=KEYS)
    assert found.endpoint.base_url == "https://api.anthropic.com"
    assert (found.endpoint.kind, found.api_key) == ("anthropic", "sk-ant")


def test_a_models_name_may_hold_slashes() -> None:
    assert resolve("openai/Qwen/Qwen3-8B", {}, env=KEYS).model == "Qwen/Qwen3-8B"


def test_flag_beats_environment_beats_default() -> None:
    env = {**KEYS, "OPENAI_BASE_URL": "http://env:1/v1"}
    assert resolve("openai/m", {}, env=env).endpoint.base_url == "http://env:1/v1"
    found = resolve("openai/m", {}, "http://flag:2/v1/", env)
    assert (found.endpoint.base_url, found.api_key) == ("http://flag:2/v1", "sk-open")


def test_the_flag_is_for_openai_models_only() -> None:
    found = resolve("anthropic/m", {}, "http://flag:2/v1", KEYS)
    assert found.endpoint.base_url == "https://api.anthropic.com"


def test_an_address_of_ones_own_needs_no_key() -> None:
    assert resolve("openai/m", {}, "http://127.0.0.1:8000/v1", {}).api_key == "none"
    env = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:8000/v1"}
    found = resolve("anthropic/m", {}, env=env)
    assert found.api_key == "none"
    assert found.endpoint.base_url == "http://127.0.0.1:8000"  # its SDK adds the /v1


@pytest.mark.parametrize(("model", "variable"), [("openai/m", "OPENAI"), ("anthropic/m", "ANTHR")])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_key_names_its_variable(model: str, variable: str, value: str | None) -> None:
    env = {} if value is None else {f"{name}_API_KEY": value for name in ("OPENAI", "ANTHROPIC")}
    with pytest.raises(Unauthorised, match=variable) as caught:
        resolve(model, {}, env=env)
    assert caught.value.exit_status == 4


def test_a_key_with_a_line_end_is_used_without_it() -> None:
    assert resolve("openai/m", {}, env={"OPENAI_API_KEY": "sk-open\n"}).api_key == "sk-open"


@pytest.mark.parametrize("value", ["sk-a\nsk-b", "sk ab", "sk-ä"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(Unauthorised, match="OPENAI_API_KEY") as caught:
        resolve("openai/m", {}, env={"OPENAI_API_KEY": value})
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize("model", ["gpt-4o", "openai/", "openai/ ", "/m", ""])
def test_a_model_without_provider_or_name_is_bad_usage(model: str) -> None:
    with pytest.raises(UsageError, match="PROVIDER/NAME"):
        resolve(model, {}, env=KEYS)


def test_an_unknown_provider_names_the_known_ones(tmp_path: Path) -> None:
    mine = write(tmp_path, "[endpoints.mine]\nbase_url = 'http://h/v1'")
    with pytest.raises(
        UsageError, match=r"'opnai'.*openai, anthropic, bedrock, vertex, local, fake, mine"
    ) as caught:
        resolve("opnai/gpt-4o", mine, env=KEYS)
    assert caught.value.exit_status == 2


def test_every_setting_of_a_file_arrives(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "[endpoints.mine]",
            "kind = 'openai'",
            "base_url = 'HTTPS://LLM.Example:443/v1/'",
            "api_key_env = 'MY_KEY'",
            "headers = { X-Team = 'a' }",
            "extra_body = { top_k = 20, nested = { a = [1, 2.5] } }",
            "max_inflight = 4",
            "rpm = 60",
            "tpm = 1e6",
            "price = { input = 0.15, output = 0.6, cached = 0.05 }",
            "service_tier = 'flex'",
            "timeout_s = 30",
        ]
    )
    mine = write(tmp_path, text)["mine"]
    assert mine.base_url == "https://llm.example/v1"
    assert mine.price is not None
    assert (mine.price.input, mine.price.output) == (Decimal("0.15"), Decimal("0.6"))
    assert mine.price.cached == Decimal("0.05")
    assert (mine.max_inflight, mine.rpm, mine.tpm, mine.timeout_s) == (4, 60, 1e6, 30)
    assert (mine.service_tier, mine.headers) == ("flex", {"X-Team": "a"})
    assert mine.extra_body == {"top_k": 20, "nested": {"a": [1, 2.5]}}
    assert not mine.trusted
    found = resolve("mine/m", {"mine": mine}, env=KEYS, confirm=yes)
    assert found.api_key == "mine"
    assert found.endpoint.trusted


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("base_ulr = 'http://h'", "unknown key 'base_ulr'.*base_url"),
        ("trusted = true", "unknown key 'trusted'"),
        ("kind = 'azure'", "kind cannot be 'azure'.*openai"),
        ("base_url = 'ftp://h/v1'", "no address"),
        ("base_url = 'http://user:word@h/v1'", "password"),
        ("base_url = 'http://h:port/v1'", "no address"),
        ("base_url = 3", "base_url cannot be 3"),
        ("headers = { a = 1 }", "headers"),
        ("max_inflight = 0", "max_inflight cannot be 0"),
        ("max_inflight = 1.5", "whole number"),
        ("rpm = true", "rpm"),
        ("timeout_s = -1", "timeout_s"),
        ("timeout_s = nan", "timeout_s"),
        ("price = { input = 1 }", "price"),
        ("price = { input = 1, cached = 1 }", "price"),
        ("price = { input = 1, output = 2, batch = 1 }", "price"),
        ("price = { input = 1, output = '2' }", "price"),
    ],
)
def test_a_bad_setting_is_named_with_file_and_table(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        write(tmp_path, f"[endpoints.mine]\n{line}")
    assert "autoevol.toml: [endpoints.mine]" in str(caught.value)
    assert "word" not in caught.value.message.replace("password", "")


@pytest.mark.parametrize("name", ["openai", "local", "fake", '"a/b"', '""'])
def test_some_names_are_taken_or_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot have that name"):
        write(tmp_path, f"[endpoints.{name}]\nbase_url = 'http://h/v1'")


@pytest.mark.parametrize("text", ["[endpoints", "endpoints = 3", "[endpoints]\nmine = 3"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"autoevol\.toml"):
        write(tmp_path, text)


def test_no_file_is_fine_unless_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_endpoints() == {}
    with pytest.raises(BadInput, match=r"other\.toml"):
        load_endpoints(Path("other.toml"))
    (tmp_path / "autoevol.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"autoevol\.toml"):
        load_endpoints()


def test_an_address_from_a_file_must_be_confirmed(tmp_path: Path) -> None:
    mine = write(tmp_path, "[endpoints.mine]\nbase_url='http://h:8/v1'\napi_key_env='MY_KEY'")
    for confirm in (None, lambda _: False):
        with pytest.raises(UsageError, match=r"h:8.*--trust-config"):
            resolve("mine/m", mine, env=KEYS, confirm=confirm)
    asked: list[str] = []

    def confirm_all(line: str) -> bool:
        asked.append(line)
        return True

    resolve("mine/m", mine, env=KEYS, confirm=confirm_all)
    assert asked == ["http://h:8 (key from MY_KEY)"]
    safe = write(tmp_path, "[endpoints.mine]\nbase_url='https://h:8/v1'\napi_key_env='MY_KEY'")
    resolve("mine/m", safe, env=KEYS, confirm=confirm_all)
    assert asked[1:] == ["h:8 (key from MY_KEY)"], "encrypted is another line than unencrypted"


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"])
def test_a_providers_own_key_never_goes_to_an_address_from_a_file(
    tmp_path: Path, variable: str
) -> None:
    text = f"[endpoints.mine]\nbase_url='http://h/v1'\napi_key_env='{variable}'"
    with pytest.raises(UsageError, match=variable):
        resolve("mine/m", write(tmp_path, text), env=KEYS, confirm=yes)


def test_without_a_variable_of_its_own_no_key_is_sent(tmp_path: Path) -> None:
    mine = write(tmp_path, "[endpoints.mine]\nbase_url='http://h/v1'")
    assert resolve("mine/m", mine, env=KEYS, confirm=yes).api_key == "none"


def test_a_table_without_an_address_means_the_provider_itself(tmp_path: Path) -> None:
    mine = write(tmp_path, "[endpoints.flex]\nservice_tier = 'flex'")
    found = resolve("flex/gpt-4o", mine, env=KEYS)
    assert found.endpoint.base_url == "https://api.openai.com/v1"
    assert (found.api_key, found.endpoint.service_tier) == ("sk-open", "flex")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com:8443/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com@evil.example/v1",
    ],
)
def test_a_look_alike_is_not_the_provider(tmp_path: Path, address: str) -> None:
    text = f"[endpoints.mine]\nbase_url='{address}'\napi_key_env='OPENAI_API_KEY'"
    with pytest.raises((UsageError, BadInput)):
        resolve("mine/m", write(tmp_path, text), env=KEYS, confirm=yes)


def test_a_yes_is_remembered_and_a_no_is_not_kept(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(line: str) -> bool:
        asked.append(line)
        return line != "bad"

    store = tmp_path / "deep" / "confirmed"
    confirm = remembering(answer, store)
    assert [confirm(line) for line in ("good", "good", "bad", "bad")] == [True, True, False, False]
    assert asked == ["good", "bad"]
    assert remembering(lambda _: False, store)("good")
    assert not remembering(lambda _: False, store)("bad")


def test_a_yes_is_for_one_file_and_holds_where_it_cannot_be_kept(tmp_path: Path) -> None:
    store = tmp_path / "confirmed"
    assert remembering(lambda _: True, store, "/a.toml")("h:8")
    assert remembering(lambda _: False, store, "/a.toml")("h:8")
    for file in ("/b.toml", "", "/a.toml\n"):
        assert not remembering(lambda _: False, store, file)("h:8")
    assert not remembering(lambda _: False, store, "/a.toml")("h:9")
    nowhere = remembering(lambda _: True, store / "a file is no folder", "/a.toml")
    assert [nowhere("h:8"), nowhere("h:8")] == [True, True]


def test_who_answers_depends_on_address_and_fixed_body() -> None:
    plain = Endpoint("a", "openai", "http://h/v1")
    assert plain.identity == Endpoint("b", "openai", "http://h/v1").identity == "http://h/v1"
    one = Endpoint("a", "openai", "http://h/v1", extra_body={"a": 1, "b": 2})
    same = Endpoint("a", "openai", "http://h/v1", extra_body={"b": 2, "a": 1})
    other = Endpoint("a", "openai", "http://h/v1", extra_body={"a": 1})
    assert one.identity == same.identity
    assert len({plain.identity, one.identity, other.identity}) == 3


def test_one_address_has_one_spelling() -> None:
    wanted = "http://llm.example/V1"
    for text in ("http://LLM.example/V1", "HTTP://llm.example:80/V1/", " http://llm.example/V1// "):
        assert normalised(text, "openai") == wanted
    assert normalised("http://[::1]:8000/v1", "openai") == "http://[::1]:8000/v1"


@pytest.mark.parametrize("text", ["http://0 /", "http:// /", "http://h/ /v1", "http://h\u00a0/"])
def test_an_address_with_a_space_in_it_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        normalised(text, "openai")


@given(st.text(max_size=40) | st.text(max_size=30).map("http://{}".format))
@settings(max_examples=150, deadline=None)
def test_any_text_is_an_address_or_bad_usage(text: str) -> None:
    try:
        address = normalised(text, "openai")
    except UsageError:
        return
    assert normalised(address, "openai") == address
