"""The object that the bench prints."""

from __future__ import annotations

from itertools import takewhile

import pytest

from bench.loading import Load
from bench.reporting import limit_per_s, report

FOUND = {
    "single_posts_per_s": 1_000.0,
    "batch_signals_per_s": 2_000.0,
    "audited_vs_unaudited": 0.7,
    "single_posts_per_s_beside_worker": 900.0,
    "post_p50_ms": 5.0,
    "post_p99_ms": 12.0,
    "noop_p50_ms": 2.0,
    "noop_p99_ms": 4.0,
    "post_to_notice_p50_s": 0.2,
    "post_to_notice_p99_s": 0.4,
    "match_us_per_signal": {"1e4": 100.0, "1e5": 110.0, "1e6": 120.0},
    "crypto_us": {"unseal": 50.0, "sign": 50.0},
    "insert_us": 150.0,
    "hub_mb": 150.0,
    "worker_mb": 90.0,
    "generator_share": 0.05,
    "generator_us_per_post": 30.0,
}

HELD = {
    "holder_single_per_s": 1_200.0,
    "holder_batch_per_s": 8_000.0,
    "holder_batch_vs_limit": 0.8,
    "raw_evaluations_with_proof_per_s": 10_000.0,
    "raw_multiplications_per_s": 20_000.0,
    "holder_mb": 150.0,
}


def test_the_limit_is_cryptography_and_rows_one_after_the_other() -> None:
    assert limit_per_s(FOUND) == pytest.approx(4_000)


def test_ratios_come_first() -> None:
    found = report({"postgresql": FOUND}, {"postgresql": HELD}, {}, {})
    first = list(takewhile(lambda name: "_per_s" not in name, found))
    assert first == [
        "single_vs_limit",
        "batch_vs_limit",
        "post_p99_vs_noop",
        "holder_batch_vs_limit",
        "match_cost_1e6_vs_1e4",
        "audited_vs_unaudited",
    ]
    assert found["single_vs_limit"] == {"postgresql": 0.25}
    assert found["holder_batch_vs_limit"] == {"postgresql": 0.8}
    assert found["post_p99_vs_noop"] == {"postgresql": 3.0}
    assert found["match_cost_1e6_vs_1e4"] == {"postgresql": 1.2}


def test_every_figure_that_was_asked_for_is_there() -> None:
    asked = {
        *(
            "single_posts_per_s",
            "single_vs_limit",
            "batch_signals_per_s",
            "batch_vs_limit",
            "post_p99_vs_noop",
        ),
        *("holder_single_per_s", "holder_batch_vs_limit", "match_cost_1e6_vs_1e4"),
        *("post_to_notice_p99_s", "client_persons_per_s", "memory_mb", "linkage"),
    }
    found = report({"postgresql": FOUND}, {"postgresql": HELD}, {}, {})
    assert asked <= found.keys()


def test_a_percentile_is_one_of_the_latencies() -> None:
    load = Load(seconds=1.0, latencies=[float(number) for number in range(100)])
    assert load.percentile(0.5) == 50
    assert load.percentile(0.99) == 99
    assert load.rate == 100
