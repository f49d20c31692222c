# ruff: noqa: E501  # rows of texts
"""Names of code and bare lines of it: gone, exchanged, or still there."""

from __future__ import annotations

import pytest

from autoevol.roles.rules.bare import code
from tests.roles.evolutions import fired

GONE = [
    ("Write `load_user(id)` for Flask.", "Write `fetch_user(id)` for Flask that caches its result."),
    ("Schreibe eine Funktion `lies_datei(pfad)`.", "Schreibe eine Funktion `lade_datei(pfad)`, die bei leeren Dateien None liefert."),
    ("Escribe calcular_iva(precio) en PHP.", "Escribe calcular_impuesto(precio) en PHP y redondea a dos decimales."),
    ("Why does getUserName return null?", "Why does getUserTitle return null, and how would a default help?"),
    ("Напиши SQL для таблицы `orders`.", "Напиши SQL для таблицы `clients` без подзапросов."),
    ("Add a column tax_rate to df_items.", "Add a column tax_share to df_items, rounded to cents."),
    ("Fasse df_kunden nach alter_jahre zusammen.", "Fasse die Tabelle nach Land und Stadt zusammen und sortiere sie."),
    ("`max_len` を引数に取る関数を書いて。", "`max_size` を引数に取る関数を再帰なしで書いて。"),
]  # fmt: skip
KEPT = [
    ("Write `load_user(id)` for Flask.", "Write `load_user(id, cache)` for Flask that caches its result in `cache`."),
    ("Write load_user for Flask.", "Write `load_user` for Flask, with a helper `drop_user`."),
    ("Port getUserName to Python.", "Port getUserName to Python, calling it get_user_name, with type hints."),
    ("Write a function, e.g. `merge_two(a, b)`.", "Write a function `join_two(a, b)` that is stable."),
    ("Schreibe eine Funktion, z. B. `misch_zwei(a, b)`.", "Schreibe eine Funktion `fuege_zwei(a, b)` ohne sorted."),
    ("Rename `tmp_val` to something clearer.", "Rename `tmp_val` to something clearer in every test, too."),
    ("Solve x_1 + x_2 = 5 and x_1 - x_2 = 1.", "Solve x₁ + x₂ = 5 and x₁ − x₂ = 1 by two ways, without matrices. (5, 1)"),
    ("Explain JavaScript closures.", "Explain closures in JavaScript with a counter, and how a GitHub action tests it."),
    ("Use `sorted` on a list.", "Sort a list of pairs by the second part with sorted()."),
    ("What does map(f, xs) do?", "What does map(f, xs) do when xs is empty, and what does filter(f, xs)?"),
]  # fmt: skip
BARE = [
    ("Why is this slow?\nSELECT * FROM orders o JOIN users u ON o.uid = u.id", "Why is the join slow and which index would help?"),
    ("Was macht das?\n.kopf { color: red; }\n.fuss { margin: 0; }", "Erkläre, was der Stil bewirkt, und mache ihn kürzer."),
    ("Qu'est-ce que ça fait ?\ngrep -rn TODO src | wc -l", "Explique la commande et une variante plus rapide."),
    ("Explain it\nfor i in range(3):\n    print(items[i])", "Explain what the loop prints and rewrite it with enumerate."),
    ("Почему ошибка?\nconst total = sum(prices);", "Почему возникает ошибка и как её поймать?"),
    ("これは何？\ndocker run -it --rm alpine sh", "コマンドの意味と、安全な別の書き方を説明して。"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [*GONE, *BARE])
def test_what_was_named_or_shown_is_gone(before: str, after: str) -> None:
    assert "dropped_block" in fired(before, after)


@pytest.mark.parametrize(("before", "after"), KEPT)
def test_what_was_named_is_there(before: str, after: str) -> None:
    assert "dropped_block" not in fired(before, after)


@pytest.mark.parametrize("row", BARE, ids=lambda row: row[0][:20])
def test_bare_code_that_is_there(row: tuple[str, str]) -> None:
    lines = row[0].partition("\n")[2]
    assert "dropped_block" not in fired(row[0], f"{row[1]}\n\n{lines.replace('  ', ' ')}")


@pytest.mark.parametrize(
    "line",
    [
        "Make a list of all birds by the sea.",
        "Find the longest word (in letters), then sort.",
        "- one egg; two if small;",
        "Title: The Sea",
        "Select three books from the list.",
        "for my aunt, who is ill:",
        "x is larger than y",
        "Dear Tom,",
    ],
)
def test_words_are_no_code(line: str) -> None:
    assert not code(line)
