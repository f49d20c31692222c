# ruff: noqa: E501  # rows of texts
"""The seed again in other words, and a real condition in few words."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import fired

AGAIN = [
    ("Simplify 6x/3y.", "Simplify the following expression: 6x/3y."),
    ("Solve x^2 = 9.", "Solve the following equation: x² = 9."),
    ("Löse 3x + 2 = 11.", "Löse bitte die folgende Gleichung: 3x + 2 = 11."),
    ("Resuelve 3x + 2 = 11.", "Resuelve la siguiente ecuación: 3x + 2 = 11."),
    ("Упрости (a + b)^2 - a^2.", "Пожалуйста, упрости следующее выражение: (a + b)^2 - a^2."),
    ("Sederhanakan (a + b)^2.", "Tolong sederhanakan ekspresi berikut ini: (a + b)^2."),
    ("Write a Rust program that prints its own name and then the date.", "Please write a program in Rust which prints out its own name, and then prints the date."),
    ("Ada has twice as many pens as Bo. How many pens does each of them have?", "Ada has two times as many pens as Bo has. How many pens does each one of them have?"),
    ("Python में सूची को उलटने का प्रोग्राम लिखिए।", "सूची को उलटने के लिए Python में एक प्रोग्राम लिखिए।"),
    ("Java ile iki sayının toplamını bulan program yaz.", "İki sayının toplamını bulan bir program yaz Java ile lütfen."),
    ("Viết chương trình Java đảo ngược một chuỗi.", "Hãy viết giúp tôi một chương trình đảo ngược chuỗi bằng Java nhé."),
    ("Napisz program, który odwraca tekst.", "Proszę, napisz mi program, który odwraca tekst."),
    ("Skriv ett program som vänder en text.", "Kan du skriva ett program som vänder på en text?"),
    ("Напиши програму, яка перевертає рядок.", "Будь ласка, напиши мені програму, яка перевертає рядок."),
]  # fmt: skip
MORE = [
    ("Simplify 6x/3y.", "Simplify 6x/3y without writing a fraction."),
    ("Write a poem about rain.", "Write a poem about rain without the word rain."),
    ("Round 3.46 to a whole number.", "Round up 3.46 to a whole number."),
    ("How many seats are in two rows?", "How many seats are in two rows but one?"),
    ("Each book is one inch thick. How thick are six?", "Each book is one inch thick. How thick are six in a row in millimetres?"),
    ("Sort a list of names.", "Sort a list of names in reverse."),
    ("Name five birds of Finland.", "List five birds of Finland, only songbirds."),
    ("Schreibe ein Gedicht über Regen.", "Schreibe ein Gedicht über Regen ohne Reime."),
    ("Напиши стихотворение о дожде.", "Напиши стихотворение о дожде без глаголов."),
    ("Napisz wiersz o deszczu.", "Napisz wiersz o deszczu bez czasowników."),
    ("Yağmur hakkında bir şiir yaz.", "Yağmur hakkında kafiyesiz bir şiir yaz."),
    ("Viết bài thơ về mưa.", "Viết bài thơ về mưa không dùng chữ mưa."),
    ("Tulis puisi tentang hujan.", "Tulis puisi tentang hujan tanpa rima."),
    ("How many legs do 7 spiders have?", "How many legs do 7 spiders have if two have lost one?"),
    ("बारिश पर कविता लिखिए।", "बारिश पर बिना तुक की कविता लिखिए।"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), AGAIN)
def test_the_seed_again(before: str, after: str) -> None:
    assert "identity" in fired(before, after)


@pytest.mark.parametrize(("before", "after"), MORE)
def test_a_condition_in_few_words(before: str, after: str) -> None:
    assert "identity" not in fired(before, after)
