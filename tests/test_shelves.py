"""Everything on the shelves is sound: methods, domain packs and what they name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from autoevol import frontmatter
from autoevol.domain import known_domains, load_domain
from autoevol.methods import lint, load_method, read_method

TOP = Path(__file__).parent.parent
METHODS = sorted((TOP / "methods").glob("*/*.md"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", METHODS, ids=name_of)
def test_a_method_is_sound_and_lies_where_its_head_says(path: Path) -> None:
    method = read_method(path)
    assert (method.domain, method.name) == (path.parent.name, path.stem)
    assert lint(method) == []


@pytest.mark.parametrize("path", METHODS, ids=name_of)
def test_a_head_is_yaml(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head, _ = frontmatter.parse(text, str(path))
    assert yaml.safe_load(text.split("---\n")[1]) == head


@pytest.mark.parametrize("path", METHODS, ids=name_of)
def test_a_handwritten_method_says_where_it_comes_from_and_a_learned_one_what_it_did(
    path: Path,
) -> None:
    method = read_method(path)
    if method.kind == "handwritten":
        assert method.head.get("reference")
    else:
        measured = {"run", "evolver", "failure_rate", "score", "confirm_items"}
        assert measured <= method.head.keys()


def test_the_shelf_is_not_empty_and_holds_nothing_else() -> None:
    files = {p for p in (TOP / "methods").rglob("*") if p.is_file()}
    assert METHODS
    assert files == set(METHODS)


@pytest.mark.parametrize("name", known_domains())
def test_a_domain_names_methods_that_exist_and_files_that_are_there(name: str) -> None:
    pack = load_domain(name)
    assert pack.name == name
    assert load_method(pack.initial).domain == name
    assert load_method(pack.rival).domain == name
    assert pack.initial != pack.rival
    assert pack.seeds.is_file()
    # Fewer could not tell a judge from chance.
    assert sum(pair.harder is not None for pair in pack.pairs) >= 40
    assert {rated.rating for rated in pack.rated} == {1, 2, 3, 4, 5}
