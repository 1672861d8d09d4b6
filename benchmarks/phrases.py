"""Phrases in posts

100,000 phrases against posts in English, Russian and Arabic, on one core. First the stages of the
whole job: normalising, matching on whole words, finding the spans in the original text of those that
match. Then the matcher alone beside pyahocorasick, in turns, on the same normalised texts: as they
come, and with the same whole-word rule applied to what pyahocorasick finds. Last, how the time grows
with the number of posts; an exponent of 1 means that each post costs the same.

`python benchmarks/phrases.py [--rows N] [--phrases N]` runs it alone; N posts is the largest size.
Posts come from the shared data (`$MARSAD_DATA`, else `../shared/data`), else they are generated.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import pickle
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from marsad.find.phrases.automaton import Phrase, PhraseAutomaton
from marsad.find.phrases.spans import original_spans
from marsad.records.normalise import normalise, normalise_all

SEED = 1
BATCH = 10_000
TURNS = 5
DATA = Path(
    os.environ.get("MARSAD_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--phrases", type=int, default=100_000)
    given = options.parse_args()
    generator = random.Random(SEED)
    posts, origin = real_posts()
    if not posts:
        posts, origin = generated_posts(generator), "generated, for want of the shared data"
    generator.shuffle(posts)
    phrases = draw_phrases(posts, given.phrases, generator)
    print(f"Posts: {origin}. Phrases: {len(phrases):,}, 99 of 100 of words put together at random.\n")
    automaton = build(phrases)
    sample = list(islice(cycle(posts), min(given.rows, 50_000)))
    stages(automaton, sample)
    beside_a_peer(automaton, phrases, sample)
    growth(automaton, posts, given.rows)


def real_posts() -> tuple[list[str], str]:
    """Posts of the shared data, an equal number in English, in other languages and in Arabic."""
    trolls = DATA / "networks" / "trolls_2015_2016.parquet"
    arabic = DATA / "text" / "arsarcasm_ar.csv"
    if not (trolls.is_file() and arabic.is_file()):
        return [], ""
    import pyarrow.parquet as pq

    table = pq.read_table(trolls, columns=["text", "language"]).to_pydict()
    rows = list(zip(table["text"], table["language"], strict=True))
    english = [text for text, language in rows if text and language == "English"]
    others = [text for text, language in rows if text and language != "English"]
    with arabic.open(encoding="utf-8", newline="") as file:
        posts = [row["tweet"] for row in csv.DictReader(file)]
    half = min(len(english), len(others))
    return (
        english[:half] + others[:half] + list(islice(cycle(posts), half)),
        f"a third each English, other languages (Russian most) and Arabic, from {DATA.name}/",
    )


def generated_posts(generator: random.Random, count: int = 100_000) -> list[str]:
    """Posts of made-up words, a third each in Latin, Cyrillic and Arabic letters."""
    alphabets = ("etaoinshrdlucmfw", "оеаинтсрвлкмдпуя", "ابتجحدرزسشصعغفقكلمنهوي")
    vocabularies = [
        ["".join(generator.choices(letters, k=generator.randint(2, 9))) for _ in range(20_000)]
        for letters in alphabets
    ]
    weights = [1 / rank for rank in range(1, 20_001)]
    return [
        " ".join(generator.choices(vocabularies[i % 3], weights, k=generator.randint(5, 25)))
        for i in range(count)
    ]


def draw_phrases(posts: list[str], count: int, generator: random.Random) -> list[Phrase]:
    """Distinct phrases of two to four words: one in a hundred stands in a post as it is."""
    sample = [text.split() for text in generator.sample(posts, min(len(posts), 50_000))]
    words = [word for split in sample for word in split if len(word) > 3 and word.isalpha()]
    texts: dict[str, None] = {}
    while len(texts) < count:
        length = generator.randint(2, 4)
        if len(texts) % 100:
            texts[" ".join(generator.choices(words, k=length))] = None
            continue
        split = generator.choice(sample)
        at = generator.randrange(len(split) or 1)
        taken = " ".join(split[at : at + length])
        if normalise(taken):
            texts[taken] = None
    return [Phrase(text) for text in texts]


def build(phrases: list[Phrase]) -> PhraseAutomaton:
    """The automaton, with how long it takes to make, and to hand to another process."""
    automaton, took = timed(lambda: PhraseAutomaton(phrases))
    pickled, took_dump = timed(lambda: pickle.dumps(automaton))
    _, took_load = timed(lambda: pickle.loads(pickled))
    print("| the automaton | |\n| --- | ---: |")
    print(f"| built from {len(phrases):,} phrases, normalising them | {took:.2f} s |")
    print(f"| pickled, {len(pickled) / 1e6:.0f} MB, and loaded | {took_dump + took_load:.2f} s |\n")
    return automaton


def stages(automaton: PhraseAutomaton, posts: list[str]) -> None:
    """Posts a second of each stage and of all together."""
    seconds: dict[str, list[float]] = {}

    def stage(name: str, work: Callable[[], list]) -> list:
        result, took = timed(work)
        seconds.setdefault(name, []).append(took)
        return result

    for _ in range(TURNS):
        texts = fresh(posts)
        normalised = stage("normalise", lambda: normalise_all(texts))
        matches = stage("match on whole words", lambda: automaton.match(normalised))
        hits = [i for i, found in enumerate(matches) if found]
        stage("spans of those that match", lambda: [spans(posts[i], matches[i]) for i in hits])
    total = [sum(turn) for turn in zip(*seconds.values(), strict=True)]
    print("| stage | posts/s | µs a post |\n| --- | ---: | ---: |")
    for name, times in {**seconds, "**all**": total}.items():
        print(f"| {name} | {len(posts) / median(times):,.0f} | {per_post(times, posts):.1f} |")
    print(f"\n{len(posts):,} posts, {len(hits) / len(posts):.1%} of which match.\n")


def beside_a_peer(automaton: PhraseAutomaton, phrases: list[Phrase], posts: list[str]) -> None:
    """The matcher and pyahocorasick in turns, on texts that neither has seen."""
    try:
        import ahocorasick
    except ImportError:
        print("pyahocorasick is not installed: no comparison (it comes with the dev extra).\n")
        return
    peer = ahocorasick.Automaton()
    for number, phrase in enumerate(phrases):
        text = normalise(phrase.text)
        peer.add_word(text, (number, len(text)))
    peer.make_automaton()
    contestants: dict[str, Callable[[list[str]], list]] = {
        "marsad, whole words": automaton.match,
        "pyahocorasick, anywhere": lambda texts: [list(peer.iter(text)) for text in texts],
        "pyahocorasick, whole words": lambda texts: [whole_words(peer, text) for text in texts],
    }
    normalised = normalise_all(posts)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(TURNS):
        for name, match in contestants.items():
            texts = fresh(normalised)
            seconds[name].append(timed(lambda: match(texts))[1])
    print("| the matcher alone | posts/s | times marsad's time |\n| --- | ---: | ---: |")
    first = median(seconds["marsad, whole words"])
    for name, times in seconds.items():
        print(f"| {name} | {len(posts) / median(times):,.0f} | {median(times) / first:.2f} |")
    print()


def whole_words(peer, text: str) -> list[tuple[int, int, int]]:
    """What pyahocorasick finds, without what begins or ends inside a word."""
    found = []
    for last, (number, length) in peer.iter(text):
        start, end = last + 1 - length, last + 1
        if start and in_word(text[start - 1]) and in_word(text[start]):
            continue
        if end < len(text) and in_word(text[end]) and in_word(text[last]):
            continue
        found.append((number, start, end))
    return found


def in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def growth(automaton: PhraseAutomaton, posts: list[str], most: int) -> None:
    """The whole job over ten times as many posts each time, in batches."""
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= most] or [most]
    points = []
    print("| posts | seconds | posts/s |\n| ---: | ---: | ---: |")
    for size in sizes:
        took = sum(timed(lambda b=batch: screen(automaton, b))[1] for batch in batches(posts, size))
        points.append((math.log(size), math.log(took)))
        print(f"| {size:,} | {took:.2f} | {size / took:,.0f} |")
    if len(points) > 1:
        print(f"\nGrowth exponent {slope(points):.2f}.")


def screen(automaton: PhraseAutomaton, posts: list[str]) -> list[tuple[int, list]]:
    """Normalised, matched, and the spans of what matches: the whole job for one batch."""
    matches = automaton.match(normalise_all(posts))
    return [(i, spans(posts[i], found)) for i, found in enumerate(matches) if found]


def spans(post: str, matches) -> list[tuple[int, int]]:
    return original_spans(post, [(match.start, match.end) for match in matches])


def batches(posts: list[str], size: int) -> Iterator[list[str]]:
    """``size`` posts, again from the start when they run out."""
    rows = islice(cycle(posts), size)
    while batch := list(islice(rows, BATCH)):
        yield fresh(batch)


def fresh(texts: list[str]) -> list[str]:
    """Copies, so that no string carries over the UTF-8 form that an earlier turn stored in it."""
    return [text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass") for text in texts]


def timed(work: Callable[[], object]):
    """What the work returns, and its seconds."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def per_post(times: list[float], posts: list[str]) -> float:
    return median(times) / len(posts) * 1e6


def slope(points: list[tuple[float, float]]) -> float:
    """Of the least-squares line."""
    x = sum(p[0] for p in points) / len(points)
    y = sum(p[1] for p in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


if __name__ == "__main__":
    sys.exit(main())
