"""The filters of `evolve`: ROUGE-L against rouge-score's own loop, and every filter at scale.

    python benchmarks/filters.py [--small 5000] [--large 100000] [--out FILE]

Texts are made of the sentences of our own seeds and zoo, put together by a fixed seed, with a word
of their own here and there; every eighth is an edited copy of an earlier one. Where the environment
has AUTOEVOL_SHARED_DATA, the real instructions of that folder are measured too.

Self-Instruct's loop scores a new text against every kept one with rouge-score. Over `--small` texts
that takes hours, so its time is that of a sample of its pairs, times their number; decisions are
compared in full with rouge-score's loop over the first texts, and over all of them with a loop that
takes every pair's longest common subsequence without any bound, whose scores must be rouge-score's
on the sample. Times are processor time of one process; only ratios mean much.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq
from rouge_score.rouge_scorer import RougeScorer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol.evolving.filters.benchmarks import Benchmarks  # noqa: E402
from autoevol.evolving.filters.likeness import Memory, admit  # noqa: E402
from autoevol.evolving.filters.near import Near  # noqa: E402
from autoevol.evolving.filters.rouge import RougeL, f_measure, tokens  # noqa: E402

Json = dict[str, Any]
AIMS = {"times_faster": 200, "large_minutes": 10}
PAIRS, FULL = 3000, 250
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def own_sentences() -> list[str]:
    """Sentences of our seeds and of the zoo's rewrites, each once."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "autoevol/domains").glob("*/seeds.jsonl")):
        for line in path.open(encoding="utf-8"):
            found |= dict.fromkeys(SENTENCE.split(json.loads(line)["instruction"]))
    for path in sorted((ROOT / "benchmarks/zoo").glob("*.jsonl")):
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            found |= dict.fromkeys(SENTENCE.split(f"{row['seed']}\n{row['evolved']}"))
    return [text for text in found if 4 <= len(text.split()) <= 40]


def own_texts(count: int) -> Iterator[str]:
    """Two to four sentences each; every eighth an earlier text with a few words changed."""
    draw, sentences = random.Random(11), own_sentences()
    words = sorted({word for text in sentences for word in text.split()})
    recent: list[str] = []
    for number in range(count):
        if number % 8 == 7:
            text = draw.choice(recent).split()
            for _ in range(max(1, len(text) // draw.choice((4, 8, 12)))):
                text[draw.randrange(len(text))] = draw.choice(words)
            yield " ".join(text)
            continue
        # A word of its own in every sentence, as tasks have: names, numbers, things.
        parts = [text.split() for text in draw.sample(sentences, draw.randint(2, 4))]
        for part in parts:
            for _ in range(max(1, len(part) // 4)):
                part[draw.randrange(len(part))] = draw.choice(words)
        recent.append(" ".join(word for part in parts for word in part))
        yield recent[-1]


def real_texts(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("full/*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found += [json.loads(line).get("instruction") or "" for line in file]
    random.Random(0).shuffle(found)
    return [text for text in found if text.strip()]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def verdicts(memory: Memory, texts: Sequence[str]) -> list[bool]:
    return [admit(memory, text) is None for text in texts]


def in_full(texts: Sequence[str], score: Callable[[str, str], float]) -> list[bool]:
    """Self-Instruct's loop: a text is kept when no kept one scores 0.7 or more with it."""
    pool: list[str] = []
    kept = []
    for text in texts:
        kept.append(all(score(earlier, text) < 0.7 for earlier in pool))
        if kept[-1]:
            pool.append(text)
    return kept


def without_bounds(texts: Sequence[str]) -> list[bool]:
    """The same loop by bit-parallel LCS of every pair."""
    ids: dict[str, int] = {}
    pool: list[str] = []
    kept = []
    for text in texts:
        mine = "".join(chr(ids.setdefault(token, len(ids))) for token in tokens(text))
        alike = any(
            f_measure(LCSseq.similarity(mine, other), len(mine), len(other)) >= 0.7
            for other in pool
            if mine and other
        )
        kept.append(not alike)
        if not alike:
            pool.append(mine)
    return kept


def against_rouge_score(texts: Sequence[str]) -> Json:
    scorer = RougeScorer(["rougeL"])

    def score(earlier: str, text: str) -> float:
        return float(scorer.score(earlier, text)["rougeL"].fmeasure)

    ours, kept = timed(lambda: verdicts(RougeL(), texts))
    pairs = sum(sum(kept[:at]) for at in range(len(texts)))
    draw = random.Random(3)
    places = [place for place, is_kept in enumerate(kept) if is_kept]
    sample = []
    while len(sample) < PAIRS:  # as the loop has them: any text with any kept one before it
        new, old = draw.randrange(len(texts)), draw.choice(places)
        if old < new:
            sample.append((texts[old], texts[new]))
    seconds, scores = timed(lambda: [score(*pair) for pair in sample])
    same_scores = all(found == exactly(*pair) for pair, found in zip(sample, scores, strict=True))
    unbounded, all_pairs = timed(lambda: without_bounds(texts))
    few = texts[:FULL]
    return {
        "texts": len(texts),
        "words_each": round(sum(len(text.split()) for text in texts) / len(texts), 1),
        "kept": sum(kept),
        "pairs_of_the_loop": pairs,
        "ours_s": round(ours, 3),
        "rouge_score_ms_a_pair": round(1000 * seconds / PAIRS, 4),
        "rouge_score_s_extrapolated": round(seconds / PAIRS * pairs, 1),
        "times_faster": round(seconds / PAIRS * pairs / ours, 1),
        "rapidfuzz_without_bounds_s": round(unbounded, 3),
        "scores_equal_on_sampled_pairs": same_scores,
        "decisions_equal_to_rouge_score_on_first": FULL,
        "decisions_equal_there": in_full(few, score) == kept[:FULL],
        "decisions_equal_to_all_pairs": all_pairs == kept,
    }


def exactly(earlier: str, text: str) -> float:
    one, other = tokens(earlier), tokens(text)
    if not one or not other:
        return 0.0
    return f_measure(LCSseq.similarity(one, other), len(other), len(one))


def at_scale(texts: Sequence[str], folder: Path) -> Json:
    """Every filter over the same texts, one after the other."""
    found: Json = {"texts": len(texts)}
    seconds, kept = timed(lambda: verdicts(RougeL(), texts))
    found["rouge"] = {"s": round(seconds, 1), "kept": sum(kept)}
    for name, exact in (("minhash", False), ("exact", True)):
        memory = Near(folder / f"{name}.sqlite", exact_only=exact)

        def work(memory: Near = memory) -> list[bool]:
            kept = []
            for number, text in enumerate(texts):
                kept.append(admit(memory, text, f"{number:032x}") is None)
                if memory.keys.due():
                    memory.keys.cover(number)
            memory.keys.cover(len(texts))
            return kept

        seconds, kept = timed(work)
        memory.keys.close()
        size = (folder / f"{name}.sqlite").stat().st_size
        found[name] = {
            "s": round(seconds, 1),
            "us_a_text": round(1e6 * seconds / len(texts), 1),
            "kept": sum(kept),
            "bytes_a_text": round(size / len(texts), 1),
        }
    bench = folder / "bench.jsonl"
    tasks = own_texts(20_000)
    bench.write_text("".join(json.dumps({"task": text}) + "\n" for text in list(tasks)[-5000:]))
    seconds, marks = timed(lambda: Benchmarks([bench]))
    each, hits = timed(lambda: Counter(marks.hit(text) is not None for text in texts))
    found["benchmark_words"] = {
        "benchmark_rows": 5000,
        "reading_s": round(seconds, 2),
        "us_a_text": round(1e6 * each / len(texts), 1),
        "hits": hits[True],
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["peak_mb_of_all"] = round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--small", type=int, default=5000)
    options.add_argument("--large", type=int, default=100_000)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/filters.json")
    given = options.parse_args()
    found: Json = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "aims": AIMS,
        "own": against_rouge_score(list(own_texts(given.small))),
    }
    print(json.dumps(found["own"], indent=2))
    shared = os.environ.get("AUTOEVOL_SHARED_DATA")
    if shared:
        found["real"] = against_rouge_score(real_texts(Path(shared))[: given.small])
        print(json.dumps(found["real"], indent=2))
    with tempfile.TemporaryDirectory() as place:
        found["large"] = at_scale(list(own_texts(given.large)), Path(place))
    print(json.dumps(found["large"], indent=2))
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
