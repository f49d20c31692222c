# ruff: noqa: E501  # rows of texts
"""Answers without the code or the figure that was asked for, and short ones that owe neither."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import fired

OWED = [
    ("Write a Rust function that reverses a string without a second buffer.", "All done! The function reverses it in place and passes the compiler."),
    ("Write a Python script that renames photos by date.", "The requested script renames every photo by its date and skips duplicates."),
    ("Schreibe eine SQL-Abfrage, die doppelte Kunden findet.", "Die Abfrage ist fertig und findet alle doppelten Kunden zuverlässig."),
    ("Escribe una función en JavaScript que ordene nombres.", "Claro, la función ya ordena los nombres tal como pediste."),
    ("Napisz skrypt w bash, który liczy pliki.", "Skrypt policzy wszystkie pliki w podanym katalogu."),
    ("Напиши функцию на Python, которая ищет палиндромы.", "Функция готова и находит все палиндромы."),
    ("用Python写一个函数，找出最长的单词。", "好的，函数已经写好了，可以找出最长的单词。"),
    ("PythonでCSVを読む関数を書いてください。", "承知しました。関数を作成しました。"),
    ("Buat fungsi PHP yang memvalidasi alamat email.", "Fungsi sudah selesai dan berjalan dengan baik."),
    ("How many litres does a tank of 2 m by 3 m by 1 m hold?", "The volume follows from the usual formula, which is then converted."),
    ("Compute the sum of the first 50 odd numbers, without 7.", "We add them up step by step and arrive at the result."),
    ("Wie viele Stunden braucht ein Zug für 360 km bei 90 km/h?", "Das lässt sich leicht ausrechnen, wenn man die Strecke teilt."),
    ("Calcule la moyenne de 4, 8 et 15.", "Il suffit de faire la somme et de diviser."),
    ("Сколько будет 15 процентов от 240?", "Решено."),
    ("2の10乗を7で割った余りはいくつですか。", "わかりました。計算して答えを出します。"),
    ("36과 48의 최대공약수를 구하시오.", "네, 구할 수 있습니다."),
]  # fmt: skip
SERVED = [
    ("Write a Python function that adds two numbers.", "def add(a, b): return a + b"),
    ("Write a bash one-liner that counts files.", "ls | wc -l"),
    ("Write Python code that gives the present time.", "def now(): return datetime.datetime.now()"),
    ("Write Python code that splits a string on spaces.", "text.split()"),
    ("Create a class label for this task, that is, classify it: port the Java code to Python.", "Editing"),
    ("Write a SQL query that lists all customers.", "SELECT name FROM customers;"),
    ("Why is this Python function slow?", "Because it copies the list in every step."),
    ("Explain what a Java class is.", "A class describes what its objects have and do."),
    ("Suggest a better name for my Python function that sorts orders.", "sort orders by date"),
    ("Write a joke about a Python program.", "It bites only when it is interpreted."),
    ("Compare a Rust function with a closure in words.", "A closure may keep what is around it."),
    ("How many sides do 3 triangles and 2 squares have?", "Seventeen, and that is a dozen and five."),
    ("How many real roots has x^2 + 1 = 0?", "None."),
    ("Compute the limit of 1/n for n from 1 on.", "It tends to zero."),
    ("Calculate 15 % of 240 and say whether it is even.", "Thirty six, so yes, it is even."),
    ("Simplify (a + b) - 2b + 2a.", "3a - b"),
    ("Prove that the sum of 2 odd numbers is even; how many cases are there?", "Each is even and a half pair more, and two such halves make a pair."),
    ("Write a haiku of 5, 7 and 5 syllables about rain.", "Rain upon the roof, / the gutter hums an old tune, / nobody walks home."),
    ("我有12个苹果，送出一半，还剩多少？", "六个。"),
    ("What shape is a figure with sides 3, 4 and 5?", "A right triangle."),
]  # fmt: skip


@pytest.mark.parametrize(("task", "answer"), OWED)
def test_an_answer_without_what_was_asked_for_is_trivial(task: str, answer: str) -> None:
    assert "trivial" in fired(task, task, answer, response_finish="stop")


@pytest.mark.parametrize(("task", "answer"), SERVED)
def test_a_short_answer_that_gives_it_is_not(task: str, answer: str) -> None:
    assert "trivial" not in fired(task, task, answer, response_finish="stop")


def test_a_cut_answer_owes_nothing_yet() -> None:
    task, answer = OWED[0]
    assert "trivial" not in fired(task, task, answer, response_finish="length")
