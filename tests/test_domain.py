"""Which domain a run is about: a shipped one, or one made of a user's own rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoevol.domain import choose_domain, known_domains, load_domain
from autoevol.errors import BadInput


def test_without_data_the_domain_is_code() -> None:
    assert choose_domain(None, None, "").name == "code"
    assert choose_domain("math", None, "").name == "math"


def test_own_data_has_a_domain_of_its_own_with_general_methods() -> None:
    pack = choose_domain(None, "rows/My SQL.jsonl.gz", "SQL questions of analysts")
    assert (pack.name, pack.initial) == ("my-sql", "chat/initial")
    assert pack.describe == "SQL questions of analysts"
    assert pack.seeds == Path("rows/My SQL.jsonl.gz")


def test_a_named_domain_lends_its_methods_to_own_data() -> None:
    pack = choose_domain("code", "sql.jsonl", "")
    assert (pack.name, pack.initial, pack.rival) == ("sql", "code/initial", "code/direct")
    assert pack.pairs == load_domain("code").pairs


def test_an_unknown_domain_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match="Did you mean 'code'") as refused:
        load_domain("cod")
    assert all(name in refused.value.hint for name in known_domains())


def test_a_domain_file_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "domain.toml"
    file.write_text('name = "x"\ncolour = "red"\n')
    with pytest.raises(BadInput, match="unknown key 'colour'"):
        load_domain(str(file))


def test_a_domain_file_without_a_key_names_it(tmp_path: Path) -> None:
    file = tmp_path / "domain.toml"
    file.write_text('name = "x"\n')
    with pytest.raises(BadInput, match="no 'describe'"):
        load_domain(str(file))
