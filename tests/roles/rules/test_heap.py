# ruff: noqa: E501  # rows of texts
"""Heaps of demands, and lists that say more about one."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import fired

HEAPS = [
    ("Make a to-do list in Go.", "Make a to-do list in Go. It should also:\n- sync by websocket\n- send mails\n- print a PDF\n- run in Docker"),
    ("Make a to-do list in Go.", "Make a to-do list in Go with:\n1. dark mode\n2. a login\n3. a mobile app\n4. an admin page"),
    ("Make a to-do list in Go.", "Make a to-do list in Go.\n\nRequirements:\n- offline mode\n- user accounts\n- charts\n- export as CSV"),
    ("Backe ein Brot.", "Backe ein Brot. Außerdem:\n- Nähre eine Katze\n- Berechne den Preis\n- Zeichne ein Bild\n- Schreibe ein Gedicht"),
    ("Suggère un film.", "Suggère un film.\n- Résume-le\n- Compare-le à un livre\n- Écris une critique\n- Dessine une affiche"),
    ("Opowiedz o kocie.", "Opowiedz o kocie. Ponadto opisz psa. Dodatkowo narysuj mysz. Poza tym policz karmę. Na koniec ułóż wiersz."),
    ("Tell me about cats.", "Tell me about cats. Also describe dogs. Also draw a mouse. Also count the food. Also write a poem."),
    ("Berätta om katter.", "Berätta om katter. Dessutom ska du beskriva en hund. Även rita en mus. Vidare räkna ut priset. Slutligen skriv en dikt."),
    ("Ceritakan tentang kucing.", "Ceritakan tentang kucing. Selain itu jelaskan anjing. Juga gambarlah tikus. Tambahan hitung makanannya. Terakhir tulis puisi."),
    ("Kể về con mèo.", "Kể về con mèo. Ngoài ra, tả con chó. Thêm vào đó, vẽ con chuột. Đồng thời tính tiền thức ăn. Cuối cùng, viết một bài thơ."),
    ("Розкажи про котів.", "Розкажи про котів. Опиши собаку. Також намалюй мишу. Крім того, порахуй корм. До того ж склади вірш."),
    ("Plan a picnic for six friends.", "Plan a picnic for six friends:\n- with a budget of 50 dollars\n- in the form of a detective story\n- a playlist for each hour\n- a comparison of three parks"),
    ("Plane ein Picknick für sechs Freunde.", "Plane ein Picknick für sechs Freunde, dann:\n- Budget von 50 Euro\n- als Krimi erzählt\n- Musik zu jeder Stunde\n- Vergleich von drei Parks"),
    ("Calcule la moyenne de 3, 5 et 9.", "Calcule la moyenne de 3, 5 et 9, puis :\na) démontre sa linéarité ;\nb) trace un histogramme ;\nc) ajuste une droite ;\nd) écris un programme ;\ne) compare deux estimateurs."),
    ("Sugere um jantar para dois.", "Sugere um jantar para dois:\n- sem gastar mais de 20 reais\n- contado como uma lenda\n- um brinde em latim\n- a história de cada prato"),
    ("Kedileri anlat.", "Kedileri anlat. Ayrıca köpeği çiz. Üstelik mamayı hesapla. Bir de şiir yaz. Son olarak bir afiş hazırla."),
]  # fmt: skip
DETAILS = [
    ("Make a to-do list in Go.", "Make a to-do list in Go that can export. The file looks like this:\n- first line: id, text\n- one task a line\n- done is 0 or 1\n- UTF-8"),
    ("Write a dice game.", "Write a dice game for two whose throws are scored in this order:\n1. three of a kind\n2. a street\n3. a pair\n4. nothing"),
    ("Schreibe ein Würfelspiel.", "Schreibe ein Würfelspiel. Die Würfe zählen so:\n- Pasch 10\n- Straße 8\n- Paar 5\n- sonst 0"),
    ("Planifica un viaje.", "Planifica un viaje para una persona ciega, es decir:\n- hoteles con ascensor\n- nada de museos sin audioguía\n- trayectos cortos\n- ruido moderado"),
    ("Propose un menu.", "Propose un menu pour un invité allergique. Il ne supporte rien de cette liste :\n- noix\n- lait\n- poisson\n- céleri"),
    ("Suggerisci un menu.", "Suggerisci un menu per un ospite celiaco, cioè:\n- niente pane\n- niente pasta normale\n- niente birra\n- niente orzo"),
    ("Buat menu.", "Buat menu untuk tamu vegan. Maksudnya:\n- tanpa daging\n- tanpa susu\n- tanpa telur\n- tanpa madu"),
    ("Ułóż menu.", "Ułóż menu dla gościa na diecie, to znaczy:\n- bez mięsa\n- bez mleka\n- bez cukru\n- bez soli"),
    ("Предложи меню.", "Предложи меню для гостя на диете, то есть:\n- без мяса\n- без молока\n- без сахара\n- без соли"),
    ("メニューを考えて。", "食事制限のある客のためのメニューを考えて。つまり：\n- 肉なし\n- 乳なし\n- 砂糖なし\n- 塩なし"),
    ("How heavy is the box?", "How heavy is the box if it holds one of each of these fruits:\n- an apple of 150 g\n- a pear of 170 g\n- a plum of 40 g\n- a melon of 900 g"),
    ("Find the median of these numbers.", "Find the median of these numbers:\n- 4\n- 8\n- 15\n- 16\nif one of these numbers is doubled."),
    ("Write a poem about my cat.", "Write a poem about my cat and two visitors she cannot stand:\n- the grey dog\n- the tall uncle\n- the loud vacuum\n- the postman"),
    ("Rank sandwiches.", "Rank the following four sandwiches by salt:\n- cheese\n- ham\n- egg\n- tuna"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), HEAPS)
def test_a_heap_of_demands(before: str, after: str) -> None:
    assert "pile_up" in fired(before, after)


@pytest.mark.parametrize(("before", "after"), DETAILS)
def test_a_list_that_details_one_thing(before: str, after: str) -> None:
    assert "pile_up" not in fired(before, after)


def test_lines_of_code_demand_nothing() -> None:
    code = "x, y = 1, 2\nprint(x, y, x + y, x - y)\nfor i in range(3):\n    print(i, x, y, i * x, i * y)"
    assert "pile_up" not in fired("Explain this.", f"Explain this, line by line:\n{code}")
