"""Texts that change their language, in part or as a whole, and texts that only look so."""

from __future__ import annotations

import pytest

from autoevol.data.seeds import read_seeds
from autoevol.domain import known_domains, load_domain
from autoevol.text.language import change, common, main_script, told
from autoevol.text.structure import Reading

ENGLISH = "Write a short letter to the landlord about the broken heating in our flat."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ENGLISH, "Scrivi una breve lettera al proprietario di casa per il riscaldamento rotto."),
        (ENGLISH, "Schrijf een korte brief aan de huisbaas over de kapotte verwarming in huis."),
        (ENGLISH, "Napisz krótki list do właściciela o zepsutym ogrzewaniu w naszym mieszkaniu."),
        (ENGLISH, ENGLISH + " Außerdem soll der Brief höflich sein und eine Frist von zehn Tagen "
         "nennen, nach der wir die Miete mindern."),
        ("Escribe una carta corta al casero sobre la calefacción rota de nuestro piso.", ENGLISH),
        ("Напиши короткое письмо хозяину квартиры об отоплении.", ENGLISH),
    ],
)  # fmt: skip
def test_another_language_shows(before: str, after: str) -> None:
    assert change(Reading(before), Reading(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ENGLISH, ENGLISH + " Mention the café, the déjà vu of last winter, and Frau Müller."),
        ("Sort a list.", "Sort a list recursively."),
        ("python vs julia", "python vs julia for numerical work: which one, and why?"),
        ("x^2 + 3x = 0", "x^2 + 3x = 0, with x in the integers modulo 7"),
        ("Écris une lettre courte au propriétaire.",
         "Écris une lettre courte au propriétaire sur le chauffage, sans le mot « froid »."),
        ("Bir listeyi sıralayan bir fonksiyon yaz.",
         "Bir listeyi yerinde sıralayan ve kararlı olan bir fonksiyon yaz."),
    ],
)  # fmt: skip
def test_the_same_language_shows_nothing(before: str, after: str) -> None:
    assert change(Reading(before), Reading(after)) == ""


def test_scripts_and_common_words_are_told_apart() -> None:
    assert main_script("これは日本語の文章です。漢字も少しあります。") == "kana"
    assert main_script("ok") == ""
    assert common(Reading("Wie viele Beine haben die Tiere auf dem Hof?")) == "de"
    assert common(Reading("12 + 30")) == ""


@pytest.mark.parametrize("name", known_domains())
def test_a_language_is_told_rightly_or_not_at_all(name: str) -> None:
    items = read_seeds(load_domain(name)).items
    said = [(told(item.text), item.lang) for item in items]
    assert all(found in ("", lang) for found, lang in said)
    assert sum(bool(found) for found, _ in said) > 0.9 * len(said)
    assert {lang for found, lang in said if found} == {item.lang for item in items}


@pytest.mark.parametrize(
    "text", ["", "Sort a list.", "12 + 7 = ?", "```\nfor i in range(9): f(i)\n```"]
)
def test_a_few_words_or_code_alone_tell_no_language(text: str) -> None:
    assert told(text) == ""
