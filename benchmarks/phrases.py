"""Phrases in posts

100,000 phrases against posts in English, Russian and Arabic. First the stages of the whole job:
normalising, matching on whole words, finding the spans in the original text of those that match.
Then the matcher alone beside pyahocorasick, in turns, on the same normalised texts: as they come,
and with the same whole-word rule applied to what pyahocorasick finds. Last, how the time grows with
the number of posts; an exponent of 1 means that each post costs the same.

Everything runs in one thread, and seconds are those of the processor: what else the machine does is
left out, save for what it takes of the caches.

`python -m benchmarks.phrases [--rows N] [--phrases N] [--shortest N]` runs it alone, with at most N
posts. They come from the shared data (`$MARSAD_DATA`, else `../shared/data`), else they are
generated. With `--shortest 1` phrases hold short words too, and many more stand in posts by chance.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from marsad.find.phrases.automaton import Match, Phrase, PhraseAutomaton
from marsad.find.phrases.spans import original_spans
from marsad.records.normalise import normalise, normalise_all

SEED = 1
BATCH = 10_000
SAMPLE = 50_000
TURNS = 9
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("MARSAD_DATA") or ROOT.parent / "shared" / "data")


def main() -> None:
    options = argparse.ArgumentParser(description="Phrases in posts, stage by stage.")
    options.add_argument("--rows", type=int, default=1_000_000, help="most posts (%(default)s)")
    options.add_argument("--phrases", type=int, default=100_000, help="phrases (%(default)s)")
    options.add_argument(
        "--shortest",
        type=int,
        default=4,
        help="letters of a phrase's shortest word (%(default)s); with 1, many more hit by chance",
    )
    given = options.parse_args()
    generator = random.Random(SEED)
    posts = real_posts()
    origin = "a third each English, other languages (most of it Russian) and Arabic"
    if not posts:
        posts, origin = generated_posts(generator), f"generated, as {DATA.name}/ is missing"
    generator.shuffle(posts)
    phrases = draw_phrases(posts, given.phrases, given.shortest, generator)
    print(f"Posts: {origin}. Phrases: {len(phrases):,}.\n")
    automaton = build(phrases)
    sample = list(islice(cycle(posts), min(given.rows, SAMPLE)))
    stages(automaton, sample)
    beside_a_peer(automaton, phrases, sample)
    growth(automaton, posts, given.rows)


def real_posts() -> list[str]:
    """Posts of the shared data, as many English as other and Arabic ones; none if it is missing."""
    trolls = DATA / "networks" / "trolls_2015_2016.parquet"
    arabic = DATA / "text" / "arsarcasm_ar.csv"
    if not (trolls.is_file() and arabic.is_file()):
        return []
    import pyarrow.parquet as pq

    table = pq.read_table(trolls, columns=["text", "language"]).to_pydict()
    rows = [row for row in zip(table["text"], table["language"], strict=True) if row[0]]
    english = [text for text, language in rows if language == "English"]
    others = [text for text, language in rows if language != "English"]
    with arabic.open(encoding="utf-8", newline="") as file:
        third = [row["tweet"] for row in csv.DictReader(file)]
    count = min(len(english), len(others))
    return english[:count] + others[:count] + list(islice(cycle(third), count))


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


def draw_phrases(
    posts: list[str], count: int, shortest: int, generator: random.Random
) -> list[Phrase]:
    """Distinct phrases of two to four words. One in a hundred is taken from a post as it stands
    there; the others put words together, each as often as posts have it."""
    sample = [text.split() for text in generator.sample(posts, min(len(posts), SAMPLE))]
    words = [word for split in sample for word in split if len(word) >= shortest and word.isalpha()]
    texts: dict[str, None] = {}
    while len(texts) < count:
        length = generator.randint(2, 4)
        drawn = generator.choices(words, k=length)
        if len(texts) % 100 == 0:
            split = generator.choice(sample)
            at = generator.randrange(max(1, len(split) - length))
            drawn = split[at : at + length]
        if len(drawn) > 1 and normalise(" ".join(drawn)):
            texts[" ".join(drawn)] = None
    return [Phrase(text) for text in texts]


def build(phrases: list[Phrase]) -> PhraseAutomaton:
    """The automaton, and how long it takes to make and to hand to another process."""
    automaton, making = timed(PhraseAutomaton, phrases)
    pickled, writing = timed(pickle.dumps, automaton)
    _, reading = timed(pickle.loads, pickled)
    print("| the automaton | seconds |\n| --- | ---: |")
    print(f"| made from {len(phrases):,} phrases, normalising them | {making:.2f} |")
    print(f"| pickled ({len(pickled) / 1e6:.0f} MB) and read again | {writing + reading:.2f} |\n")
    return automaton


def stages(automaton: PhraseAutomaton, posts: list[str]) -> None:
    """Posts a second of each stage and of all together."""
    turns = []
    for _ in range(TURNS):
        normalised, normalising = timed(normalise_all, fresh(posts))
        matches, matching = timed(automaton.match, normalised)
        _, mapping = timed(all_spans, posts, matches)
        turns.append((normalising, matching, mapping, normalising + matching + mapping))
    names = ("normalise", "match on whole words", "spans of those that match", "**all**")
    print("| stage | posts/s | µs a post |\n| --- | ---: | ---: |")
    for name, times in zip(names, zip(*turns, strict=True), strict=True):
        print(f"| {name} | {rate(posts, times)} | {median(times) / len(posts) * 1e6:.1f} |")
    matched = sum(map(bool, matches)) / len(posts)
    print(f"\n{len(posts):,} posts, {matched:.1%} of which match.\n")


def beside_a_peer(automaton: PhraseAutomaton, phrases: list[Phrase], posts: list[str]) -> None:
    """The matcher and pyahocorasick in turns."""
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
    contestants: dict[str, Callable[[list[str]], object]] = {
        "marsad, whole words": automaton.match,
        "pyahocorasick, anywhere": lambda texts: [list(peer.iter(text)) for text in texts],
        "pyahocorasick, whole words": lambda texts: [whole_words(peer, text) for text in texts],
    }
    normalised = normalise_all(posts)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(TURNS):
        for name, match in contestants.items():
            seconds[name].append(timed(match, fresh(normalised))[1])
    print("| the matcher alone | posts/s | its time in marsad's |\n| --- | ---: | ---: |")
    ours = median(seconds["marsad, whole words"])
    for name, times in seconds.items():
        print(f"| {name} | {rate(posts, times)} | {median(times) / ours:.2f} |")
    print()


def whole_words(peer: Any, text: str) -> list[tuple[int, int, int]]:
    """What pyahocorasick finds, without what begins or ends inside a word."""
    found = []
    for last, (number, length) in peer.iter(text):
        start, end = last + 1 - length, last + 1
        if start and in_word(text[start - 1]) and in_word(text[start]):
            continue
        if end < len(text) and in_word(text[end]) and in_word(text[last]):
            continue
        found.append((start, end, number))
    return found


def in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def growth(automaton: PhraseAutomaton, posts: list[str], most: int) -> None:
    """The whole job over ten times as many posts each time, in batches."""
    points = []
    print("| posts | seconds | posts/s |\n| ---: | ---: | ---: |")
    for size in [size for size in SIZES if size <= most] or [most]:
        took = sum(timed(screen, automaton, batch)[1] for batch in batches(posts, size))
        points.append((math.log(size), math.log(took)))
        print(f"| {size:,} | {took:.2f} | {size / took:,.0f} |")
    if len(points) > 1:
        print(f"\nGrowth exponent {slope(points):.2f}.")


def screen(automaton: PhraseAutomaton, posts: list[str]) -> list[list[tuple[int, int]]]:
    """The whole job for one batch."""
    return all_spans(posts, automaton.match(normalise_all(posts)))


def all_spans(posts: list[str], matches: list[Sequence[Match]]) -> list[list[tuple[int, int]]]:
    """The spans in the original text, of the posts that match."""
    return [
        original_spans(post, [(match.start, match.end) for match in found])
        for post, found in zip(posts, matches, strict=True)
        if found
    ]


def batches(posts: list[str], size: int) -> Iterator[list[str]]:
    """``size`` posts, from the start again when they run out."""
    rows = islice(cycle(posts), size)
    while batch := list(islice(rows, BATCH)):
        yield fresh(batch)


def fresh(texts: list[str]) -> list[str]:
    """Copies, so that no text carries the UTF-8 form that an earlier turn stored in it."""
    return [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]


def timed(work: Callable[..., Any], *given: object) -> tuple[Any, float]:
    """What the work returns, and the processor's seconds it took."""
    began = time.process_time()
    result = work(*given)
    return result, time.process_time() - began


def rate(posts: list[str], times: Sequence[float]) -> str:
    return f"{len(posts) / median(times):,.0f}"


def slope(points: list[tuple[float, float]]) -> float:
    """Of the least-squares line."""
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


if __name__ == "__main__":
    main()
