# ruff: noqa: E501  # rows of texts
"""Texts that stop before their end, and whole ones that look like it."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import fired

CUT = [
    ("name 3 birds", "Name 3 birds that live by the sea and say which of them must"),
    ("name 3 birds", "Name 3 birds for a quiz in which every player who has lost a round should"),
    ("sag mir drei Vögel", "Nenne drei Vögel, die am Meer leben, sowie"),
    ("di tres aves", "Di tres aves que viven junto al mar, y para cada una indica el color de los"),
    ("di tres aves", "Di tres aves para un juego en el que cada jugador perdedor debe"),
    ("cite trois oiseaux", "Cite trois oiseaux de mer, leur poids et un mot que chaque enfant doit"),
    ("cite trois oiseaux", "Cite trois oiseaux de mer qui nichent dans les"),
    ("wymień trzy ptaki", "Wymień trzy ptaki, które żyją nad morzem, oraz"),
    ("wymień trzy ptaki", "Wymień trzy ptaki morskie i dodaj, ile każdy z nich musi"),
    ("назови трёх птиц", "Назови трёх птиц, которые живут у моря, и для каждой укажи, чем она питается и"),
    ("назови трёх птиц", "Назови трёх птиц, причём каждый ответ должен"),
    ("nämn tre fåglar", "Nämn tre fåglar som lever vid havet samt"),
    ("üç kuş say", "Deniz kıyısında yaşayan üç kuş say, renklerini yaz ve"),
    ("kể tên ba loài chim", "Kể tên ba loài chim biển, cho biết chúng ăn gì và"),
    ("tính 3 + 4", "Tính 3 + 4 rồi nhân kết quả với hai số nguyên tố nhỏ nhất và năm"),
    ("add two dice", "Add two dice and compare the sum with what two coins show and four"),
    ("addiere zwei Würfel", "Addiere zwei Würfel und vergleiche mit einem Wurf aus drei Münzen und vier"),
    ("sebutkan tiga burung", "Sebutkan tiga burung laut dan makanan yang dimakan oleh"),
    ("새 세 마리 말해줘", "바닷가에 사는 새 세 마리를 말해줘. 그중 하나는 사람들이 싫어하는 이유를"),
    ("鳥を三つ挙げて", "海辺に住む鳥を三つ挙げて、それぞれの食べ物および"),
    ("鳥を三つ挙げて", "海辺に住む鳥を三つ挙げて、一番小さい鳥の鳴き声を"),
    ("说三种鸟", "说出三种海鸟，它们的食物，以及"),
    ("differentiate x^2", "Differentiate x^2 and use it to show that for x > 1 one has x^2 ≥"),
    ("differentiate x^2", "Differentiate x^2 and compare it with the slope of 3x +"),
    ("derive x·ln(x)", "Derive x·ln(x) and show that x·ln(x) ≥ -"),
    ("name 3 birds", "Name 3 birds and how each one (if it can be heard by day"),
    ("fix parse()", "Fix parse() so that an empty line is skipped and `parse_"),
    ("name 3 birds", "Name 3 birds by the sea, with their weight and/"),
]  # fmt: skip
WHOLE = [
    ("escreve um poema", "escreve um poema onde nenhum verso tenha a letra a"),
    ("write a poem", "write a poem in which no word has the letter e"),
    ("write a poem", "write a poem where each line starts with a"),
    ("solve it", "solve 2x + y = 7 for whole numbers x and y"),
    ("count vowels", "count vowels, where a letter with accent counts as the vowel under it"),
    ("write a login page", "write a login page that tells a user why they can not log in"),
    ("what is a fork", "what is a fork in git and what would I use it for"),
    ("what is a fork", "what is a fork, when do I need one and which repo does it belong to"),
    ("plan a party", "plan a party that costs no more than it should"),
    ("plan a party", "plan a party as cheap as you can and say who I should talk to"),
    ("sort a list", "sort a list in C++"),
    ("sort a list", "sort a list with no sort() in Notepad++ or C++"),
    ("film ideas", "film ideas for the whole family, rated 12+"),
    ("list the files", "list the files in /var/log/nginx/"),
    ("open the page", "open the page https://example.org/docs/"),
    ("write a header", "write a header that ends in <br>"),
    ("mean of two numbers", "mean of two numbers between three and four"),
    ("mean of two numbers", "mean of two numbers, one of them the sum of two and four"),
    ("explain it", "explain it to a child of four"),
    ("draw an interval", "draw the interval (0, 3] and its complement"),
    ("say hi :(", "say hi to Tom in two words, he is sad :("),
    ("48과 36의 최대공약수", "48과 36의 최대공약수를 구하고 영어로도 설명해줘"),
    ("가을 시 써줘", "네 줄짜리 시를 써줘, 주제는 가을"),
    ("詩を書いて", "詩を書いて、四行以内で、敬語なしで"),
    ("求和", "求从1到100所有奇数的和"),
    ("dis moi quoi faire", "dis moi quoi faire de mon chien quand il pleut et explique-le"),
    ("schreib was", "schreib was über Wölfe, das ein Kind versteht und hör damit nicht auf"),
    ("dime algo", "dime algo del mar y explícame por que"),
    ("kafe adı bul", "kafe adı bul, çocuklar için, tek kelime olsun"),
    ("हिंदी में लिखो", "तीन पंक्तियाँ लिखो, आसान हिंदी में"),
    ("คำนวณ", "คำนวณพื้นที่และบอกวิธีคิด"),
    ("Nenne drei Vögel.", "Nenne drei Vögel, die am Meer leben."),
    ("海の鳥を挙げてください。", "海辺に住む鳥を三つ、鳴き声と食べ物も一緒に教えてください"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CUT)
def test_a_text_that_stops_before_its_end(before: str, after: str) -> None:
    assert "unfinished" in fired(before, after)


@pytest.mark.parametrize(("before", "after"), WHOLE)
def test_a_whole_text(before: str, after: str) -> None:
    assert "unfinished" not in fired(before, after)
