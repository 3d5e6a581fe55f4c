"""Put the figures into one object: ratios first, each figure per database where it is of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Figures = Mapping[str, Any]
TARGETS = {
    "single_posts_per_s": ">= 1000 on PostgreSQL at 32 connections",
    "batch_signals_per_s": ">= 3000 on PostgreSQL",
    "post_p99_vs_noop": "<= 4 at 8 connections",
    "audited_vs_unaudited": ">= 0.60 on PostgreSQL at 16 connections",
    "holder_single_per_s": ">= 1000 on PostgreSQL at 32 connections",
    "holder_batch_vs_limit": ">= 0.70",
    "match_cost_1e6_vs_1e4": "<= 1.5",
    "post_to_notice_p99_s": "< 2",
    "memory_mb": "hub < 300, worker < 300",
    "pages": "slowest_page_vs_limit and largest_page_vs_limit <= 1: p95 50 ms, 100 kB, 100,000 notices",
}
NOTES = {
    "limit": "1 / (unseal, 8 element checks, 8 index values, seal and sign, plus the rows, durable, in"
    " batches of 1,000 by COPY or executemany): one after the other, on one core",
    "noop": "GET /api/v1/signals?pageSize=0 with token and proof: authenticated, refused before any work",
    "holder_limit": "the multiplications and additions of libsodium that RFC 9497 asks for, 32 a proof",
    "client": "normalise, blind, evaluate at a real holder here, verify, unblind and seal; nothing is posted",
    "memory": "proportional set size of a service with its child processes, after the load",
}


def report(
    hubs: Mapping[str, Figures], holders: Mapping[str, Figures], parts: Figures, machine: Figures
) -> dict[str, Any]:
    """Return the object that is printed."""

    def each(figure: Callable[[Figures], float]) -> dict[str, float | None]:
        return {name: _round(figure(found)) for name, found in hubs.items()}

    def named(name: str) -> dict[str, float | None]:
        return each(lambda found: found[name])

    def held(name: str) -> dict[str, float | None]:
        return {database: _round(found[name]) for database, found in holders.items()}

    return {
        "single_vs_limit": each(lambda found: found["single_posts_per_s"] / limit_per_s(found)),
        "batch_vs_limit": each(lambda found: found["batch_signals_per_s"] / limit_per_s(found)),
        "post_p99_vs_noop": each(lambda found: found["post_p99_ms"] / found["noop_p99_ms"]),
        "holder_batch_vs_limit": held("holder_batch_vs_limit"),
        "match_cost_1e6_vs_1e4": each(match_growth),
        "audited_vs_unaudited": named("audited_vs_unaudited"),
        "single_posts_per_s": named("single_posts_per_s"),
        "batch_signals_per_s": named("batch_signals_per_s"),
        "single_posts_per_s_beside_worker": named("single_posts_per_s_beside_worker"),
        "post_p50_ms": named("post_p50_ms"),
        "post_p99_ms": named("post_p99_ms"),
        "noop_p99_ms": named("noop_p99_ms"),
        "post_to_notice_p50_s": named("post_to_notice_p50_s"),
        "post_to_notice_p99_s": named("post_to_notice_p99_s"),
        "match_us_per_signal": {name: found["match_us_per_signal"] for name, found in hubs.items()},
        "holder_single_per_s": held("holder_single_per_s"),
        "holder_batch_per_s": held("holder_batch_per_s"),
        "client_persons_per_s": _round(parts.get("client_persons_per_s")),
        "memory_mb": {
            **{
                f"{part}_{name}": found[f"{part}_mb"]
                for name, found in hubs.items()
                for part in ("hub", "worker")
            },
            **{f"holder_{name}": found["holder_mb"] for name, found in holders.items()},
        },
        "pages": parts.get("pages"),
        "linkage": parts.get("linkage"),
        "limit_per_s": each(limit_per_s),
        "limit_parts_us": {
            name: {**_rounded(found["crypto_us"]), "insert": _round(found["insert_us"])}
            for name, found in hubs.items()
        },
        "raw_per_s": {
            name: held(name) for name in ("raw_evaluations_with_proof_per_s", "raw_multiplications_per_s")
        },
        "load_generator": {
            name: _rounded({key: found[key] for key in ("generator_share", "generator_us_per_post")})
            for name, found in hubs.items()
        },
        "machine": machine,
        "targets": TARGETS,
        "notes": NOTES,
    }


def limit_per_s(found: Figures) -> float:
    """Return the signals a second that cryptography and durable rows alone would allow."""
    return float(1e6 / (sum(found["crypto_us"].values()) + found["insert_us"]))


def match_growth(found: Figures) -> float:
    """Return how much more a match costs beside a million stored signals than beside ten thousand."""
    cost = found["match_us_per_signal"]
    return float(cost["1e6"] / cost["1e4"])


def _rounded(values: Figures) -> dict[str, float | None]:
    return {name: _round(value) for name, value in values.items()}


def _round(value: float | None) -> float | None:
    """Keep three figures that mean something; whole numbers above a hundred."""
    if value is None or abs(value) >= 100:
        return value and float(round(value))
    return round(value, 2 if abs(value) >= 1 else 3)
