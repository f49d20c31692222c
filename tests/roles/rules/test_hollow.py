# ruff: noqa: E501  # rows of texts
"""Answers that are forms without contents, and answers in the same form that hold something."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import fired

HOLLOW = [
    ("Suggest five gifts for a gardener.", "Here are five gifts for a gardener:\n\n1."),
    ("Suggest five gifts for a gardener.", "Gifts:\n\n- "),
    ("Nenne vier Ausflugsziele im Harz.", "Ausflugsziele: 1. 2. 3. 4."),
    ("Find the roots of x^2 - 9 = 0 and their product.", "## Roots\n\n## Product\n"),
    ("Work out the tip and the total.", "**Step 1: The tip**\n\n**Step 2: The total**"),
    ("Erkläre die drei Schritte der Gärung.", "**Schritt 1**\n**Schritt 2**\n**Schritt 3**"),
    ("Combien de côtés a un octogone régulier ?", "Combien de côtés a un octogone régulier."),
    ("用一句话介绍长城的历史。", "用一句话介绍长城的历史"),
    ("Write a Python function that merges two dicts.", "```python\ndef merge(a, b):\n    # merge them here\n    pass\n```"),
    ("Write a Java method that counts vowels.", "```java\npublic int vowels(String s) {\n    // TODO: count\n    return 0;\n}\n```"),
    ("Escribe en Go una función que invierta un texto.", "```go\nfunc Reverse(s string) string {\n\t// tu código aquí\n\treturn s\n}\n```\nEspero que ayude."),
    ("Write it in Rust.", "```rust\nfn parse(text: &str) -> u32 {\n    todo!()\n}\n```"),
    ("Write a sort in TypeScript without the built-in one.", "```ts\nexport function sort(list: number[]): number[] {\n  throw new NotImplementedError()\n}\n```"),
]  # fmt: skip
HELD = [
    ("Name three moons of Jupiter.", "1. Io\n2. Europa\n3. Ganymede"),
    ("Put these steps in order: 1 boil, 2 pour, 3 grind.", "3. 1. 2."),
    ("Name two cats and their colours.", "**Minka**\n**Mohr**"),
    ("Find the roots of x^2 - 9 = 0.", "## Roots\n\n3 and -3"),
    ("Which number is next: 1, 2, 3?", "4."),
    ("What does `pass` do in Python?", "```python\ndef nothing():\n    pass  # the body may not be empty\n```"),
    ("Write a stub for a parser in Python.", "```python\ndef parse(text):\n    # to be written\n    pass\n```"),
    ("Write a Python function that returns nothing when the list is empty.", "```python\ndef first(xs):\n    # the caller checks for None\n    return xs[0] if xs else None\n```"),
    ("Repeat: the sky is blue.", "The sky is blue."),
    ("Write a C struct for a point.", "```c\nstruct point {\n    int x;\n    int y;\n};\n```"),
    ("What goes wrong here?\n\n```python\ndef f(x):\n    pass\n```", "It never returns `x`:\n\n```python\ndef f(x):\n    return x\n```"),
    ("Write a bash loop that waits for a file.", "```bash\n# every second\nuntil [ -e ready ]; do sleep 1; done\n```"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "answer"), HOLLOW)
def test_a_form_without_contents_is_trivial(task: str, answer: str) -> None:
    assert "trivial" in fired(task, task, answer, response_finish="stop")


@pytest.mark.parametrize(("task", "answer"), HELD)
def test_a_form_that_holds_something_is_not(task: str, answer: str) -> None:
    assert "trivial" not in fired(task, task, answer, response_finish="stop")


def test_an_answer_that_was_cut_may_go_on() -> None:
    task, answer = HOLLOW[0]
    assert "trivial" not in fired(task, task, answer, response_finish="length")
