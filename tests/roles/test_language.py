"""Texts that change their language, in part or as a whole, and texts that only look so."""

from __future__ import annotations

import pytest

from autoevol.roles.language import change, common, main_script
from autoevol.roles.text import Reading

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
