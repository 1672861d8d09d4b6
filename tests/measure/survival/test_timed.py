"""Kaplan–Meier, Nelson–Aalen, log-rank, Cox, Aalen–Johansen: R's results, every row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marsad.measure.refusal import Refused
from marsad.measure.survival import aalen_johansen, cox, kaplan_meier, log_rank
from marsad.measure.survival.cox import Ties
from marsad.measure.survival.product_limit import Form
from tests.measure.survival.oracles import agree, column, output, rows

DIGITS = 1e-12
COLUMNS = {
    "days": "time", "at_risk": "n_risk", "ended": "n_event", "censored": "n_censor",
    "survival": "surv", "error": "std_err", "low": "lower", "high": "upper",
    "cumulative_hazard": "cumhaz", "hazard_error": "std_chaz",
}  # fmt: skip
HEART = ("survival_heart.csv", "start", "stop", "event")
MGUS = ("survival_mgus2_lefttrunc.csv", "entry", "exit", "death")
LEFT_TRUNCATED = [
    ("heart_all", HEART, None, 0, "log"),
    ("heart_by_transplant", HEART, "transplant", 0, "log"),
    ("mgus2_all", MGUS, None, 0, "log"),
    ("mgus2_all_conditional_from_600", MGUS, None, 600, "log"),
    ("mgus2_sex_conditional_from_600", MGUS, "sex", 600, "log"),
    ("heart_plain_conf", HEART, None, 0, "plain"),
    ("heart_loglog_conf", HEART, None, 0, "log-log"),
]


def _parts(known: dict[str, Any]) -> dict[str, slice]:
    """Where each group's rows are in the columns of a result; "" for all."""
    if not known.get("strata"):
        return {"": slice(None)}
    ends = np.cumsum(list(known["strata"].values())).tolist()
    names = [name.partition("=")[2] for name in known["strata"]]
    return {n: slice(a, b) for n, a, b in zip(names, [0, *ends[:-1]], ends, strict=True)}


@pytest.mark.parametrize(("name", "source", "by", "start", "form"), LEFT_TRUNCATED)
def test_left_truncated(
    shared_data: Path,
    name: str,
    source: tuple[str, str, str, str],
    by: str | None,
    start: float,
    form: Form,
) -> None:
    known = output(shared_data, "survival_lefttrunc.json")[name]
    file, since, until, ended = source
    for group, part in _parts(known).items():
        table = rows(shared_data, file, lambda row, g=group: not by or row[by] == g)  # type: ignore[misc]
        found = kaplan_meier(
            column(table, until), [row[ended] == "1" for row in table], column(table, since),
            start=start, form=form,
        )  # fmt: skip
        for mine, theirs in COLUMNS.items():
            agree(getattr(found, mine), known[theirs][part], DIGITS)


def test_all_left_truncated_results_are_compared(shared_data: Path) -> None:
    assert set(output(shared_data, "survival_lefttrunc.json")) == {row[0] for row in LEFT_TRUNCATED}


@pytest.mark.parametrize(("form", "name"), [("log", "log"), ("log-log", "loglog"), ("plain",) * 2])
def test_right_censored(shared_data: Path, form: Form, name: str) -> None:
    known = output(shared_data, "survival_aml.json")[name]
    for group, part in _parts(known).items():
        table = rows(shared_data, "survival_aml.csv", lambda row, g=group: row["x"] == g)  # type: ignore[misc]
        found = kaplan_meier(column(table, "time"), [r["status"] == "1" for r in table], form=form)
        for mine, theirs in COLUMNS.items():
            agree(getattr(found, mine), known[theirs][part], DIGITS)


def test_log_rank(shared_data: Path) -> None:
    known = output(shared_data, "survival_aml.json")["survdiff"]
    table = rows(shared_data, "survival_aml.csv")
    found = log_rank(
        column(table, "time"), [r["status"] == "1" for r in table], [r["x"] for r in table]
    )
    assert found.chi_square == pytest.approx(known["chisq"], rel=DIGITS)
    agree(found.observed, known["observed"], DIGITS)
    agree(found.expected, known["expected"], DIGITS)
    agree(found.covariance.ravel(), np.ravel(known["var"]).tolist(), DIGITS)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox(shared_data: Path, ties: Ties) -> None:
    known = output(shared_data, "survival_aml.json")["coxph"][ties]
    table = rows(shared_data, "survival_aml.csv")
    found = cox(
        column(table, "time"), [r["status"] == "1" for r in table],
        [float(r["x"] == "Nonmaintained") for r in table], ["not-maintained"], ties=ties,
    )  # fmt: skip
    agree(found.coefficients, [known["coef"]], 1e-9)
    agree([found.covariance[0, 0] ** 0.5], [known["se"]], 1e-9)
    agree([found.null_log_likelihood, found.log_likelihood], known["loglik"], DIGITS)
    (ratio,) = found.estimates
    assert ratio.value == pytest.approx(np.exp(known["coef"]))
    assert ratio.high / ratio.value == pytest.approx(np.exp(1.959964 * known["se"]), rel=1e-6)


def test_cox_takes_late_entry_as_splitting_does() -> None:
    """An account split in two rows, the second entering late, says what the whole row says."""
    rng = np.random.default_rng(4)
    x, life = rng.normal(size=80), rng.exponential(10, 80).round(1) + 0.1
    whole = cox(life, np.ones(80), x, ["x"])
    first = np.minimum(life, 5)
    later = life > 5
    split = cox(
        [*first, *life[later]], [*(~later), *np.ones(later.sum())], [*x, *x[later]], ["x"],
        [*np.zeros(80), *np.full(later.sum(), 5.0)],
    )  # fmt: skip
    assert split.coefficients == pytest.approx(whole.coefficients)
    assert split.covariance == pytest.approx(whole.covariance)


def test_cox_without_a_maximum_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], ["x"])
    assert refused.value.missing == ("ends",)


def _states(table: list[dict[str, str]]) -> Any:
    reason = [None if row["event"] == "censor" else row["event"] for row in table]
    return aalen_johansen(column(table, "etime"), reason, reasons=["pcm", "death"])


@pytest.mark.parametrize(("name", "by"), [("all", None), ("by_sex", "sex")])
def test_competing_reasons(shared_data: Path, name: str, by: str | None) -> None:
    every = output(shared_data, "survival_competing_mgus2.json")
    known, at = every[name], every[f"at_times_{name}"]
    sexes = at["strata"] or [None] * len(at["pstate"])
    days = at["times"] * (len(sexes) // len(at["times"]))
    for group, part in _parts(known).items():
        table = rows(
            shared_data, "survival_mgus2_competing.csv",
            lambda row, g=group: not by or row[by] == g,  # type: ignore[misc]
        )  # fmt: skip
        found = _states(table)
        agree(found.days, known["time"][part], DIGITS)
        agree(found.at_risk, known["n_risk_initial"][part], DIGITS)
        for place, state in enumerate(known["states"]):
            for mine, theirs in (
                ("fraction", "pstate"), ("error", "std_err"), ("low", "lower"), ("high", "upper"),
            ):  # fmt: skip
                agree(getattr(found, mine)[:, place], known[theirs][state][part], DIGITS)
            for row, (day, sex) in enumerate(zip(days, sexes, strict=True)):
                if sex in (None, f"sex={group}"):
                    on = int(np.searchsorted(found.days, day, side="right")) - 1
                    agree([found.fraction[on, place]], [at["pstate"][row][state]], DIGITS)
                    agree([found.error[on, place]], [at["std_err"][row][state]], DIGITS)


def test_all_competing_results_are_compared(shared_data: Path) -> None:
    known = output(shared_data, "survival_competing_mgus2.json")
    assert set(known) == {"all", "by_sex", "at_times_all", "at_times_by_sex"}
